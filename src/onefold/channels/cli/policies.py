"""Commands for policies: begin one's own from those that come with Onefold, check them, ask what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption
from onefold.gate.policy_files import SCHEMA, schema, shipped
from onefold.kernel.errors import CallerError


def add_policy_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`policy copy`, `policy check`, `policy explain`."""
    policy = typer.Typer(no_args_is_help=True, help="Writes, checks and explains policies.")

    @policy.command("copy")
    def copy(
        folder: Annotated[Path, typer.Argument(help="The folder to write to: `policies` in a data folder.")],
    ) -> None:
        """Writes down the policies that come with Onefold, to begin one's own from."""
        if folder.exists():
            raise CallerError(f"There is something at {folder} already.", hint="Name another folder.")
        try:
            folder.mkdir(parents=True)
            for name, text in {**shipped(), SCHEMA: schema()}.items():
                (folder / name).write_text(text, "utf-8")
        except OSError as error:
            raise CallerError("The folder cannot be written.", detail=error.strerror or "") from error
        console.print(f"{folder}: {', '.join(sorted(shipped()))}; what they may speak of is in {SCHEMA}.")

    @policy.command("check")
    def check(
        folder: Annotated[Path, typer.Argument(help="The folder with the policies.")],
    ) -> None:
        """Says every fault of the policies in a folder; exit code 1 if there is one."""
        version, count = house.check_policies(folder)
        console.print(f"{count} files are fit to decide, as version {version}.")

    @policy.command("explain")
    def explain(
        role: Annotated[str, typer.Option(help="Such as agent.")],
        action: Annotated[str, typer.Option(help="Such as show_customer.")],
        purpose: Annotated[str, typer.Option(help="Such as servicing.")],
        channel: Annotated[str, typer.Option(help="console, api, or one to reach customers by.")] = "console",
        portfolio: Annotated[
            str, typer.Option(help="Whose customer: own, other, nobody; any for who keeps no portfolio.")
        ] = "any",
        break_glass: Annotated[
            bool, typer.Option("--break-glass", help="The glass was broken for the customer.")
        ] = False,
        group: Annotated[
            list[str] | None,
            typer.Option(help="A sensitive group of the customer: minor, senior, vulnerable, protected."),
        ] = None,
        jurisdiction: Annotated[
            str, typer.Option(help="Under which law the data is; without it that of the folder's cell.")
        ] = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Says what the policies of a folder answer, by which of them, and which fields they show."""
        of_whom = (portfolio, break_glass, group or [])
        decided = house.decide(data, role, action, purpose, channel, *of_whom, jurisdiction)
        console.print("allowed" if decided.allowed else "refused")
        for reason in decided.reasons:
            console.print(f"  because {reason}")
        if decided.allowed:
            fields = ", ".join(f"{name} {right}" for name, right in decided.fields.items())
            console.print(f"  fields: {fields}")
            console.print(f"  obligations: {', '.join(decided.obligations) or 'none'}")

    app.add_typer(policy, name="policy")
