"""Commands for a data folder as a whole: make it, serve it, show it off."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import Demo, House
from onefold.channels.cli.options import DataOption
from onefold.channels.cli.watching import watching
from onefold.kernel.errors import CallerError
from onefold.kernel.hosts import is_this_machine
from onefold.kernel.ids import Cell

PORT = 8360
PEOPLE_LEAST = 100
"""In a smaller world some source has nothing to say, and a file without rows is not taken."""
HostOption = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every network.")]
PortOption = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]


def add_folder_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`init`, `serve`, `demo`, `world`, `openapi`."""

    @app.command("init")
    def init(
        cell: Annotated[str, typer.Option(help="Whose data, under which law: tenant/jurisdiction.")],
        contracts: Annotated[
            list[Path] | None, typer.Option(help="A contract, or a folder of them; can be given again.")
        ] = None,
        checkpoints: Annotated[
            Path | None, typer.Option(help="Where signed checkpoints go; best on other storage.")
        ] = None,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a data folder with its keys; in one that is there, publishes contracts that are new."""
        created = house.create(data, Cell.parse(cell), contracts or [], checkpoints)
        console.print(f"{data} holds the cell {created.cell}; checkpoints go to {created.checkpoints}.")
        for name in created.published:
            console.print(f"published {name}")
        console.print("Back up its keys folder apart from the rest: without it the log cannot be read.")

    @app.command("serve")
    def serve(
        host: HostOption = "127.0.0.1",
        port: PortOption = PORT,
        behind_tls: Annotated[
            bool, typer.Option("--behind-tls", help="A proxy in front ends TLS: cookies go over it alone.")
        ] = False,
        tls_cert: Annotated[
            Path | None, typer.Option(help="A certificate, with those that vouch for it (PEM): serves HTTPS.")
        ] = None,
        tls_key: Annotated[Path | None, typer.Option(help="Its key (PEM, 0600).")] = None,
        in_clear: Annotated[
            bool, typer.Option("--in-clear", help="Serves http on a network, where nobody can listen.")
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Serves the console and the API until it is stopped."""
        if (tls_cert is None) != (tls_key is None):
            raise CallerError("A certificate goes with its key.", hint="Give --tls-cert and --tls-key.")
        tls = (tls_cert, tls_key) if tls_cert is not None and tls_key is not None else None
        if not (tls or behind_tls or in_clear or is_this_machine(host)):
            raise CallerError(
                "Passwords and customers would cross the network in clear.",
                hint="Give --tls-cert and --tls-key, or --behind-tls where a proxy in front ends TLS.",
            )

        def ready() -> None:
            scheme = "https" if tls else "http"
            console.print(f"Onefold serves {scheme}://{_shown(host)}:{port} (Ctrl-C stops it)")

        house.serve(data, host, port, secure=behind_tls, ready=ready, tls=tls)

    @app.command("demo")
    def demo(
        size: Annotated[int, typer.Option(help="How many people the bank has.", min=PEOPLE_LEAST)] = 10_000,
        host: HostOption = "127.0.0.1",
        port: PortOption = PORT,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a bank that does not exist, loads it through the ordinary door, and serves it."""
        with watching(console) as watch:

            def ready(made: Demo) -> None:
                watch.close()
                print_demo(console, made)

            house.demo(data, host, port, size, watch=watch, ready=ready)

    @app.command("world")
    def world(
        out: Annotated[Path, typer.Argument(help="An empty folder, or one that is not there yet.")],
        people: Annotated[int, typer.Option(help="How many people.", min=PEOPLE_LEAST)] = 1_000,
        seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes.")] = 7,
    ) -> None:
        """Writes the files of a bank that does not exist, with the truth beside them."""
        with watching(console) as watch:
            rows = house.world(out, people, seed, watch)
        console.print(f"{rows:,} rows of six sources in {out}; who is who is in {out / 'truth'}.")

    @app.command("openapi")
    def openapi() -> None:
        """Prints the OpenAPI document."""
        typer.echo(house.openapi().decode(), nl=False)


def print_demo(console: Console, made: Demo) -> None:
    """Where to go and how to get in."""
    console.print(f"\nOnefold is ready: {made.url}", style="bold")
    console.print("Sign in as one of these, each with the password of the demo:")
    for login, roles in made.logins.items():
        console.print(f"  {login:<10} {', '.join(roles).replace('_', ' ')}")
    console.print(f"Password: {made.password}   (for data that is nobody's; never use it elsewhere)")
    console.print(f"Write key of the source digital: {made.write_key}")
    console.print("Ctrl-C stops it; `make demo` goes on where it was, `make clean` removes it.")


def _shown(host: str) -> str:
    return "localhost" if host in ("127.0.0.1", "::1", "0.0.0.0", "::") else host  # noqa: S104
