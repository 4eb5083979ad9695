"""Commands that bring data in, and show what was not let in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House, Loaded
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.channels.cli.watching import watching
from onefold.usecases.list_quarantine import list_quarantine
from onefold.usecases.model import Accounting, QuarantinePage

_COUNTS = ("offered", "accepted", "duplicate", "unchanged", "quarantined", "refused")


def add_load_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`load`, `quarantine`."""

    @app.command("load")
    def load(
        source: Annotated[str, typer.Argument(help="The source the files are of.")],
        paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files the contract names.")],
        as_of: Annotated[
            str, typer.Option(help="What day or instant the files speak of; without it, now.")
        ] = "",
        backfill: Annotated[bool, typer.Option("--backfill", help="They add history; may be old.")] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Loads files of a source. Loading a file again changes nothing."""
        with watching(console) as watch:
            loaded = house.load(data, source, paths, as_of=as_of, backfill=backfill, watch=watch)
        print_loaded(console, loaded)

    @app.command("quarantine")
    def quarantine(
        source: Annotated[str, typer.Option(help="Only rows of this source.")] = "",
        reason: Annotated[str, typer.Option(help="Only rows held for this reason.")] = "",
        most: Annotated[int, typer.Option(help="How many rows to list.", min=1, max=500)] = 50,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists the rows that were not let in, and why; never what they say."""
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "list_quarantine", "stewardship")
            print_quarantine(
                console, list_quarantine(allowed, rooms, source=source, reason=reason, limit=most)
            )


def print_loaded(console: Console, loaded: Loaded) -> None:
    """A line for each object, whose numbers add up, and the rate."""
    table = Table("object", "files", box=None, header_style="bold")
    for name in _COUNTS:
        table.add_column(name, justify="right")
    for it in loaded.objects:
        table.add_row(it.name, ", ".join(it.files), *_numbers(it.counts))
    console.print(table)
    for it in loaded.objects:
        for reason, rows in it.reasons.items():
            console.print(f"{it.name}: {rows} × {reason}", style="yellow")
    if loaded.skipped:
        names = ", ".join(path.name for path in loaded.skipped)
        console.print(f"Not in the contract, not read: {names}", style="dim")
    offered = sum(it.counts.offered for it in loaded.objects)
    rate = offered / loaded.seconds if loaded.seconds else 0
    console.print(
        f"{offered:,} rows in {loaded.seconds:.1f} s ({rate:,.0f}/s); {loaded.events:,} new in profiles."
    )


def _numbers(counts: Accounting) -> list[str]:
    return [f"{getattr(counts, name):,}" for name in _COUNTS]


def print_quarantine(console: Console, page: QuarantinePage) -> None:
    """How many for which reason, then the newest rows."""
    if not page.counts:
        console.print("Nothing is in quarantine.")
        return
    counts = Table("source", "object", "reason", box=None, header_style="bold")
    counts.add_column("rows", justify="right")
    for it in page.counts:
        counts.add_row(it.source, it.object, it.reason, f"{it.rows:,}")
    console.print(counts)
    rows = Table("id", "held at", "source", "object", "place", "field", "why", box=None, header_style="bold")
    for row in page.items:
        rows.add_row(row.id, row.at, row.source, row.object, row.place, row.field, row.message)
    console.print(rows)
