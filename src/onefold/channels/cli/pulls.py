"""The commands that fetch what sources have: from their databases, and from topics of a broker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.accounts import AcceptDeletions, end, print_accounts
from onefold.channels.cli.house import House, Pulled, TopicsRead
from onefold.channels.cli.options import DataOption
from onefold.channels.cli.watching import watching


def add_pull_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`pull`, `consume`."""

    @app.command("pull")
    def pull(
        source: Annotated[str, typer.Argument(help="The source whose database is asked.")],
        objects: Annotated[
            list[str] | None, typer.Argument(help="Its objects; without any, all that have a query.")
        ] = None,
        since: Annotated[
            str, typer.Option("--from", help="Ask again for a period: a day, an instant or a number.")
        ] = "",
        until: Annotated[str, typer.Option("--to", help="Where the period ends; it is not in it.")] = "",
        accept_deletions: AcceptDeletions = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Asks a source's database for what is new since the last time, or for a period again."""
        with watching(console) as watch:
            pulled = house.pull(
                data,
                source,
                objects or [],
                since=since,
                until=until,
                watch=watch,
                accept_deletions=accept_deletions,
            )
        print_pulled(console, pulled)
        end(console, pulled.objects)

    @app.command("consume")
    def consume(
        source: Annotated[str, typer.Argument(help="The source whose topics are read.")],
        until_end: Annotated[
            bool, typer.Option("--until-end", help="Stop where the topics end now, not at Ctrl-C.")
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Reads the topics of a source, as the folder's settings name them; a server does so by itself."""
        with watching(console) as watch:
            read = house.consume(data, source, until_end=until_end, watch=watch)
        print_read(console, read)


def print_read(console: Console, read: TopicsRead) -> None:
    """The account of the rows, what held none, and the rate."""
    print_accounts(console, [read.rows])
    for kind, count in sorted(read.ignored.items()):
        console.print(f"{count:,} × {kind}, which holds no row")
    rate = read.messages / read.seconds if read.seconds else 0
    console.print(f"{read.messages:,} messages in {read.seconds:.1f} s ({rate:,.0f}/s).")


def print_pulled(console: Console, pulled: Pulled) -> None:
    """A line for each object, whose numbers add up, and the rate."""
    print_accounts(console, pulled.objects)
    offered = sum(it.counts.offered for it in pulled.objects)
    accepted = sum(it.counts.accepted for it in pulled.objects)
    rate = offered / pulled.seconds if pulled.seconds else 0
    console.print(
        f"{offered:,} rows in {pulled.seconds:.1f} s ({rate:,.0f}/s); {accepted:,} new in profiles."
    )
