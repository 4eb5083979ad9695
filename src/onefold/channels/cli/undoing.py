"""Commands that undo merges and take judgements back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from onefold.channels.cli.asking import permit
from onefold.channels.cli.explaining import NAMED
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, JsonOption, LoginOption
from onefold.usecases.unmerge_customer import Part, Undone, revoke_judgement, unmerge_customer

PURPOSE = "stewardship"
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept with the judgement.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Only tell what would come of it.")]


def add_undoing_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`unmerge`, `judgement revoke`."""

    @app.command("unmerge")
    def unmerged(
        customer: Annotated[str, typer.Argument(help=NAMED)],
        fragment: Annotated[list[str], typer.Option(help="A record to take out; once for each of a group.")],
        reason: ReasonOption,
        dry_run: DryOption = False,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Takes records out of a customer for good: they are kept apart whatever arrives."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "unmerge_customer", PURPOSE)
            found = unmerge_customer(asked, rooms, customer, fragment, reason, dry_run=dry_run)
        _print(console, found, as_json=as_json)

    group = typer.Typer(help="What stewards said of two records.", no_args_is_help=True)

    @group.command("revoke")
    def revoked(
        left: Annotated[str, typer.Argument(help=NAMED)],
        right: Annotated[str, typer.Argument(help=NAMED)],
        reason: ReasonOption,
        dry_run: DryOption = False,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Takes a judgement back: from then on the evidence decides again."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "decide_judgement", PURPOSE)
            found = revoke_judgement(asked, rooms, left, right, reason, dry_run=dry_run)
        _print(console, found, as_json=as_json)

    app.add_typer(group, name="judgement")


def _print(console: Console, found: Undone, *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    console.print(
        f"{_counted(found.before)} {'would become' if found.dry_run else 'became'} {_counted(found.parts)}"
    )
    for part in found.parts:
        unseen = f" and {part.unseen} that may not be seen" if part.unseen else ""
        console.print(f"  {part.customer}: {', '.join(part.records)}{unseen}")
    said = "would be said" if found.dry_run else "said"
    console.print(f"judgements {said}: {found.judgements}; audit record {found.decision}", style="dim")


def _counted(parts: tuple[Part, ...]) -> str:
    return "1 customer" if len(parts) == 1 else f"{len(parts)} customers"
