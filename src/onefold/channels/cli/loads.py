"""Commands that bring data in, and show what was not let in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.accounts import AcceptDeletions, end, print_accounts
from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House, Loaded
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.channels.cli.watching import watching
from onefold.gate.model import Permit
from onefold.usecases.list_quarantine import list_quarantine
from onefold.usecases.model import QuarantinedRow
from onefold.usecases.rooms import Rooms

_PAGE = 500


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
        accept_deletions: AcceptDeletions = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Loads files of a source. Loading a file again changes nothing."""
        with watching(console) as watch:
            loaded = house.load(
                data,
                source,
                paths,
                as_of=as_of,
                backfill=backfill,
                watch=watch,
                accept_deletions=accept_deletions,
            )
        print_loaded(console, loaded)
        end(loaded.objects)

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
            print_quarantine(console, _held(allowed, rooms, source, reason), most)


def _held(permit: Permit, rooms: Rooms, source: str, reason: str) -> Iterator[QuarantinedRow]:
    """Every row that is held and that nobody has settled, newest first."""
    cursor: str | None = ""
    while cursor is not None:
        page = list_quarantine(permit, rooms, source=source, reason=reason, cursor=cursor, limit=_PAGE)
        yield from (it for it in page.items if not it.outcome)
        cursor = page.next


def print_loaded(console: Console, loaded: Loaded) -> None:
    """A line for each object, whose numbers add up, and the rate."""
    print_accounts(console, loaded.objects)
    for it in loaded.objects:
        for rule in it.quality:
            if rule.verdict != "holds":
                said = f"{rule.rule}: {rule.value:g}, expected {rule.expected}: {rule.verdict}"
                console.print(f"{rule.file}: {said} ({rule.severity})", style="yellow")
    for note in loaded.notes:
        console.print(note, style="yellow")
    if loaded.skipped:
        names = ", ".join(path.name for path in loaded.skipped)
        console.print(f"Not in the contract, not read: {names}", style="dim")
    offered = sum(it.counts.offered for it in loaded.objects)
    rate = offered / loaded.seconds if loaded.seconds else 0
    console.print(
        f"{offered:,} rows in {loaded.seconds:.1f} s ({rate:,.0f}/s); {loaded.events:,} new in profiles,"
        f" {loaded.held:,} new in quarantine."
    )


def print_quarantine(console: Console, held: Iterable[QuarantinedRow], most: int) -> None:
    """How many rows for which reason, then the newest of them; a row counts once however often it came."""
    kinds: Counter[tuple[str, str, str]] = Counter()
    newest: list[QuarantinedRow] = []
    for row in held:
        kinds[row.source, row.object, row.reason] += 1
        if len(newest) < most:
            newest.append(row)
    if not kinds:
        console.print("Nothing is in quarantine.")
        return
    counts = Table("source", "object", "reason", box=None, header_style="bold")
    counts.add_column("rows", justify="right")
    for (source, name, reason), rows in sorted(kinds.items()):
        counts.add_row(source, name, reason, f"{rows:,}")
    console.print(counts)
    table = Table("id", "held at", "source", "object", "place", "field", "why", box=None, header_style="bold")
    for row in newest:
        table.add_row(row.id, row.at, row.source, row.object, row.place, row.field, row.message)
    console.print(table)
    if kinds.total() > most:
        console.print(
            f"The newest {most:,} of {kinds.total():,}; --most lists more, --source and --reason fewer."
        )
