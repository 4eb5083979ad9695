"""Commands that prove: the logs against their checkpoints, the state against the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.house import House, PackageRead, ProofRead, Replayed, Verified
from onefold.channels.cli.options import DataOption
from onefold.channels.cli.watching import watching

EXIT_DAMAGED = 5


def add_proof_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`verify`, `replay`."""

    @app.command("verify")
    def verify(
        proof: Annotated[
            Path | None, typer.Option(help="A proof of one record, or that the audit only grew; no folder.")
        ] = None,
        package: Annotated[
            Path | None, typer.Option(help="An evidence package of `onefold audit export`; no folder.")
        ] = None,
        public_key: Annotated[
            Path | None, typer.Option(help="The key that must have signed, got another way than the proof.")
        ] = None,
        state: Annotated[
            bool,
            typer.Option(
                "--state", help="Compares the state, too, with one built anew; as long as a replay."
            ),
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Checks log, audit and quarantine against their signed checkpoints: any changed byte is found."""
        if package is not None:
            found = house.verify_package(package, public_key)
            print_package(console, found, pinned=public_key is not None)
            if found.faults:
                raise typer.Exit(EXIT_DAMAGED)
            return
        if proof is not None:
            read = house.verify_proof(proof, public_key)
            print_proof(console, read, pinned=public_key is not None)
            if read.faults:
                raise typer.Exit(EXIT_DAMAGED)
            return
        verified = house.verify(data)
        print_verified(console, verified)
        sound = verified.sound
        if state and sound:
            with watching(console) as watch:
                replayed = house.verify_state(data, watch)
            print_replayed(console, replayed)
            sound = replayed.same
        if not sound:
            raise typer.Exit(EXIT_DAMAGED)

    @app.command("replay")
    def replay(
        into: Annotated[Path, typer.Option(help="An empty folder for the state that is built anew.")],
        adopt: Annotated[
            bool,
            typer.Option(help="Puts it in use, read by every correction of a contract."),
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Builds all state from the log alone, and compares it with the one in use."""
        with watching(console) as watch:
            replayed = house.replay(data, into, watch, adopt=adopt)
        print_replayed(console, replayed)
        if not (replayed.same or replayed.adopted or replayed.handed_over):
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


def print_proof(console: Console, read: ProofRead, *, pinned: bool) -> None:
    """What is proved, and by whose key."""
    for it in read.faults:
        console.print(f"does not hold: {it}", style="bold red")
    if read.faults:
        return
    if read.record:
        console.print(f"proved: record {read.record} is part of {read.what}", soft_wrap=True)
        console.print(read.payload or "What it says was erased, or is no text.", soft_wrap=True)
    else:
        console.print(f"proved: {read.what}; between them it only grew", soft_wrap=True)
    console.print(f"signed by {', '.join(read.keys)}" + _warning(pinned=pinned))


def _warning(*, pinned: bool) -> str:
    return "" if pinned else ": compare it with the firm's, got another way"


def print_package(console: Console, found: PackageRead, *, pinned: bool) -> None:
    """What is proved, and by whose key."""
    for it in found.faults:
        console.print(f"does not hold: {it}", style="bold red")
    if not found.faults:
        console.print(f"proved: {found.records:,} records of the audit of {found.cell}")
        key = ", ".join(found.keys) or "nobody: it holds no record"
        console.print(f"signed by {key}" + _warning(pinned=pinned))


def print_replayed(console: Console, replayed: Replayed) -> None:
    """Both hashes, and whether they are one."""
    console.print(f"{replayed.frames:,} frames in {replayed.seconds:.1f} s, up to record {replayed.at:,}.")
    console.print(f"rebuilt  {replayed.rebuilt}")
    console.print(f"in use   {replayed.in_use}")
    waits = "waits for the server" if replayed.handed_over else "waits for `onefold replay --adopt`"
    for name in replayed.waiting:
        console.print(f"{name} {'is in force now' if replayed.adopted else waits}.")
    if replayed.adopted:
        console.print("The rebuilt state is in use now.")
    elif replayed.handed_over:
        console.print(
            "The rebuilt state lies ready, and whoever has the folder open has not gone over to it yet."
            " A server does so by itself; a load when it is over. Else: stop what runs and start the server.",
            style="yellow",
        )
    elif replayed.same:
        console.print("They are the same.")
    else:
        console.print("They differ: the state in use is not what the log says.", style="bold red")
