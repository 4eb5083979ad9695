"""Commands of the steward's queue."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.explaining import NAMED, print_explanation
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, JsonOption, LoginOption
from onefold.channels.cli.sharing import add_sharing_commands
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.review_matches import (
    Match,
    MatchStep,
    claim_review,
    decide_review,
    list_reviews,
    release_review,
    skip_review,
)

PURPOSE = "stewardship"
Record = Annotated[str, typer.Argument(help=NAMED)]
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept with the decision.")]


class Said(StrEnum):
    """What may be said of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


def add_reviewing_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`review list | show | hubs | devices | claim | release | skip | decide`."""
    group = typer.Typer(help="Pairs of records that are worth a steward's look.", no_args_is_help=True)

    @group.command("list")
    def listed(
        limit: Annotated[int, typer.Option(min=1, max=50, help="How many at most.")] = 20,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Lists the pairs whose decision is worth most, over all that is held."""
        with house.working(data) as rooms:
            found = list_reviews(
                permit(rooms, login, "list_reviews", PURPOSE), rooms, limit=limit, whole=True
            )
        if as_json:
            typer.echo(msgspec.json.encode(found).decode())
            return
        for it in found.items:
            _print_match(console, it)
        hubs = f"; {found.hubs} keys are held by too many (`onefold review hubs`)" if found.hubs else ""
        console.print(f"{len(found.items)} shown, {found.covered_percent} % looked at{hubs}.")

    @group.command("show")
    def shown(
        left: Record,
        right: Record,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Shows a pair side by side, as `explain` does."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "explain_customer", PURPOSE)
            found = explain_customer(asked, rooms, left, right)
        if as_json:
            typer.echo(msgspec.json.encode(found).decode())
        else:
            print_explanation(console, found)

    add_sharing_commands(group, house, console)

    @group.command("claim")
    def claimed(
        left: Record,
        right: Record,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Keeps a pair for you, for a quarter of an hour."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "decide_review", PURPOSE)
            _print_step(console, claim_review(asked, rooms, left, right), as_json=as_json)

    @group.command("release")
    def released(
        left: Record,
        right: Record,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Gives a claimed pair back to the queue."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "decide_review", PURPOSE)
            _print_step(console, release_review(asked, rooms, left, right), as_json=as_json)

    @group.command("skip")
    def skipped(
        left: Record,
        right: Record,
        reason: ReasonOption,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Leaves a pair to others."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "decide_review", PURPOSE)
            _print_step(console, skip_review(asked, rooms, left, right, reason), as_json=as_json)

    @group.command("decide")
    def decided(
        left: Record,
        right: Record,
        verdict: Annotated[Said, typer.Argument(help="What you say of them.")],
        reason: ReasonOption,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Says same, different or unsure; of sensitive groups a second person confirms."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "decide_review", PURPOSE)
            step = decide_review(asked, rooms, left, right, verdict=verdict.value, reason=reason)
        _print_step(console, step, as_json=as_json)

    app.add_typer(group, name="review")


def _print_match(console: Console, it: Match) -> None:
    eyes = ", four eyes" if it.four_eyes else ""
    stands = "" if it.standing == "open" else f", {it.standing} {it.verdict} by {it.by}".replace("  ", " ")
    console.print(f"{it.left} {it.right}  {it.kind.replace('_', ' ')}, worth {it.worth}{eyes}{stands}")
    console.print(f"  for: {', '.join(it.reasons)}", style="dim")
    if it.conflicts:
        console.print(f"  against: {', '.join(it.conflicts)}", style="dim")


def _print_step(console: Console, it: MatchStep, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(it).decode())
        return
    until = f" until {it.until_at[:16]}" if it.until_at else ""
    console.print(f"{it.standing} {it.verdict}{until}".replace("  ", " ").strip())
    if it.standing == "proposed":
        console.print("It counts once another person says the same.")
    console.print(f"audit record {it.decision}", style="dim")
