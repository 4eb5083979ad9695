"""Commands of do-not-contact: a desk puts a customer on it, a privacy officer lifts it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.usecases.model import ChangedSuppression
from onefold.usecases.suppress_customer import lift_suppression, suppress_customer

CustomerArgument = Annotated[str, typer.Argument(help="The customer's id, or that of one of their records.")]
ChannelOption = Annotated[str, typer.Option(help="email, sms, call, push, app, web, branch, post, any.")]
ReasonOption = Annotated[
    str, typer.Option(help="wish, deceased, litigation, fraud, bounce, complaint, vulnerable.")
]
ForOption = Annotated[str, typer.Option("--for", help="Why you write: servicing, compliance.")]


def add_suppression_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`suppress`, `lift`."""

    @app.command("suppress")
    def suppress(
        customer: CustomerArgument,
        channel: ChannelOption,
        reason: ReasonOption = "wish",
        purpose: ForOption = "servicing",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Puts a customer on do-not-contact; nothing is released over the channel from now on."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "suppress_customer", purpose)
            print_changed(console, suppress_customer(asked, rooms, customer, channel, reason))

    @app.command("lift")
    def lift(
        customer: CustomerArgument,
        channel: ChannelOption,
        reason: ReasonOption = "wish",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lifts a do-not-contact that was set at a desk. Needs a privacy officer's login."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "lift_suppression", "compliance")
            print_changed(console, lift_suppression(asked, rooms, customer, channel, reason))


def print_changed(console: Console, done: ChangedSuppression) -> None:
    """What was set or lifted, and all that stands now."""
    what = "do not contact" if done.state == "on" else "lifted"
    records = "1 record" if done.reaches == 1 else f"{done.reaches} records"
    console.print(f"{what}: {done.channel}, {done.reason}; written for {records} of {done.customer}")
    for it in done.stands:
        console.print(f"stands: {it.channel}, {it.reason or 'no reason given'}, said to {it.source}")
    if not done.stands:
        console.print("nothing stands in the way of contacting them but what they agreed to")
    console.print(f"Audit record: {done.decision}", style="dim")
