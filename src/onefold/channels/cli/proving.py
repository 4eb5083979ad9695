"""`onefold prove`: that everything that left was allowed to, judged again from the log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from onefold.channels.cli.house import ConsentProved, House, Period
from onefold.channels.cli.options import DataOption
from onefold.channels.cli.proofs import EXIT_DAMAGED
from onefold.channels.cli.watching import watching
from onefold.kernel.errors import CallerError
from onefold.kernel.time import instant_from_datetime

VIOLATIONS_SHOWN = 100
INSTANT = "A day or an instant (ISO 8601), such as 2026-01-31."


def add_proving_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`prove consent`: it reads alone, and may run beside a server."""
    prove = typer.Typer(help="Judges again what left.", no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(prove, name="prove")

    @prove.command("consent")
    def consent(
        since: Annotated[str, typer.Option(help=f"From when on. {INSTANT}")] = "",
        until: Annotated[str, typer.Option(help=f"Before when. {INSTANT}")] = "",
        channel: Annotated[str, typer.Option(help="Releases over this channel alone.")] = "",
        campaign: Annotated[str, typer.Option(help="Releases of this segment or file alone.")] = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Joins every release with the consent in force at that instant, from audit and log alone."""
        period = Period(instant_of(since), instant_of(until), channel, campaign)
        with watching(console) as watch:
            proved = house.prove_consent(data, period, watch)
        print_proved(console, proved)
        if not proved.holds:
            raise typer.Exit(EXIT_DAMAGED)


def print_proved(console: Console, proved: ConsentProved) -> None:
    """The count, the violations, and what the count covers."""
    console.print(f"{proved.releases:,} releases, {proved.customers:,} customers judged again")
    for count, what in (
        (proved.resting_on_none, "releases for a contract or a legal duty, which rest on no consent"),
        (proved.erased, "customers who were erased since: what they had said is gone"),
        (proved.of_before, "releases from before the audit named what they rested on: not judged"),
    ):
        if count:
            console.print(f"{count:,} {what}")
    console.print(f"{len(proved.violations):,} violations", style="bold red" if proved.violations else "bold")
    for it in proved.violations[:VIOLATIONS_SHOWN]:
        console.print(f"record {it.record}: {it.customer}: {it.why}", style="red", soft_wrap=True)
    for finding in proved.findings:
        console.print(finding, style="bold red", soft_wrap=True)
    console.print(
        f"over {proved.audit_records:,} audit records, signed for through {proved.sealed_through:,}"
    )
    console.print(f"root   {proved.root}", soft_wrap=True)
    console.print(f"chain  {proved.chain}", soft_wrap=True)


def instant_of(text: str) -> int:
    """Milliseconds of a day or an instant; 0 for none. Without a zone it is UTC."""
    if not text:
        return 0
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CallerError("That is not a day or an instant.", hint=INSTANT) from None
    return instant_from_datetime(at)
