"""Commands of the privacy officer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.kernel.errors import CallerError
from onefold.usecases.apply_retention import apply_retention
from onefold.usecases.erase_customer import Because, erase_customer

PURPOSE = "compliance"


def add_privacy_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`erase`, `retention`."""

    @app.command("erase")
    def erase(
        customer: Annotated[str, typer.Argument(help="The customer's id; any id they ever had.")],
        because: Annotated[Because, typer.Option(help="Why.")] = Because.REQUEST,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Erases a customer for good, in every room, and keeps them from coming back.

        Needs a privacy officer's login.
        """
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "erase_customer", PURPOSE)
            done = erase_customer(allowed, rooms, customer, because)
        console.print(f"{done.customer} was erased. Records: {done.records:,}. Data keys: {done.keys:,}.")
        if done.shared:
            console.print(f"{done.shared:,} of them were under keys that others still need.")
        console.print(f"erasure {done.erasure}, audit record {done.decision}", style="dim")

    @app.command("retention")
    def retention(
        policy: Annotated[Path, typer.Argument(help="A YAML file: keep: {interaction: 1095, …} in days.")],
        erase: Annotated[bool, typer.Option("--erase", help="Erase it; without this it is counted.")] = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Counts what was kept longer than the policy says, and erases it where that is asked for."""
        rules = _rules(policy)
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "erase_customer", PURPOSE)
            found = apply_retention(allowed, rooms, rules, erase=erase)
        for kind, count in found.over.items():
            console.print(f"{kind}: {count:,} over")
        if found.held:
            console.print(f"{found.held:,} stay for a legal hold.")
        console.print(f"Erased, as erasure {found.erasure}." if found.erasure else "Nothing was erased.")


def _rules(policy: Path) -> object:
    """What stands under `keep` in the file."""
    try:
        document = yaml.safe_load(policy.read_text(encoding="utf-8"))
    except OSError as error:
        raise CallerError("The policy cannot be read.", detail=error.strerror or "") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CallerError("The policy is not YAML.", hint="keep: {interaction: 1095}") from error
    return document.get("keep") if isinstance(document, dict) else None
