"""The command that turns tokens back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption, PurposeOption
from onefold.usecases.model import RevealedTokens
from onefold.usecases.reveal_token import reveal_token


def add_token_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`reveal`."""

    @app.command("reveal")
    def reveal(
        tokens: Annotated[list[str], typer.Argument(help="Tokens, as they were shown.")],
        because: Annotated[str, typer.Option(help="investigation, complaint, request, authority, mistake.")],
        purpose: PurposeOption = "compliance",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Shows what tokens stood for, and whose it is. Needs a privacy officer's login."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "reveal_token", purpose)
            print_revealed(console, reveal_token(asked, rooms, tokens, because))


def print_revealed(console: Console, revealed: RevealedTokens) -> None:
    """A line a token; one that may not be told has none, whatever the reason."""
    table = Table(Column("token", no_wrap=True), "value", "customer", "record", box=None, header_style="bold")
    for it in revealed.items:
        said = it.value if it.value is not None else "(not found)"
        table.add_row(it.token, said, it.customer, it.decision)
    console.print(table)
