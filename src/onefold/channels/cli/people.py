"""Commands for the people who sign in and the keys that sources write with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption


def add_people_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`user`, `key` and `secret`."""

    @app.command("user")
    def user(
        login: Annotated[str, typer.Argument(help="Login name; an id, not a person's name.")] = "",
        role: Annotated[list[str] | None, typer.Option(help="A role; give it once for each.")] = None,
        password: Annotated[
            str, typer.Option(help="Asked for when left out.", envvar="ONEFOLD_PASSWORD", show_envvar=True)
        ] = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Adds a person who may sign in, or changes one; without a login, lists them."""
        book = house.users(data)
        if not login:
            for known, roles in sorted(book.logins().items()):
                console.print(f"{known}  {', '.join(roles)}", highlight=False)
            return
        secret = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        book.add(login, secret, tuple(role or ()))
        console.print(f"{login} may sign in.", highlight=False)

    @app.command("key")
    def key(
        source: Annotated[str, typer.Argument(help="The source that will write.")],
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a write key for a source; it is shown this once."""
        typer.echo(house.new_write_key(data, source))

    @app.command("secret")
    def secret(
        source: Annotated[str, typer.Argument(help="The source whose webhooks are signed with it.")],
        given: Annotated[bool, typer.Option("--given", help="The sender made it: asks for it.")] = False,
        alone: Annotated[bool, typer.Option("--alone", help="Ends those made before at once.")] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a secret for the webhooks of a source; it is shown this once. The one before still counts."""
        stated = typer.prompt("Secret", hide_input=True) if given else ""
        made = house.new_webhook_secret(data, source, stated, alone=alone)
        typer.echo(f"{source} may sign with that secret." if given else made)
