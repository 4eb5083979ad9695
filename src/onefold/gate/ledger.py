"""The consents of one customer as a ledger: every fact with its evidence, and what stood at an instant.

Two clocks. What stood at T *as known now* is made of all that was said up to T, whenever we heard of it; *as
known then*, of what had been recorded by T. And *as known at K*, any other instant: of what had been recorded
by K, and, where K is the later one, said up to T. All are the same fold over the events of the log and the
same rules that the gate goes by (`customer/consent`); only which events count differs. Who is the same
customer is taken from now: who was on another day depends on whoever shared an identifier with them on that
day, and neither the state nor the log finds records by the identifiers that they had (ADR 0027).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from onefold.gate.deciding import Deciding, Effect, FactKey, key_of
from onefold.gate.dossier import EVERY_LINK, Dossier, verified_pairs
from onefold.gate.paging import cursor_of, place_of
from onefold.gate.scope import Scope
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_instant
from onefold.pipeline.retelling import Told
from onefold.record.canon.data_classes import ANY_DATA, OF_VIEWS
from onefold.record.canon.purposes import LINEAGE, PURPOSES, Basis

RELATIONS = ("consent.party", "suppression.party")
_KINDS = frozenset(FactKind)


class ConsentStands(msgspec.Struct, frozen=True):
    """What stood for one use: yes only where every record of the customer says so.

    `basis` is what the purpose rests on, `may` whether it was allowed; without a fact `since` is empty.
    `fact` is the event that decided, `granted` of how many of the customer's `records` it was granted for.
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
    fact: str
    granted: int
    records: int


