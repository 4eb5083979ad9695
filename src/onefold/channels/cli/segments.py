"""Commands for segments: count them, and release who may be contacted."""

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
from onefold.usecases.evaluate_segment import evaluate_segment, list_segments
from onefold.usecases.model import Activation, SegmentView


def add_segment_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`segment`, `activate`."""

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

    @app.command("activate")
    def activate(
        name: Annotated[str, typer.Argument(help="The segment's id.")],
        channel: Annotated[str, typer.Option(help="How its members are to be reached: email, sms, …")],
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
    console.print(f"As of {view.as_of}: {view.bulk:,} of {view.of_customers:,} customers.")
    agree = "agrees" if view.live == view.bulk else "DOES NOT AGREE"
    console.print(f"Asked live of {view.asked:,} customers: {view.live:,}; this {agree}.")


def print_activation(console: Console, activation: Activation) -> None:
    """Who was released, who was not and why; the numbers add up."""
    table = Table("of the members", box=None, header_style="bold")
    table.add_column("customers", justify="right")
    table.add_row("released", f"{activation.released:,}")
    for it in activation.left_out:
        table.add_row(f"left out: {it.reason}", f"{it.customers:,}")
    table.add_row("all", f"{activation.members:,}")
    console.print(table)
    console.print(f"File: exports/{activation.file}   Audit record: {activation.decision}")
