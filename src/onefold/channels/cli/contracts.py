"""Commands for contracts: check them, tell versions apart, try them on a sample, publish and list them.

Exit code 0 where all is well and 1 where something is not, so that a build can ask them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, operator
from onefold.kernel.errors import CallerError
from onefold.usecases.diff_contract import Difference, diff_contracts
from onefold.usecases.lint_contract import lint_contracts
from onefold.usecases.list_contracts import list_contracts
from onefold.usecases.publish_contract import publish_contract, told
from onefold.usecases.try_contract import Tried

MODES = ("backward", "forward", "full", "none")
FileArgument = Annotated[Path, typer.Argument(help="The contract, an ODCS YAML file.")]


def add_contract_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`contract lint`, `diff`, `test`, `publish`, `list`."""
    contract = typer.Typer(no_args_is_help=True, help="Checks, compares, tries and publishes contracts.")
    _add_checks(contract, house, console)
    _add_publishing(contract, house, console)
    app.add_typer(contract, name="contract")


def _add_checks(contract: typer.Typer, house: House, console: Console) -> None:
    @contract.command("lint")
    def lint(files: Annotated[list[Path], typer.Argument(help="Contracts, or folders of them.")]) -> None:
        """Says every fault with its file, line and column."""
        linted = lint_contracts([it for path in files for it in contract_files(path)])
        for it in linted:
            for fault in it.faults:
                typer.echo(fault)
        faulty = sum(1 for it in linted if it.faults)
        if faulty:
            typer.echo(f"onefold: {faulty} of {len(linted)} contracts have faults", err=True)
            raise typer.Exit(1)
        for it in linted:
            console.print(f"{it.name}: {it.contract} is sound")

    @contract.command("diff")
    def diff(
        old: Annotated[Path, typer.Argument(help="The version in force.")],
        new: Annotated[Path, typer.Argument(help="The version that is to follow it.")],
        mode: Annotated[
            str, typer.Option(help=f"Judge as {', '.join(MODES)}; without it as the older one says.")
        ] = "",
    ) -> None:
        """Says what changed and whom it breaks; exit code 1 where it may not go live."""
        if mode and mode not in MODES:
            raise CallerError(f"There is no mode {mode}.", hint=f"It is one of {', '.join(MODES)}.")
        found = diff_contracts(contract_file(old), contract_file(new), house.segments(), mode)
        print_difference(found)
        if found.barred:
            typer.echo(f"onefold: {len(found.barred)} changes may not go live ({found.mode})", err=True)
            raise typer.Exit(1)

    @contract.command("test")
    def test(
        file: FileArgument,
        sample: Annotated[Path, typer.Argument(help="A file of the source, or calls as JSON Lines.")],
        name: Annotated[str, typer.Option("--object", help="The object the sample is of.")] = "",
    ) -> None:
        """Tries a contract on a sample; prints counts and no data. Exit code 1 if a row would be held."""
        tried = house.try_contract(contract_file(file), sample, name)
        print_tried(console, tried)
        if not tried.sound:
            raise typer.Exit(1)


def _add_publishing(contract: typer.Typer, house: House, console: Console) -> None:
    @contract.command("publish")
    def publish(
        file: FileArgument,
        status: Annotated[
            str, typer.Option(help="draft, active, deprecated or retired; without it as the file says.")
        ] = "",
        despite: Annotated[
            str, typer.Option(help="Why it goes live although it breaks somebody; the reason is kept.")
        ] = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Publishes a version, or gives it its next status; a change that breaks somebody is refused."""
        done = publish_contract(
            house.contract_shelf(data),
            house.segments(),
            contract_file(file),
            status=status,
            by=operator(),
            despite=despite,
        )
        print_difference(done.difference)
        step = f"is {done.status}" if done.was == done.status else f"is now {done.status}"
        console.print(f"{done.source} {done.version} {step}.")
        for note in done.notes:
            console.print(note, style="yellow")

    @contract.command("list")
    def listed(data: DataOption = Path(".onefold")) -> None:
        """Lists every published version and its status."""
        table = Table("source", "version", "status", "used", "owner", "compatibility", "digest", box=None)
        found = list_contracts(house.contract_shelf(data))
        for it in found:
            used = "yes" if it.used else ""
            table.add_row(it.source, it.version, it.status, used, it.owner, it.compatibility, it.digest[:12])
        console.print(table)
        for note in (said for it in found for said in it.withheld):
            console.print(note, style="yellow", soft_wrap=True)


def contract_file(path: Path) -> tuple[str, bytes]:
    """One contract, by its name and bytes."""
    try:
        return str(path), path.read_bytes()
    except FileNotFoundError:
        raise CallerError(f"There is no contract at {path}.") from None
    except IsADirectoryError:
        raise CallerError(f"{path} is a folder.", hint="Name one contract in it.") from None


def contract_files(path: Path) -> list[tuple[str, bytes]]:
    """The contract at a path, or every one of a folder."""
    if not path.is_dir():
        return [contract_file(path)]
    inside = sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
    if not inside:
        raise CallerError(f"There is no contract in {path}.", hint="Contracts are files named *.yaml.")
    return [contract_file(it) for it in inside]


def print_difference(found: Difference) -> None:
    """A line for each change: whether it may go live, what it is, whom it breaks."""
    for it in found.changes:
        typer.echo(f"{'no ' if it.barred else 'ok '} {told(it)}")


def print_tried(console: Console, tried: Tried) -> None:
    """How many rows would be let in, why others not, and what would be known of the rest."""
    console.print(f"{tried.contract}: {tried.accepted:,} of {tried.rows:,} rows would be let in.")
    if tried.held:
        held = Table("object", "reason", "field", "first line", "what is wrong", box=None)
        held.add_column("rows", justify="right")
        for it in tried.held:
            held.add_row(it.object, it.reason, it.field, str(it.line), it.about, f"{it.rows:,}")
        console.print(held)
    if tried.filled:
        filled = Table("field", box=None)
        filled.add_column("filled", justify="right")
        for one in tried.filled:
            filled.add_row(f"{one.entity}.{one.field}", f"{100 * one.filled / one.events:.0f} %")
        console.print(filled)
    for rule in tried.quality:
        verdict = {True: "holds", False: "does not hold", None: "was not measured"}[rule.holds]
        console.print(f"{rule.rule}: {rule.value:g}, expected {rule.expected}: {verdict} ({rule.severity})")
    for suspicion in tried.suspicions:
        console.print(f"{suspicion}.", style="yellow", markup=False)
