"""Commands that tell why records are one customer or are not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.customers import print_withheld
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, JsonOption, LoginOption
from onefold.gate.explaining import ExplainedPair, Explanation
from onefold.kernel.errors import CallerError
from onefold.usecases.explain_customer import explain_customer
from onefold.usecases.waterfall import draw

NAMED = "A customer's or record's id, or SOURCE:KEY."
_SIGNS = {"same": "=", "close": "≈", "differs": "≠", "missing": "·"}


def add_explaining_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`explain`."""

    @app.command("explain")
    def explain(
        customer: Annotated[str, typer.Argument(help=NAMED)],
        other: Annotated[
            str, typer.Argument(help="Another of these; without it, what holds one together.")
        ] = "",
        purpose: Annotated[str, typer.Option(help="Why the data is asked for.")] = "stewardship",
        svg: Annotated[Path | None, typer.Option(help="Also draw it into this file.")] = None,
        as_json: JsonOption = False,
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Tells why records are one customer, or why two customers are two: every comparison and reason."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "explain_customer", purpose)
            found = explain_customer(asked, rooms, customer, other)
        if svg is not None:
            try:
                svg.write_bytes(draw(found))
            except OSError as error:
                raise CallerError(
                    "The picture cannot be written there.", detail=str(error.strerror)
                ) from None
        if as_json:
            typer.echo(msgspec.json.encode(found).decode())
        else:
            print_explanation(console, found)


def print_explanation(console: Console, found: Explanation) -> None:
    """As text: what holds, then each pair of records side by side."""
    if not found.other:
        console.print(f"customer {found.customer}: {len(found.pairs)} links hold it together", style="bold")
    elif found.is_one:
        console.print(f"one customer: {found.customer}", style="bold")
    else:
        console.print(f"two customers: {found.customer} and {found.other}", style="bold")
    console.print(f"audit record {found.decision}", style="dim")
    names = {it.id: f"{it.source}:{it.key or it.id} {it.name}".strip() for it in found.records}
    for line in found.apart:
        console.print(f"  {line}")
    if found.path:
        console.print("chain: " + " → ".join(names.get(it, "(not shown)") for it in found.path))
    for pair in found.pairs:
        console.print()
        console.print(f"{names[pair.left]}  –  {names[pair.right]}", style="bold")
        print_pair(console, pair)
    print_withheld(console, found.withheld)


def print_pair(console: Console, pair: ExplainedPair) -> None:
    """What was compared, what it weighs, and what became of it."""
    table = Table("", "field", "one", "other", box=None, header_style="bold")
    for it in pair.compared:
        table.add_row(_SIGNS[it.outcome], it.field.replace("_", " "), it.left, it.right)
    console.print(table)
    for reason in pair.reasons:
        proof = ", proven" if reason.verified else ""
        console.print(f"  for      +{reason.weight:<5} {reason.rule}{proof}")
    for reason in pair.held_back:
        console.print(f"  held back {reason.rule}: one of them is joined by proof alone")
    for conflict in pair.conflicts:
        console.print(f"  against  {conflict}")
    if pair.judgement is not None:
        said = pair.judgement
        console.print(f"  steward  {said.verdict}, {said.by}, {said.at[:10]}: {said.reason}")
    hubs = f", {pair.hubs} of them hubs" if pair.hubs else ""
    console.print(f"  shared keys {pair.shared_keys}{hubs}; {pair.fate.replace('_', ' ')}")
