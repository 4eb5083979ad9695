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
from onefold.gate.model import FoundPage, References, View, Withheld
from onefold.gate.relations import ENDS_MAX, TITLED, Relations, RelationView
from onefold.kernel.errors import NotFound
from onefold.usecases.fetch_references import fetch_references
from onefold.usecases.rooms import Rooms
from onefold.usecases.search_customers import search_customers
from onefold.usecases.show_customer import show_customer
from onefold.usecases.show_relations import show_relations

_ID = re.compile(r"[0-9a-f]{32}")


def add_customer_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`show`."""

    @app.command("show")
    def show(
        customer: Annotated[str, typer.Argument(help="An id, or what you know: name, phone, account …")],
        purpose: PurposeOption = "servicing",
        login: LoginOption = "",
        relations: Annotated[
            bool, typer.Option(help="Their household, firms, and who acts for whom.")
        ] = False,
        fetch: Annotated[bool, typer.Option(help="Ask the sources for what is only referenced.")] = False,
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Shows one customer as a person of that login may see them for that purpose."""
        with house.working(data) as rooms:
            found = customer if _ID.fullmatch(customer) else _found(rooms, console, customer, purpose, login)
            if found:
                view = show_customer(permit(rooms, login, "show_customer", purpose), rooms, found)
                print_view(console, view)
                if relations:
                    asked = permit(rooms, login, "show_relations", purpose)
                    print_relations(console, show_relations(asked, rooms, found), view.withheld)
                if fetch and view.referenced:
                    asked = permit(rooms, login, "fetch_references", purpose)
                    print_references(console, fetch_references(asked, rooms, found))


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
    for source in dict.fromkeys(it.source for it in view.referenced):
        names = dict.fromkeys(it.field.replace("_", " ") for it in view.referenced if it.source == source)
        console.print(f"fetched on demand from {source}: {', '.join(names)}", style="dim", highlight=False)


def print_relations(console: Console, found: Relations, said: tuple[Withheld, ...]) -> None:
    """What others are to the customer, and how many may not be told of; what was `said` is not said again."""
    id_column = Column("customer", no_wrap=True)
    names = "is their", "name", id_column, "about", "since", "until", "from"
    table = Table(*names, box=None, header_style="bold")
    for it in found.items:
        word = it.kind.replace("_", " ") + (" (over)" if it.ended else "")
        name = "(held to be this very customer)" if it.is_themselves else it.name
        table.add_row(word, name, it.customer, _about(it), it.since, it.until, ", ".join(it.sources))
    if found.items:
        console.print(table)
    if found.more:
        console.print(f"… and more than these {ENDS_MAX}. Whoever is missing has it on their own page.")
    print_withheld(console, tuple(it for it in found.withheld if it not in said))
    console.print(f"audit record {found.decision}", style="dim")


def _about(it: RelationView) -> str:
    """What the source calls it, how much is theirs, the product, the home."""
    title = it.title if it.kind in TITLED or not it.title else f"as {it.title}"
    share = f"{it.share} %" if it.share else ""
    home = f"household {it.household}" if it.household else ""
    return ", ".join(filter(None, (title, share, it.product, home)))


def print_references(console: Console, found: References) -> None:
    """What the sources say now, or why they do not."""
    table = Table("of", "field", "value", "from", "asked", box=None, header_style="bold")
    for it in found.items:
        said = str(it.value) if it.outcome == "value" else f"({it.reason or 'no value'})"
        table.add_row(it.entity, it.field.replace("_", " "), said, it.source, it.asked_at[:19])
    console.print(table)
    console.print(f"audit record {found.decision}", style="dim")


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
