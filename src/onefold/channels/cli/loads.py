"""Commands that bring data in, and show what was not let in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from onefold.channels.cli.accounts import AcceptDeletions, end, print_accounts
from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House, Loaded
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.channels.cli.watching import watching
from onefold.usecases.list_quarantine import Standing, Wanted, list_quarantine
from onefold.usecases.model import HeldRow, QuarantinePage
from onefold.usecases.show_held_row import show_held_row


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
        end(console, loaded.objects)

    @app.command("quarantine")
    def quarantine(
        source: Annotated[str, typer.Option(help="Only rows of this source.")] = "",
        reason: Annotated[str, typer.Option(help="Only rows held for this reason.")] = "",
        row: Annotated[
            str, typer.Option("--row", help="Show this row, by its id, as far as the login may see it.")
        ] = "",
        most: Annotated[int, typer.Option(help="How many rows to list.", min=1, max=500)] = 50,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists the rows that were not let in, and why; what one says only with --row, to a steward."""
        with house.working(data) as rooms:
            if row:
                shown = permit(rooms, login, "show_held_row", "stewardship")
                print_held_row(console, show_held_row(shown, rooms, row))
                return
            allowed = permit(rooms, login, "list_quarantine", "stewardship")
            wanted = Wanted(source=source, reason=reason, standing=Standing.OPEN)
            print_quarantine(console, list_quarantine(allowed, rooms, wanted, limit=most))


def print_loaded(console: Console, loaded: Loaded) -> None:
    """A line for each object, whose numbers add up, and the rate."""
    print_accounts(console, loaded.objects)
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


def print_quarantine(console: Console, page: QuarantinePage) -> None:
    """How many rows for which reason, then the newest of them; a row counts once however often it came."""
    kinds: Counter[tuple[str, str, str]] = Counter()
    for group in page.groups:
        kinds[group.source, group.object, group.reason] += group.open
    if not kinds:
        console.print("Nothing is in quarantine.")
        return
    counts = Table("source", "object", "reason", box=None, header_style="bold")
    counts.add_column("rows", justify="right")
    for (source, name, reason), rows in sorted(kinds.items()):
        counts.add_row(source, name, reason, f"{rows:,}")
    console.print(counts)
    for it in {group.reason: group for group in page.groups}.values():
        console.print(f"{it.reason}: {it.message} {it.advice}", style="dim")
    table = Table("id", "held at", "source", "object", "place", "field", "why", box=None, header_style="bold")
    for row in page.items:
        table.add_row(row.id, row.at, row.source, row.object, row.place, row.field, row.message)
    console.print(table)
    shown, there = len(page.items), kinds.total()
    if there > shown:
        console.print(f"The newest {shown:,} of {there:,}; --most lists more, --source and --reason fewer.")


def print_held_row(console: Console, held: HeldRow) -> None:
    """One row: why it is held, then its properties, the broken ones marked."""
    row = held.row
    where = ", ".join(part for part in (row.place, f"held at {row.at}", row.outcome or "open") if part)
    console.print(f"Row {row.id} of {row.source}/{row.object} {row.version}: {where}")
    console.print(f"{row.reason}: {row.message} {held.advice}")
    if held.withheld:
        console.print(held.withheld, style="yellow")
    if held.line:
        console.print(held.line, markup=False)
    table = Table("", "property", "type", "class", "value", box=None, header_style="bold")
    for it in held.values:
        value = it.value if it.shown in {"full", "masked"} else f"({it.shown})"
        table.add_row("!" if it.broken else "", it.path, it.type, it.field_class, Text(value))
    console.print(table)
