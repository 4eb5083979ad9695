"""Commands of the key that controllers are answered with: have it certified, put it in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption
from onefold.kernel.errors import CallerError


def add_opendsr_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`opendsr key | certificate`."""
    group = typer.Typer(help="What answers to controllers are signed with.", no_args_is_help=True)

    @group.command("key")
    def key(
        out: Annotated[Path, typer.Option(help="The file for the authority; it must not be there yet.")],
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a key for the domain of [opendsr], and the request for its certificate (PEM, PKCS #10)."""
        if out.exists():
            raise CallerError("The file is there already.", hint="Choose another with --out.")
        request = house.ask_for_certificate(data)
        try:
            with out.open("xb") as file:
                file.write(request)
        except OSError as error:
            raise CallerError("The file cannot be written.", detail=error.strerror or "") from error
        console.print(f"{out}: hand it to the authority. The key waits; the one in use goes on.")

    @group.command("certificate")
    def certificate(
        file: Annotated[
            Path | None, typer.Argument(help="What the authority sent (PEM, with its own).")
        ] = None,
        trial: Annotated[bool, typer.Option("--trial", help="Sign it ourselves, to try things out.")] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Puts a certificate in use, with the key it was made for; a server that runs notices."""
        if (file is None) != trial:
            raise CallerError("Give the authority's file, or --trial.")
        put = house.put_certificate(data, "operator", file)
        console.print(f"certificate {put} is in use.")
        if trial:
            console.print("It is signed by itself: controllers must not trust it.")

    app.add_typer(group, name="opendsr")
