"""`onefold audit`: proofs about the audit for people who have nothing of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.channels.cli.proving import INSTANT, instant_of
from onefold.kernel.errors import CallerError
from onefold.usecases.export_evidence import Question, export_evidence
from onefold.usecases.prove_audit import proof_file, prove_audit, prove_growth

PURPOSE = "compliance"
ACTION = "prove_audit"
OutOption = Annotated[Path | None, typer.Option(help="The file to write; printed where there is none.")]


def add_audit_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`audit prove`, `audit export`, `audit consistency`."""
    audit = typer.Typer(help="Proves what the audit holds.", no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(audit, name="audit")

    @audit.command("prove")
    def prove(
        record: Annotated[str, typer.Argument(help="The id of a record, as every answer names it.")],
        login: LoginOption = "",
        out: OutOption = None,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a proof that a record stands in the audit; `onefold verify --proof` checks it anywhere."""
        with house.working(data) as rooms:
            made = prove_audit(permit(rooms, login, ACTION, PURPOSE), rooms, record)
        _give(console, proof_file(made), out)

    @audit.command("export")
    def export(
        out: Annotated[Path, typer.Option(help="The zip to write.")],
        since: Annotated[str, typer.Option("--from", help=f"From when on. {INSTANT}")] = "",
        until: Annotated[str, typer.Option("--to", help=f"Before when. {INSTANT}")] = "",
        customer: Annotated[str, typer.Option(help="Records about this customer alone.")] = "",
        user: Annotated[str, typer.Option(help="Records of this login alone.")] = "",
        campaign: Annotated[str, typer.Option(help="Records of this segment or file alone.")] = "",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Writes an evidence package: records and their proofs, keys, policies, contracts, a page to read."""
        question = Question(
            from_ms=instant_of(since),
            to_ms=instant_of(until),
            customer=customer,
            user=user,
            campaign=campaign,
        )
        with house.working(data) as rooms:
            made = export_evidence(permit(rooms, login, ACTION, PURPOSE), rooms, question)
        _give(console, made, out)

    @audit.command("consistency")
    def consistency(
        since: Annotated[Path, typer.Argument(help="A checkpoint or a proof that was kept from before.")],
        login: LoginOption = "",
        out: OutOption = None,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a proof that the audit only grew since a checkpoint was signed."""
        with house.working(data) as rooms:
            made = prove_growth(permit(rooms, login, ACTION, PURPOSE), rooms, _read(since))
        _give(console, proof_file(made), out)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CallerError(f"{path.name} cannot be read.", detail=error.strerror or "") from error


def _give(console: Console, data: bytes, out: Path | None) -> None:
    if out is None:
        typer.echo(data, nl=False)
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise CallerError(f"{out.name} cannot be written.", detail=error.strerror or "") from error
    console.print(f"wrote {out}")
