"""Commands that tell customers by their body; a sample is a file, which stays where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.kernel.errors import CallerError
from onefold.usecases.biometrics import (
    PROBE_BYTES_MAX,
    enrol_biometric,
    revoke_biometric,
    verify_biometric,
)

PURPOSE = "servicing"
CustomerArgument = Annotated[str, typer.Argument(help="The customer's id, or that of one of their records.")]
ModalityOption = Annotated[str, typer.Option(help="face, voice, finger, iris.")]
OverOption = Annotated[str, typer.Option(help="Over which channel they are there: branch, call, app …")]
ProbeOption = Annotated[Path, typer.Option(help="The file of the sample, as the engine takes it.")]
ForOption = Annotated[str, typer.Option("--for", help="Why you write: servicing, compliance.")]


def add_biometric_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`biometric enrol | verify | revoke`."""
    group = typer.Typer(help="Telling customers by their body, as they agreed.", no_args_is_help=True)

    @group.command("enrol")
    def enrol(
        customer: CustomerArgument,
        modality: ModalityOption,
        over: OverOption,
        probe: ProbeOption,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Enrols a sample that the customer agreed to be told by; an earlier one of its kind ends."""
        sample = _read(probe)
        with house.working(data) as rooms:
            asked = permit(rooms, login, "enrol_biometric", PURPOSE)
            done = enrol_biometric(asked, rooms, customer, modality, over, sample)
        console.print(f"enrolled: {done.modality}, generation {done.generation}, for {done.customer}")
        console.print(f"Audit record: {done.decision}", style="dim")

    @group.command("verify")
    def verify(
        customer: CustomerArgument,
        modality: ModalityOption,
        over: OverOption,
        probe: ProbeOption,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Says whether who is there is the customer: yes, no or unknown."""
        sample = _read(probe)
        with house.working(data) as rooms:
            asked = permit(rooms, login, "verify_biometric", PURPOSE)
            found = verify_biometric(asked, rooms, customer, modality, over, sample)
        of = "all of the customer's" if found.whole else "not all of the customer's"
        count = "1 record" if len(found.records) == 1 else f"{len(found.records)} records"
        console.print(f"{found.answer}{f', for {count}, {of}' if found.records else ''}")
        console.print(f"Audit record: {found.decision}", style="dim")

    @group.command("revoke")
    def revoke(
        customer: CustomerArgument,
        modality: ModalityOption,
        purpose: ForOption = "servicing",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Revokes what was enrolled of one kind; it never agrees with anybody again."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "revoke_biometric", purpose)
            done = revoke_biometric(asked, rooms, customer, modality)
        console.print(f"revoked: {done.revoked} of {done.modality}, for {done.customer}")
        console.print(f"Audit record: {done.decision}", style="dim")

    app.add_typer(group, name="biometric")


def _read(path: Path) -> bytes:
    """A sample, and no more of a file than one can have."""
    try:
        with path.open("rb") as file:
            return file.read(PROBE_BYTES_MAX + 1)
    except OSError:
        raise CallerError("The file of the sample cannot be read.") from None
