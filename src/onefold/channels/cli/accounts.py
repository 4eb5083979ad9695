"""The accounts of a load as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.house import ObjectLoaded

COUNTS = ("offered", "accepted", "duplicate", "unchanged", "quarantined", "refused")
AcceptDeletions = Annotated[
    bool, typer.Option("--accept-deletions", help="What a full snapshot lacks is gone, however much it is.")
]


def print_accounts(console: Console, objects: Sequence[ObjectLoaded]) -> None:
    """A line for each object, whose numbers add up; why rows were not let in; what else there is to say."""
    has_files = any(it.files for it in objects)
    table = Table("object", *(["files"] if has_files else []), box=None, header_style="bold")
    for name in COUNTS:
        table.add_column(name, justify="right")
    for it in objects:
        files = [", ".join(it.files)] if has_files else []
        table.add_row(it.name, *files, *(f"{getattr(it.counts, name):,}" for name in COUNTS))
    console.print(table)
    for it in objects:
        for reason, rows in it.reasons.items():
            console.print(f"{it.name}: {rows} × {reason}", style="yellow")
        if it.note:
            console.print(it.note, style="yellow" if it.is_stopped else "")
        for rule in it.quality:
            if rule.verdict != "holds":
                said = f"{rule.rule}: {rule.value:g}, expected {rule.expected}: {rule.verdict}"
                console.print(f"{rule.file or it.name}: {said} ({rule.severity})", style="yellow")
        for suspicion in it.suspicions:
            console.print(f"{suspicion}.", style="yellow", markup=False)


def end(console: Console, objects: Sequence[ObjectLoaded]) -> None:
    """Ends with exit code 1 for whoever runs it by a clock: a snapshot was in doubt, or nothing came in."""
    kept_out = [it for it in objects if _is_kept_out(it)]
    for it in kept_out:
        console.print(
            f"No row of {it.name} was let in: see `onefold quarantine`, and whether the contract fits.",
            style="red",
        )
    if kept_out or any(it.is_stopped for it in objects):
        raise typer.Exit(1)


def _is_kept_out(loaded: ObjectLoaded) -> bool:
    """Whether rows came and every one of them was held; rows of people who were erased are no fault."""
    counts = loaded.counts
    return counts.quarantined > 0 and counts.quarantined + counts.refused == counts.offered
