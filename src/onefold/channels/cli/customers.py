"""Commands that show customers. Each asks the gate, like every other way in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption, PurposeOption
from onefold.gate.model import FoundPage, View, Withheld
from onefold.kernel.errors import NotFound
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer

_ID = re.compile(r"[0-9a-f]{32}")


def add_customer_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`show`."""

    @app.command("show")
    def show(
        customer: Annotated[str, typer.Argument(help="An id, or what you know: name, phone, account …")],
        purpose: PurposeOption = "servicing",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Shows one customer as a person of that login may see them for that purpose."""
        with house.working(data) as rooms:
            found = customer if _ID.fullmatch(customer) else _found(rooms, console, customer, purpose, login)
            if found:
                view = show_customer(permit(rooms, login, "show_customer", purpose), rooms, found)
                print_view(console, view)


def _found(rooms: Rooms, console: Console, text: str, purpose: str, login: str) -> str:
    """The one customer a text finds; with several the list is printed, with none it is an error."""
    page = search_customers(permit(rooms, login, "search_customers", purpose), rooms, text)
    if not page.items:
        raise NotFound(
            "Nobody was found by that.",
            hint="Give a name, phone, e-mail, document, account or customer number, or an id of Onefold.",
        )
    if len(page.items) == 1:
        return page.items[0].customer
    print_found(console, page)
    return ""


def print_found(console: Console, page: FoundPage) -> None:
    """A table of customers, ids first."""
    id_column = Column("customer", no_wrap=True)  # an id that is cut is of no use
    table = Table(id_column, "name", "matched by", "born", "city", "sources", box=None, header_style="bold")
    for it in page.items:
        table.add_row(it.customer, it.name, it.matched_by, it.birth_date, it.city, ", ".join(it.sources))
    console.print(table)
    if page.more:
        console.print("… and more. Say more to find fewer.")


def print_view(console: Console, view: View) -> None:
    """The whole view, in sections that are left out when there is nothing in them."""
    console.print(f"{view.name or '(name withheld)'}  {view.kind}  {view.customer}", style="bold")
    console.print(f"as {view.role} for {view.purpose}, audit record {view.decision}", style="dim")
    if view.flags:
        console.print("  ".join(view.flags), style="bold red")
    _print_profile(console, view)
    _print_accounts(console, view)
    if view.consents:
        table = Table("purpose", "channel", "stands", "since", "said to", box=None, header_style="bold")
        for it in view.consents:
            table.add_row(it.purpose, it.channel, it.state, it.since[:10], it.source)
        console.print(table)
    print_withheld(console, view.withheld)


def _print_profile(console: Console, view: View) -> None:
    table = Table("field", "value", "from", "since", box=None, header_style="bold")
    for name, value in view.profile.items():
        table.add_row(name.replace("_", " "), str(value.value), value.source, value.at[:10])
    console.print(table)


def _print_accounts(console: Console, view: View) -> None:
    if not view.accounts:
        return
    table = Table("product", "name", "number", "role", "status", box=None, header_style="bold")
    for column in ("holders", "balance", "transactions"):
        table.add_column(column, justify="right")
    for it in view.accounts:
        balance = f"{it.balance} {it.currency}" if it.balance is not None else ""
        numbers = str(it.holders), balance, str(it.transactions)
        table.add_row(it.product, it.name, it.number, it.role, it.status, *numbers)
    console.print(table)


def print_withheld(console: Console, withheld: tuple[Withheld, ...]) -> None:
    """What was not shown, and why."""
    for it in withheld:
        console.print(f"withheld: {it.what}: {it.reason}", style="yellow", highlight=False)
