"""Commands of the consent ledger: show what stands, tell its history, record what a customer said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from onefold.channels.cli.asking import permit
from onefold.channels.cli.house import House
from onefold.channels.cli.options import DataOption, LoginOption
from onefold.gate.ledger import ConsentLedger
from onefold.usecases.model import RecordedConsent
from onefold.usecases.record_consent import ConsentFact, record_consent
from onefold.usecases.show_consents import show_consents

CustomerArgument = Annotated[str, typer.Argument(help="The customer's id, or that of one of their records.")]
WhatArgument = Annotated[str, typer.Argument(help="A purpose, or a part of one: marketing, partner, …")]
ForOption = Annotated[str, typer.Option("--for", help="Why you look or write: servicing, compliance.")]
ChannelOption = Annotated[str, typer.Option(help="email, sms, call, push, app, web, branch, post, any.")]
EvidenceOption = Annotated[str, typer.Option(help="How we know: a form, a call, a letter.")]
AtOption = Annotated[str, typer.Option(help="A day or an instant (UTC); without it, now.")]
KnownOption = Annotated[
    str, typer.Option(help="now; then: by what had been recorded at that time; or by a day or an instant.")
]
DataClassOption = Annotated[str, typer.Option(help="Of which data; without it, of all.")]
ControllerOption = Annotated[str, typer.Option(help="Which firm; without it, we ourselves.")]
NoticeOption = Annotated[str, typer.Option(help="The notice that was shown, by its id.")]
VersionOption = Annotated[str, typer.Option(help="The version of the notice.")]
LanguageOption = Annotated[str, typer.Option(help="The language of the notice.")]
MechanismOption = Annotated[
    str, typer.Option(help="signed, ticked, tapped, spoken, written, device, implied.")
]
JurisdictionOption = Annotated[str, typer.Option(help="The law it was given under: UZ, DE, US-CA.")]
LimitOption = Annotated[int, typer.Option(min=1, max=500, help="How many of the newest.")]
CursorOption = Annotated[str, typer.Option(help="Goes on where the page before ended.")]
PartsOption = Annotated[bool, typer.Option(help="The notice says that the parts are included.")]
BeginsOption = Annotated[str, typer.Option(help="A day or an instant; without it, at once.")]
UntilOption = Annotated[str, typer.Option(help="A day or an instant; without it, for good.")]


def add_consent_commands(app: typer.Typer, house: House, console: Console) -> None:
    """`consent show | history | grant | withdraw | object`."""
    group = typer.Typer(help="What customers agreed to, took back and objected to.", no_args_is_help=True)
    _add_looking(group, house, console)
    _add_granting(group, house, console)
    for name in _RESTRICTING:
        _add_restricting(group, house, console, name)
    app.add_typer(group, name="consent")


def _add_looking(group: typer.Typer, house: House, console: Console) -> None:
    @group.command("show")
    def show(
        customer: CustomerArgument,
        at: AtOption = "",
        known: KnownOption = "now",
        reason: ForOption = "compliance",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Shows what stands for each purpose, channel, class of data and firm, or stood at an instant."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "show_consents", reason)
            print_standing(console, show_consents(asked, rooms, customer, at=at, known=known))

    @group.command("history")
    def history(
        customer: CustomerArgument,
        limit: LimitOption = 50,
        cursor: CursorOption = "",
        reason: ForOption = "compliance",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Tells every fact with its evidence, newest first."""
        with house.working(data) as rooms:
            asked = permit(rooms, login, "show_consents", reason)
            print_history(console, show_consents(asked, rooms, customer, cursor=cursor, limit=limit))