class ConsentEvent(msgspec.Struct, frozen=True):
    """One thing that was said, with all we know of how. `fact` is `deleted` where a source took its row back.

    `at` is when it was said, `recorded_at` when we heard of it, `fragment` the record it was said by.
    `effect` is what it did at the instant asked for: it `stands`, was `replaced` by `replaced_by`, is `over`,
    lies `ahead`, came `later`, or has `none`.
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
    effect: str = Effect.NONE
    replaced_by: str = ""


class SuppressionView(msgspec.Struct, frozen=True):
    """A suppression that was in force."""

    channel: str
    reason: str
    since: str
    source: str


class ConsentLedger(msgspec.Struct, frozen=True):
    """What stood at `at`, as known `known` (now, then, or an instant), and a page of all that was said."""

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
    """What is asked of the ledger: an instant, by what was recorded by another (None: now), and a page."""

    at: int
    known_by: int | None
    cursor: str
    limit: int

    @property
    def known(self) -> str:
        """The knowledge in a word, or the instant it is of."""
        if self.known_by is None:
            return "now"
        return "then" if self.known_by == self.at else iso_instant(self.known_by)


def fragments_in(scope: Scope, dossier: Dossier) -> list[bytes]:
    """The consents and suppressions that ever spoke of a record of the customer."""
    members = list(dossier.members)
    links = (scope.reader.linked(members, it, most=EVERY_LINK) for it in RELATIONS)
    return list(dict.fromkeys(from_id for found in links for _, from_id, _ in found))


def cut_ledger(scope: Scope, dossier: Dossier, told: Sequence[Told], asked: Moment) -> ConsentLedger:
    """The ledger, but for the id of its audit record."""
    counted = [it for it in told if _counts(it, asked)]
    fragments = _folded(counted)
    facts = [fact for it in fragments for fact in facts_of(it)]
    stopped = [it for found in fragments for it in suppressions_of(found)]
    verified = verified_pairs(dossier.members) if len(dossier.members) > 1 else ()
    consents = Consents(list(dossier.members), facts, stopped, verified, asked.at)
    deciding = Deciding(consents, list(dossier.members), _uses(consents.facts))
    told_of = _events(scope, dossier, told, asked)
    by_key = {it.key: it for it in told_of if it.counts}
    events = sorted(told_of, reverse=True)
    before = place_of(asked.cursor)
    events = [it for it in events if before is None or (it.at, it.event_id) < before]
    page = events[: asked.limit]
    more = len(events) > asked.limit
    return ConsentLedger(
        customer=id_text(dossier.customer),
        purpose=scope.permit.purpose,
        at=iso_instant(asked.at),
        known=asked.known,
        standing=tuple(
            _line(
                use,
                found,
                all(
                    consents.permits(it, use.purpose, use.channel, use.data_class, use.controller)
                    for it in dossier.members
                ),
                by_key,
            )
            for use, found in deciding.standings.items()
        ),
        suppressions=tuple(_suppression(it) for it in consents.suppressions),
        items=tuple(_with_effect(it, by_key, deciding, asked.at) for it in page),
        next=cursor_of((page[-1].at, page[-1].event_id)) if more else None,
        decision="",
    )


def _counts(it: Told, asked: Moment) -> bool:
    """Whether an event counts for the instant asked for."""
    if asked.known_by is not None and it.recorded_at > asked.known_by:
        return False
    if asked.known_by is not None and asked.known_by <= asked.at:
        return True
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
    """Every use somebody spoke of, parts of purposes too where they were meant; wholes that nobody did.

    Where something was said of all data and something else of one class, each class is a use of its own.
    """
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
    for use in (*spoken, *_apart(spoken), *silent):
        found[order[use.purpose], use.channel, use.data_class, use.controller] = use
    return [use for _, use in sorted(found.items())]


def _apart(spoken: Iterable[Use]) -> Iterator[Use]:
    """Each class, for the purposes and firms of which all data was spoken of and one class, too."""
    classes: dict[tuple[str, str], set[str]] = {}
    channels: dict[tuple[str, str], set[str]] = {}
    for it in spoken:
        classes.setdefault((it.purpose, it.controller), set()).add(it.data_class)
        channels.setdefault((it.purpose, it.controller), set()).add(it.channel)
    for about, named in classes.items():
        if ANY_DATA in named and named != {ANY_DATA}:
            purpose, controller = about
            for channel in channels[about]:
                yield from (Use(purpose, channel, it, controller) for it in OF_VIEWS)


def _means_parts(fact: ConsentFact) -> bool:
    return fact.kind is not FactKind.GRANTED or fact.includes_parts


def _line(use: Use, found: Sequence[Standing], may: bool, by_key: Mapping[FactKey, _Event]) -> ConsentStands:
    stands = next((it for it in found if it.state is not State.GRANTED), found[0])
    fact = stands.fact
    event = by_key.get(key_of(fact)) if fact else None
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
        fact=event.shown.id if event else "",
        granted=sum(it.state is State.GRANTED for it in found),
        records=len(found),
    )


def _with_effect(it: _Event, by_key: Mapping[FactKey, _Event], deciding: Deciding, at: int) -> ConsentEvent:
    """An event with what it does at the instant; what a source took back does nothing by itself."""
    shown, grants = it.shown, it.shown.fact == FactKind.GRANTED
    effect, by = Effect.NONE, None
    if not it.counts:
        effect = Effect.LATER
    elif (last := by_key[it.key]).event_id != it.event_id:
        effect, by = Effect.REPLACED, last
    elif (found := deciding.effect(it.key)) is not None:
        effect = found
    elif grants and (it.at > at or it.begins_at > at):
        effect = Effect.AHEAD
    elif shown.fact in _KINDS and not (grants and shown.basis not in ("", Basis.CONSENT)):
        use = Use(shown.purpose, shown.channel, shown.data_class, shown.controller)
        other = deciding.instead_of(it.key, it.party, use)
        if other and (other.kind, other.at) == (it.key.kind, it.key.at):
            effect = Effect.STANDS  # The same word, said of another record of the customer.
        elif other:
            effect, by = Effect.REPLACED, by_key.get(other)
    return msgspec.structs.replace(shown, effect=effect.value, replaced_by=by.shown.id if by else "")


class _Event(NamedTuple):
    """A line of the ledger with its place; no two have the same. It `counts` for the instant or does not."""

    at: int
    event_id: bytes
    shown: ConsentEvent
    key: FactKey
    party: bytes
    begins_at: int
    counts: bool


def _events(scope: Scope, dossier: Dossier, told: Iterable[Told], asked: Moment) -> list[_Event]:
    """Each event of a consent, with what its record said once it was taken in."""
    held: dict[bytes, Fragment] = {}
    found: dict[bytes, _Event] = {}
    ordered = sorted(told, key=lambda it: it.statement.stamp)
    for one in ordered:
        recorded_at, statement = one
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
        key = FactKey(statement.fragment_id, fact, at)
        begins_at, counts = int(values.get("from_at", at)), _counts(one, asked)
        found[statement.stamp[1]] = _Event(
            at, statement.stamp[1], shown, key, values["party"], begins_at, counts
        )
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
