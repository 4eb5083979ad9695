"""Commands for programs that call the API: service tokens, and clients of partners."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption
from onefold.kernel.time import iso_instant
from onefold.usecases.model import CLIENT, TOKEN

NameArgument = Annotated[str, typer.Argument(help="What it is for; not a person's name.")]
RoleOption = Annotated[str, typer.Option(help="The role whose rights it has at most.")]
PurposeOption = Annotated[str, typer.Option(help="The one purpose it may work for.")]
ActionOption = Annotated[list[str], typer.Option("--action", help="What it may do; give it once for each.")]
DaysOption = Annotated[int, typer.Option(help="For how many days it is good.")]
ControllerOption = Annotated[
    str, typer.Option(help="The firm it acts for, as consents name it; without it we ourselves.")
]
IdArgument = Annotated[str, typer.Argument(help="Its id, as the list has it.")]
_ABOUT = {TOKEN: "Service tokens of our own programs.", CLIENT: "Clients of partners, for POST /oauth/token."}


def add_machine_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`token create | list | revoke`, `client create | list | revoke`."""
    for kind, about in _ABOUT.items():
        group = typer.Typer(no_args_is_help=True, help=about)
        _add(group, kind, house, console)
        app.add_typer(group, name=kind)


def _add(group: typer.Typer, kind: str, house: House, console: Console) -> None:
    @group.command("create")
    def create(
        name: NameArgument,
        role: RoleOption,
        purpose: PurposeOption,
        action: ActionOption,
        days: DaysOption = 90,
        controller: ControllerOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Makes one; its secret is shown this once."""
        made, secret = house.new_machine(data, kind, name, role, purpose, action, days, controller)
        if kind == CLIENT:
            typer.echo(f"client_id {made}")
            typer.echo(f"client_secret {secret}")
        else:
            typer.echo(secret)

    @group.command("list")
    def listed(data: DataOption = Path(".onefold")) -> None:
        """Lists them with what they may; never a secret."""
        for made, it in sorted(house.machines(data).of_kind(kind).items()):
            standing = "revoked" if it.revoked_at else f"until {iso_instant(it.expires_at * 1000)}"
            may = ", ".join(it.actions)
            by = f" by {it.controller}" if it.controller else ""
            console.print(
                f"{made}  {it.name}: {it.role} for {it.purpose}{by}: {may}; {standing}", highlight=False
            )

    @group.command("revoke")
    def revoke(machine: IdArgument, data: DataOption = Path(".onefold")) -> None:
        """Lets it in no more, from the next request on."""
        house.machines(data).revoke(kind, machine)
        console.print(f"The {kind} {machine} is revoked.", highlight=False)