def _add_granting(group: typer.Typer, house: House, console: Console) -> None:
    @group.command("grant")
    def grant(
        customer: CustomerArgument,
        purpose: WhatArgument,
        channel: ChannelOption,
        evidence: EvidenceOption,
        data_class: DataClassOption = "",
        controller: ControllerOption = "",
        parts: PartsOption = False,
        begins: BeginsOption = "",
        until: UntilOption = "",
        notice: NoticeOption = "",
        notice_version: VersionOption = "",
        language: LanguageOption = "",
        mechanism: MechanismOption = "",
        jurisdiction: JurisdictionOption = "",
        reason: ForOption = "compliance",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        """Records that the customer agreed; it is written for the record that is proven best."""
        scope = (data_class, controller, parts, begins, until)
        told = (jurisdiction, notice, notice_version, language, mechanism)
        fact = ConsentFact(purpose, channel, "granted", evidence, *scope, "", *told)
        with house.working(data) as rooms:
            asked = permit(rooms, login, "record_consent", reason)
            print_recorded(console, record_consent(asked, rooms, customer, fact))


_RESTRICTING = {
    "withdraw": (
        "withdrawn",
        "Records that the customer took it back; it counts for all their records, and for all its parts.",
    ),
    "object": ("objected", "Records that the customer objects, to a legitimate interest too."),
}
"""Command → what it records, and its help."""


def _add_restricting(group: typer.Typer, house: House, console: Console, name: str) -> None:
    said, about = _RESTRICTING[name]

    @group.command(name, help=about)
    def restrict(
        customer: CustomerArgument,
        purpose: WhatArgument,
        channel: ChannelOption,
        evidence: EvidenceOption,
        data_class: DataClassOption = "",
        controller: ControllerOption = "",
        mechanism: MechanismOption = "",
        reason: ForOption = "compliance",
        login: LoginOption = "",
        data: DataOption = Path(".onefold"),
    ) -> None:
        scope = (data_class, controller)
        fact = ConsentFact(purpose, channel, said, evidence, *scope, mechanism=mechanism)
        with house.working(data) as rooms:
            asked = permit(rooms, login, "record_consent", reason)
            print_recorded(console, record_consent(asked, rooms, customer, fact))


def print_standing(console: Console, ledger: ConsentLedger) -> None:
    """A line a use, whether it may be made, and what decided it."""
    console.print(f"Customer {ledger.customer} at {ledger.at}, as known {ledger.known}", style="bold")
    table = Table("purpose", "channel", "data", "firm", "rests on", "stands", "may", box=None)
    for column in ("since", "until", "said to"):
        table.add_column(column)
    for it in ledger.standing:
        scope = it.purpose, it.channel, it.data_class, it.controller or "we"
        may = "yes" if it.may else "no"
        table.add_row(*scope, it.basis, it.state, may, it.since[:10], (it.until or "")[:10], it.source)
    console.print(table)
    for stopped in ledger.suppressions:
        console.print(f"do not contact by {stopped.channel}: {stopped.reason or 'no reason given'}")
    console.print(f"Audit record: {ledger.decision}", style="dim")


def print_history(console: Console, ledger: ConsentLedger) -> None:
    """A line a fact, newest first; the evidence below it."""
    for it in ledger.items:
        firm = f" to {it.controller}" if it.controller else ""
        data = "" if it.data_class == "any" else f", {it.data_class} data"
        parts = " with its parts" if it.includes_parts else ""
        scope = f"{it.purpose}{parts}, {it.channel}{data}{firm}"
        console.print(f"{it.at[:16]}  {it.fact}  {scope}  ({it.source}, recorded {it.recorded_at[:16]})")
        notice = f"notice {it.notice} {it.notice_version}".strip() if it.notice else ""
        told = (it.basis, notice, it.language, it.mechanism, it.jurisdiction, it.evidence)
        console.print(f"    {', '.join(word for word in told if word)}", style="dim")
    if ledger.next:
        console.print(f"More: --cursor {ledger.next}")
    console.print(f"Audit record: {ledger.decision}", style="dim")


def print_recorded(console: Console, done: RecordedConsent) -> None:
    """What is in force now."""
    records = "1 record" if done.reaches == 1 else f"{done.reaches} records"
    console.print(f"{done.fact}: {done.purpose}, {done.channel}; in force for {records} of {done.customer}")
