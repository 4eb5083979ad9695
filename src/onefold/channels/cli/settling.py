"""Commands that end the quarantine of rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.kernel.errors import CallerError
from onefold.usecases.settle_quarantine import Because, Chosen, discard_quarantine, resubmit_quarantine

_Source = Annotated[str, typer.Argument(help="The source whose open rows are meant.")]
_Object = Annotated[str, typer.Option("--object", help="Only rows of this object.")]
_Reason = Annotated[str, typer.Option(help="Only rows held for this reason.")]
_Row = Annotated[list[str] | None, typer.Option("--row", help="Only this row, by its id; may be repeated.")]


def add_settling_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`resubmit`, `discard`."""

    @app.command("resubmit")
    def resubmit(
        source: _Source,
        object_name: _Object = "",
        reason: _Reason = "",
        row: _Row = None,
        corrections: Annotated[
            list[str] | None,
            typer.Option("--set", help="property=value to put into each row first; may be repeated."),
        ] = None,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Hands rows in quarantine in again, mended or under a contract that now takes them."""
        mended = dict(_correction(it) for it in corrections or ())
        chosen = Chosen(tuple(row or ()), source, object_name, reason=reason)
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "resubmit_quarantine", "stewardship")
            taken, still = 0, Counter[tuple[str, str]]()
            following: str | None = ""
            while following is not None:
                part = replace(chosen, below=following)
                done = resubmit_quarantine(allowed, rooms, part, mended)
                taken += done.taken
                still.update({(it.reason, it.field): it.rows for it in done.still_held})
                following = done.next
        console.print(f"{_rows(taken)} let in, {still.total():,} still held.")
        for (reason, field), rows in sorted(still.items()):
            console.print(f"  {rows:,} × {reason}{f' ({field})' if field else ''}")

    @app.command("discard")
    def discard(
        source: _Source,
        because: Annotated[Because, typer.Option(help="Why the rows are given up.")],
        object_name: _Object = "",
        reason: _Reason = "",
        row: _Row = None,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Gives rows in quarantine up, with a reason; the record of them stays. Needs a steward's login."""
        chosen = Chosen(tuple(row or ()), source, object_name, reason=reason)
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "discard_quarantine", "stewardship")
            given_up = 0
            following: str | None = ""
            while following is not None:
                done = discard_quarantine(allowed, rooms, replace(chosen, below=following), because)
                given_up += done.rows
                following = done.next
        console.print(f"{_rows(given_up)} given up.")


def _rows(count: int) -> str:
    return f"{count:,} {'row was' if count == 1 else 'rows were'}"


def _correction(text: str) -> tuple[str, object]:
    """`property=value`: a value that is JSON is taken as such, any other as text."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise CallerError("A correction is property=value.", hint="For example --set currency=EUR.")
    try:
        return name, msgspec.json.decode(value)
    except msgspec.DecodeError:
        return name, value
