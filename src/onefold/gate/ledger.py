"""The consents of one customer as a ledger: every fact with its evidence, and what stood at an instant.

Two clocks. What stood at T *as known now* is made of all that was said up to T, whenever we heard of it; *as
known then*, of what had been recorded by T. Both are the same fold over the events of the log and the same
rules that the gate goes by (`customer/consent`); only which events count differs. Who is the same customer is
taken from now in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from onefold.customer.consent.model import (
    ANY_CHANNEL,
    ANY_PURPOSE,
    OURSELVES,
    ConsentFact,
    FactKind,
    Standing,
    State,
    Suppression,
    Use,
)
from onefold.customer.consent.rules import Consents
from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.fragments.permissions import facts_of, suppressions_of
from onefold.customer.fragments.state import fold
from onefold.customer.identity.model import EvidenceProvider
from onefold.gate.dossier import Dossier, verified_pairs
from onefold.gate.paging import cursor_of, place_of
from onefold.gate.scope import Scope
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.pipeline.retelling import Told
from onefold.record.canon.data_classes import ANY_DATA
from onefold.record.canon.purposes import LINEAGE, PURPOSES

RELATIONS = ("consent.party", "suppression.party")
_FRAGMENTS_MAX = 5000


class ConsentStands(msgspec.Struct, frozen=True):
    """What stood for one use: yes only where every record of the customer says so.

    `basis` is what the purpose rests on, `may` whether it was allowed; without a fact `since` is empty.
    """

    purpose: str
    channel: str
    data_class: str
    controller: str
    basis: str
    state: str
    may: bool
    since: str
    until: str | None
    source: str


class ConsentEvent(msgspec.Struct, frozen=True):
    """One thing that was said, with all we know of how. `fact` is `deleted` where a source took its row back.

    `at` is when it was said, `recorded_at` when we heard of it, `fragment` the record it was said by.
    """

    id: str
    at: str
    recorded_at: str
    fact: str
    purpose: str
    channel: str
    data_class: str
    controller: str
    includes_parts: bool
    begins: str | None
    until: str | None
    basis: str
    jurisdiction: str
    notice: str
    notice_version: str
    language: str
    mechanism: str
    evidence: str
    source: str
    fragment: str


class SuppressionView(msgspec.Struct, frozen=True):
    """A suppression that was in force."""

    channel: str
    reason: str
    since: str
    source: str


class ConsentLedger(msgspec.Struct, frozen=True):
    """What stood at `at`, as known `known` (now or then), and one page of all that was said, newest first."""

    customer: str
    purpose: str
    at: str
    known: str
    standing: tuple[ConsentStands, ...]
    suppressions: tuple[SuppressionView, ...]
    items: tuple[ConsentEvent, ...]
    next: str | None
    decision: str
    """Id of the audit record of this answer."""


class Moment(NamedTuple):
    """What is asked of the ledger: an instant, as known then or now, and a page."""

    at: int
    known_then: bool
    cursor: str
    limit: int


def fragments_in(scope: Scope, dossier: Dossier) -> list[bytes]:
    """The consents and suppressions that ever spoke of a record of the customer."""
    members = list(dossier.members)
    links = (scope.reader.linked(members, it, most=_FRAGMENTS_MAX) for it in RELATIONS)
    return list(dict.fromkeys(from_id for found in links for _, from_id, _ in found))


def cut_ledger(
    scope: Scope, dossier: Dossier, provider: EvidenceProvider, told: Sequence[Told], asked: Moment
) -> ConsentLedger:
    """The ledger, but for the id of its audit record."""
    counted = [it for it in told if _counts(it, asked)]
    fragments = _folded(counted)
    facts = [fact for it in fragments for fact in facts_of(it)]
    stopped = [it for found in fragments for it in suppressions_of(found)]
    verified = verified_pairs(dossier.members, provider) if len(dossier.members) > 1 else ()
    consents = Consents(list(dossier.members), facts, stopped, verified, asked.at)
    events = sorted(_events(scope, dossier, told), reverse=True)
    before = place_of(asked.cursor)
    events = [it for it in events if before is None or (it.at, it.event_id) < before]
    page = events[: asked.limit]
    more = len(events) > asked.limit
    return ConsentLedger(
        customer=id_text(dossier.customer),
        purpose=scope.permit.purpose,
        at=iso_instant(asked.at),
        known="then" if asked.known_then else "now",
        standing=tuple(_stands(consents, list(dossier.members), it) for it in _uses(consents.facts)),
        suppressions=tuple(_suppression(it) for it in consents.suppressions),
        items=tuple(it.shown for it in page),
        next=cursor_of((page[-1].at, page[-1].event_id)) if more else None,
        decision="",
    )


def _counts(it: Told, asked: Moment) -> bool:
    """Whether an event counts for the instant asked for."""
    if asked.known_then:
        return it.recorded_at <= asked.at
    said = (it.statement.values or {}).get("given_at")
    return min(it.statement.stamp[0], it.statement.stamp[0] if said is None else said) <= asked.at


def _folded(told: Iterable[Told]) -> list[Fragment]:
    """The fragments after these events."""
    found: dict[bytes, Fragment] = {}
    for it in told:
        key = it.statement.fragment_id
        found[key] = fold(found.get(key), it.statement)
    return list(found.values())


def _uses(facts: Iterable[ConsentFact]) -> list[Use]:
    """Every use somebody spoke of, parts of purposes too where they were meant; wholes that nobody did."""
    found: dict[tuple[int, str, str, str], Use] = {}
    order = {name: place for place, name in enumerate(PURPOSES)}
    spoken = [
        Use(purpose, fact.channel, fact.data_class, fact.controller)
        for fact in facts
        for purpose in PURPOSES
        if fact.purpose in (purpose, ANY_PURPOSE) or (fact.purpose in LINEAGE[purpose] and _means_parts(fact))
    ]
    ours = {it.purpose for it in spoken if it.controller == OURSELVES}
    silent = [
        Use(name, ANY_CHANNEL)
        for name, purpose in PURPOSES.items()
        if purpose.needs_consent and not purpose.part_of and name not in ours
    ]
    for use in (*spoken, *silent):
        found[order[use.purpose], use.channel, use.data_class, use.controller] = use
    return [use for _, use in sorted(found.items())]


def _means_parts(fact: ConsentFact) -> bool:
    return fact.kind is not FactKind.GRANTED or fact.includes_parts


def _stands(consents: Consents, members: Sequence[bytes], use: Use) -> ConsentStands:
    asked = (use.purpose, use.channel, use.data_class, use.controller)
    found = [consents.standing(it, *asked) for it in members]
    stands = next((it for it in found if it.state is not State.GRANTED), found[0])
    return _line(use, stands, all(consents.permits(it, *asked) for it in members))


def _line(use: Use, stands: Standing, may: bool) -> ConsentStands:
    fact = stands.fact
    return ConsentStands(
        purpose=use.purpose,
        channel=use.channel,
        data_class=use.data_class,
        controller=use.controller,
        basis=PURPOSES[use.purpose].basis.value,
        state=stands.state.value,
        may=may,
        since=iso_instant(fact.at) if fact else "",
        until=_instant(fact.until_at) if fact else None,
        source=fact.source if fact else "",
    )


class _Event(NamedTuple):
    """A line of the ledger with its place; no two have the same."""

    at: int
    event_id: bytes
    shown: ConsentEvent


def _events(scope: Scope, dossier: Dossier, told: Iterable[Told]) -> list[_Event]:
    """Each event of a consent, with what its record said once it was taken in."""
    held: dict[bytes, Fragment] = {}
    found: dict[bytes, _Event] = {}
    ordered = sorted(told, key=lambda it: it.statement.stamp)
    for recorded_at, statement in ordered:
        if statement.entity != "consent" or statement.stamp[1] in found:
            continue
        before = held.get(statement.fragment_id)
        after = held[statement.fragment_id] = fold(before, statement)
        if statement.values is None:
            values, fact = (before.values if before else None) or {}, "deleted"
        else:
            values = after.values or {}
            fact = str(values.get("fact", ""))
        if values.get("party") not in dossier.members:
            continue
        at = statement.stamp[0] if fact == "deleted" else int(values.get("given_at", statement.stamp[0]))
        shown = _event(scope, after, values, fact, at, recorded_at, statement.stamp[1])
        found[statement.stamp[1]] = _Event(at, statement.stamp[1], shown)
    return list(found.values())


def _event(
    scope: Scope, it: Fragment, values: Values, fact: str, at: int, recorded_at: int, event_id: bytes
) -> ConsentEvent:
    """A source that is closed to the purpose still restricts: the fact is shown, its evidence is not."""

    def told(name: str) -> str:
        return str(values.get(name, "")) if scope.allows(it.source) else ""

    return ConsentEvent(
        id=id_text(event_id),
        at=iso_instant(at),
        recorded_at=iso_instant(recorded_at),
        fact=fact,
        purpose=str(values.get("purpose", ANY_PURPOSE)),
        channel=str(values.get("channel", ANY_CHANNEL)),
        data_class=str(values.get("data_class", ANY_DATA)),
        controller=str(values.get("controller", OURSELVES)),
        includes_parts=bool(values.get("includes_parts", False)),
        begins=_instant(values.get("from_at")),
        until=_instant(values.get("until_at")),
        basis=str(values.get("basis", "consent")),
        jurisdiction=str(values.get("jurisdiction", "")),
        notice=told("notice"),
        notice_version=told("notice_version"),
        language=told("language"),
        mechanism=told("mechanism"),
        evidence=told("evidence"),
        source=it.source,
        fragment=id_text(values["party"]),
    )


def _suppression(it: Suppression) -> SuppressionView:
    return SuppressionView(it.channel, it.reason, iso_instant(it.at), it.source)


def _instant(at: int | None) -> str | None:
    return None if at is None else iso_instant(at)
