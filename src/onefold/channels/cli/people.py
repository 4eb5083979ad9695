"""Commands for the people who sign in and the keys that sources write with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import House, UserBook
from onefold.channels.cli.options import DataOption, operator
from onefold.kernel.errors import CallerError

DisableOption = Annotated[bool, typer.Option("--disable", help="Nobody signs in with it from now on.")]
EnableOption = Annotated[bool, typer.Option("--enable", help="Its owner may sign in again.")]
PortfolioOption = Annotated[
    list[str] | None,
    typer.Option(help="Whose customers, as sources name the manager; give it once for each."),
]
EveryOption = Annotated[bool, typer.Option("--every", help="Customers of every portfolio, as before any.")]
SignOutOption = Annotated[bool, typer.Option("--sign-out", help="Ends every session of it.")]


def add_people_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`user`, `sessions`, `key` and `secret`."""

    @app.command("user")
    def user(
        login: Annotated[str, typer.Argument(help="Login name; an id, not a person's name.")] = "",
        role: Annotated[list[str] | None, typer.Option(help="A role; give it once for each.")] = None,
        password: Annotated[
            str, typer.Option(help="Asked for when left out.", envvar="ONEFOLD_PASSWORD", show_envvar=True)
        ] = "",
        portfolio: PortfolioOption = None,
        every: EveryOption = False,
        disable: DisableOption = False,
        enable: EnableOption = False,
        sign_out: SignOutOption = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Adds a person who may sign in, or changes one; without a login, lists them."""
        book = house.users(data)
        kept = tuple(portfolio or ())
        changes = {
            "may no longer sign in, and is signed out": (disable, book.disable),
            "may sign in again": (enable, book.enable),
            "is signed out everywhere": (sign_out, book.end_sessions),
            "is limited to no portfolio, and signs in again": (every, lambda it: book.assign(it, ())),
        }
        chosen = [(words, change) for words, (asked, change) in changes.items() if asked]
        is_mixed = len(chosen) > 1 or (chosen and (role or kept))
        if is_mixed or ((chosen or kept) and not login):
            raise CallerError(
                "Give one of --disable, --enable, --sign-out, --every with a login, and nothing else.",
                hint="--portfolio goes with a login, and with --role for a new one.",
            )
        if not login:
            _list_logins(book, console)
        elif chosen:
            words, change = chosen[0]
            change(login)
            console.print(f"{login} {words}.", highlight=False)
        elif kept and not role:
            book.assign(login, kept)
            console.print(f"{login} keeps {', '.join(kept)}, and signs in again.", highlight=False)
        else:
            secret = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            book.add(login, secret, tuple(role or ()), kept or None)
            console.print(f"{login} may sign in.", highlight=False)
        if kept and (free := house.unlimited(data, book.logins()[login])):
            console.print(
                f"The policies of this folder keep to no portfolio: {', '.join(free)}.", highlight=False
            )

    _add_key_commands(app, house, console)


def _list_logins(book: UserBook, console: Console) -> None:
    kept = book.portfolios()
    for login, roles in sorted(book.logins().items()):
        whose = f"  portfolios {', '.join(kept[login])}" if login in kept else ""
        console.print(f"{login}  {', '.join(roles)}{whose}", highlight=False)


def _add_key_commands(app: typer.Typer, house: House, console: Console) -> None:
    @app.command("sessions")
    def sessions(
        at_once: Annotated[
            bool, typer.Option("--at-once", help="Ends every session: for a key that somebody may have seen.")
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Signs sessions with a new key from now on, while the server runs; those that are open go on."""
        key = house.rotate_session_key(data, at_once=at_once)
        ended = "every session from before is over" if at_once else "open sessions go on"
        console.print(f"Sessions are signed with the key {key}; {ended}.", highlight=False)

    keys = typer.Typer(
        help="Changes keys while the server runs.", no_args_is_help=True, rich_markup_mode=None
    )
    app.add_typer(keys, name="keys")

    @keys.command("rotate")
    def rotate(
        signing: Annotated[
            bool, typer.Option("--signing", help="The key that signs checkpoints, instead of the master key.")
        ] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes a new master key; data keys are moved under it, and both hold until all of them are."""
        rotated = house.rotate_key(data, operator(), signing=signing)
        name = "signing" if signing else "master"
        console.print(f"The {name} key is {rotated.key} now.", highlight=False)
        if signing:
            console.print(
                "Give its public half, signing.pub, to whoever verifies; the former one stays beside it."
            )
        elif rotated.by_server:
            console.print("The server that runs moves the data keys over, and writes it into the audit.")
        else:
            console.print(f"{rotated.moved:,} keys were moved over.")

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
