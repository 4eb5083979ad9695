"""Commands for segments: count them, count who may be contacted, and release those."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption, PurposeOption
from onefold.usecases.activate_segment import activate_segment
from onefold.usecases.count_audience import count_audience
from onefold.usecases.evaluate_segment import evaluate_segment, list_segments
from onefold.usecases.model import Activation, CountedAudience, LeftOut, SegmentView

NameArgument = Annotated[str, typer.Argument(help="The segment's id.")]
ChannelOption = Annotated[str, typer.Option(help="How its members are to be reached: email, sms, …")]


def add_segment_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`segment`, `audience`, `activate`."""

    @app.command("segment")
    def segment(
        name: Annotated[str, typer.Argument(help="The segment's id; without it, all are listed.")] = "",
        purpose: PurposeOption = "analytics",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Counts a segment: the set at once, and the same definition asked of one customer after another."""
        with house.working(data) as rooms:
            if name:
                print_segment(
                    console, evaluate_segment(permit(rooms, login, "evaluate_segment", purpose), rooms, name)
                )
                return
            for it in list_segments(permit(rooms, login, "list_segments", purpose), rooms).items:
                console.print(f"{it.id}  {it.name}")

    @app.command("audience")
    def audience(
        name: NameArgument,
        channel: ChannelOption,
        purpose: PurposeOption = "marketing",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Counts the members who may be contacted now, and the rest by reason; sends nothing."""
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "count_audience", purpose, channel)
            print_audience(console, count_audience(allowed, rooms, name))

    @app.command("activate")
    def activate(
        name: NameArgument,
        channel: ChannelOption,
        purpose: PurposeOption = "marketing",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Releases the members who may be contacted to a CSV file, and counts the rest by reason."""
        with house.working(data) as rooms:
            allowed = permit(rooms, login, "activate_segment", purpose, channel)
            print_activation(console, activate_segment(allowed, rooms, name))


def print_segment(console: Console, view: SegmentView) -> None:
    """The definition, then the counts."""
    console.print(f"{view.name} ({view.id}, version {view.version}, owner {view.owner})", style="bold")
    for sentence in view.definition:
        console.print(f"  {sentence}")
    if view.least:
        inside, everybody = (_in_steps(it or 0, view.least) for it in (view.bulk, view.of_customers))
        console.print(f"As of {view.as_of}: {inside} of {everybody} customers, in steps of {view.least}.")
        return
    console.print(f"As of {view.as_of}: {view.bulk:,} of {view.of_customers:,} customers.")
    told = "all agree" if view.agreed == view.asked else "NOT ALL AGREE"
    console.print(f"Asked one by one of {view.asked:,} customers, {view.agreed:,} are as counted: {told}.")


def print_audience(console: Console, counted: CountedAudience) -> None:
    """Who could be reached now, who not and why; the numbers add up, but for those in steps."""
    console.print(f"At {counted.at}, by {counted.channel} for {counted.purpose}:", style="bold")
    numbers = counted.reachable, counted.left_out, counted.members
    _print_members(console, "may be contacted", *numbers, counted.least)
    console.print(f"Audit record: {counted.decision}", style="dim")


def _print_members(
    console: Console, what: str, reached: int, left_out: tuple[LeftOut, ...], members: int, least: int = 0
) -> None:
    table = Table("of the members", box=None, header_style="bold")
    table.add_column("customers", justify="right")
    table.add_row(what, _in_steps(reached, least))
    for it in left_out:
        table.add_row(f"left out: {it.reason}", _in_steps(it.customers, least))
    table.add_row("all", _in_steps(members, least))
    console.print(table)


def _in_steps(count: int, least: int) -> str:
    return f"fewer than {least}" if least and count == 0 else f"{count:,}"


def print_activation(console: Console, activation: Activation) -> None:
    """Who was released, who was not and why; the numbers add up."""
    _print_members(console, "released", activation.released, activation.left_out, activation.members)
    console.print(f"File: exports/{activation.file}   Audit record: {activation.decision}")
    if activation.mark:
        console.print(f"Each row says: {activation.mark}", style="dim")
