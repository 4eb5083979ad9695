"""Commands that prove: the logs against their checkpoints, the state against the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.house import House, Replayed, Verified
from onefold.channels.cli.options import DataOption
from onefold.channels.cli.watching import watching

EXIT_DAMAGED = 5


def add_proof_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`verify`, `replay`."""

    @app.command("verify")
    def verify(data: DataOption = Path(".onefold")) -> None:
        """Checks log, audit and quarantine against their signed checkpoints: any changed byte is found."""
        verified = house.verify(data)
        print_verified(console, verified)
        if not verified.sound:
            raise typer.Exit(EXIT_DAMAGED)

    @app.command("replay")
    def replay(
        into: Annotated[Path, typer.Option(help="An empty folder for the state that is built anew.")],
        adopt: Annotated[
            bool,
            typer.Option(help="Puts it in use, read by every correction of a contract; stop the server."),
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Builds all state from the log alone, and compares it with the one in use."""
        with watching(console) as watch:
            replayed = house.replay(data, into, watch, adopt=adopt)
        print_replayed(console, replayed)
        if not (replayed.same or replayed.adopted):
            raise typer.Exit(EXIT_DAMAGED)


def print_verified(console: Console, verified: Verified) -> None:
    """A line a log, then every finding."""
    table = Table("log", box=None, header_style="bold")
    for name in ("records", "sealed through", "not yet sealed"):
        table.add_column(name, justify="right")
    table.add_column("result")
    for it in verified.logs:
        result = f"{len(it.findings)} findings" if it.findings else "sound"
        table.add_row(it.name, f"{it.records:,}", f"{it.sealed_through:,}", f"{it.unsealed:,}", result)
    console.print(table)
    for it in verified.logs:
        for finding in it.findings:
            console.print(f"{it.name}: {finding}", style="bold red")


def print_replayed(console: Console, replayed: Replayed) -> None:
    """Both hashes, and whether they are one."""
    console.print(f"{replayed.frames:,} frames in {replayed.seconds:.1f} s, up to record {replayed.at:,}.")
    console.print(f"rebuilt  {replayed.rebuilt}")
    console.print(f"in use   {replayed.in_use}")
    for name in replayed.waiting:
        console.print(
            f"{name} {'is in force now' if replayed.adopted else 'waits for `onefold replay --adopt`'}."
        )
    if replayed.adopted:
        console.print("The rebuilt state is in use now.")
    elif replayed.same:
        console.print("They are the same.")
    else:
        console.print("They differ: the state in use is not what the log says.", style="bold red")
