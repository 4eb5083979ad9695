"""Commands of legal holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.usecases.hold_customer import lift_hold, place_hold
from onefold.usecases.hold_views import HoldView
from onefold.usecases.list_holds import list_holds

PURPOSE = "compliance"


def add_hold_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`hold place | list | lift`."""
    group = typer.Typer(help="What is kept for a court or an authority.", no_args_is_help=True)

    @group.command("place")
    def placed(
        customer: Annotated[str, typer.Argument(help="The customer's id; any id they ever had.")],
        matter: Annotated[str, typer.Option(help="The case or order, as your lawyers call it.")],
        reason: Annotated[str, typer.Option(help="Why data is kept for it.")],
        review: Annotated[str, typer.Option(help="The day on which that is looked at again.")] = "",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Places a legal hold: nothing of the customer is erased while it stands."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "place_hold", PURPOSE)
            _print(console, place_hold(asked, rooms, customer, matter, reason, review))

    @group.command("list")
    def listed(
        customer: Annotated[str, typer.Option(help="Of one customer; without it, of all.")] = "",
        lifted: Annotated[bool, typer.Option("--lifted", help="Also those that were lifted.")] = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists the holds that stand, those to be looked at again first."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "list_holds", PURPOSE)
            found = list_holds(asked, rooms, customer, lifted=lifted)
        for it in found.items:
            _print(console, it)
        console.print(f"{found.standing:,} {'hold stands' if found.standing == 1 else 'holds stand'}.")

    @group.command("lift")
    def lifting(
        hold: Annotated[str, typer.Argument(help="The id of the hold.")],
        because: Annotated[str, typer.Option(help="Why.")],
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lifts a hold that was placed here, on every record it is on."""
        with house.working(data) as rooms:
            _print(console, lift_hold(permit(rooms, login, "lift_hold", PURPOSE), rooms, hold, because))

    app.add_typer(group, name="hold")


def _print(console: Console, it: HoldView) -> None:
    """A line or two."""
    review = f", to be looked at again on {it.review_on}" if it.review_on and it.state == "stands" else ""
    due = " (that day has come)" if it.is_review_due else ""
    console.print(f"{it.id}: {it.state}{review}{due}")
    whom = ", ".join(it.customers) or "nobody who is known now"
    records = "1 record" if it.records == 1 else f"{it.records} records"
    console.print(f"  {it.matter}: {it.reason}")
    console.print(f"  on {records} of {whom}, since {it.placed_at[:10]} by {it.placed_by or it.source}")
    if it.lifted_at:
        console.print(f"  lifted {it.lifted_at[:10]} by {it.lifted_by}: {it.lifted_because}")
