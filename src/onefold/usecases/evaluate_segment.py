"""List the segments, and count one in bulk; some are asked one by one as well, by the other compiler."""

from __future__ import annotations

from collections.abc import Iterable

from onefold.gate.model import Permit
from onefold.gate.obligations import Obligation, in_steps
from onefold.insight.segments.model import (
    ACCOUNT_MEASURES,
    AnyAccount,
    Arithmetic,
    Comparison,
    Condition,
    Not,
    Number,
    Quantity,
    Segment,
    Sum,
)
from onefold.insight.segments.service import is_member, members
from onefold.kernel.errors import CallerError, NotFound
from onefold.kernel.time import MS_PER_DAY, day_of, iso_day, iso_instant
from onefold.record.canon.data_classes import class_of_record
from onefold.record.canon.vocabulary import CHANNELS
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.model import SourceCount
from onefold.usecases.model import SegmentList, SegmentView
from onefold.usecases.rooms import Rooms
from onefold.usecases.segment_words import sentences

_ENTITY = {
    "balance": "balance",
    "balances": "balance",
    "credit": "transaction",
    "debit": "transaction",
    "movements": "transaction",
    "logins": "interaction",
    "interactions": "interaction",
}
ASKED_MAX = 300
"""Customers in the set, and as many outside, who are asked one by one as well, drawn evenly: nobody may be
missing from it, and nobody may be in it by mistake."""


def list_segments(permit: Permit, rooms: Rooms) -> SegmentList:
    """By id, without counts."""
    permit.needs("list_segments")
    rooms.gate.released(permit, "segments_read", counts={"segments": len(rooms.segments)})
    return SegmentList(tuple(_described(it) for _, it in sorted(rooms.segments.items())))


def evaluate_segment(permit: Permit, rooms: Rooms, segment: str) -> SegmentView:
    """The definition and how many it holds; counts of customers, nobody's data.

    Whoever may only aggregate is told them in steps: not how many were asked one by one, since that tells how
    many a small segment holds.
    """
    permit.needs("evaluate_segment")
    found = segment_of(rooms, segment)
    as_of = newest_day(rooms, found)
    with rooms.reader.snapshot() as reader:
        everybody = all_customers(rooms)
        inside = members(found, rooms.bulk, as_of)
        held = set(inside)
        least = rooms.least_group if permit.obliges(Obligation.AGGREGATE) else 0
        asked = [] if least else _drawn(inside) + _drawn([it for it in everybody if it not in held])
        agreed = sum(is_member(found, reader, it, as_of) == (it in held) for it in asked)
    rooms.gate.released(
        permit,
        "segment_count",
        counts={"members": len(held), "customers": len(everybody)},
        details={"segment": found.id, "version": str(found.version), "as_of": iso_day(as_of)},
    )
    described = _described(found)
    return SegmentView(
        id=described.id,
        name=described.name,
        about=described.about,
        owner=described.owner,
        version=described.version,
        definition=described.definition,
        of_customers=in_steps(len(everybody), least or 1),
        bulk=in_steps(len(held), least or 1),
        asked=None if least else len(asked),
        agreed=None if least else agreed,
        as_of=iso_day(as_of),
        evaluated_at=iso_instant(rooms.clock.now_ms()),
        least=least,
        obligations=permit.obligations,
    )


def segment_of(rooms: Rooms, segment: str) -> Segment:
    """The published segment of an id."""
    found = rooms.segments.get(segment)
    if found is None:
        raise NotFound("There is no such segment.", hint=f"There are: {', '.join(sorted(rooms.segments))}.")
    return found


def newest_day(rooms: Rooms, segment: Segment) -> int:
    """The day a segment is evaluated for: the last one all it looks at has news of, and never after today.

    A cell whose files end last month is asked about last month; asked about today, everybody's balance would
    be missing and nobody would have logged in.
    """
    return newest_day_of(rooms.door.counts(), rooms.contracts, rooms.clock.now_ms(), segment)


def newest_day_of(counts: Iterable[SourceCount], contracts: Contracts, now: int, segment: Segment) -> int:
    """`newest_day` by what the door counted."""
    newest: dict[str, int] = {}
    for it in counts:
        objects = contracts.latest(it.source).objects
        if it.object in objects and it.last_event_at <= now + MS_PER_DAY:
            entity = objects[it.object].entity
            newest[entity] = max(newest.get(entity, 0), it.last_event_at)
    looked_at = {_ENTITY[measure] for measure in measures_of(segment.rule)}
    return day_of(min([now, *(newest[entity] for entity in looked_at if newest.get(entity))]))


def measures_of(part: Condition | Quantity) -> set[str]:
    """Every measure a rule asks for."""
    if isinstance(part, Sum):
        return {part.measure}
    if isinstance(part, Number):
        return set()
    if isinstance(part, Arithmetic | Comparison):
        return measures_of(part.left) | measures_of(part.right)
    if isinstance(part, AnyAccount):
        return measures_of(part.condition)
    inner = (part.of,) if isinstance(part, Not) else part.of
    return {measure for it in inner for measure in measures_of(it)}


def classes_of(segment: Segment) -> frozenset[str]:
    """The classes of data that make somebody a member; what is asked of accounts looks at these, too."""
    measures = measures_of(segment.rule)
    found = {class_of_record(_ENTITY[it], ()) for it in measures}
    return frozenset(found | ({class_of_record("account", ())} if measures & ACCOUNT_MEASURES else set()))


def all_customers(rooms: Rooms) -> list[bytes]:
    """Every customer id, in order."""
    found: list[bytes] = []
    while page := rooms.reader.customers(found[-1] if found else b"", 10_000):
        found += page
    return found


def _drawn(customers: list[bytes]) -> list[bytes]:
    """So many of them as are asked, evenly."""
    return customers[:: -(-len(customers) // ASKED_MAX) or 1]


def _described(segment: Segment) -> SegmentView:
    return SegmentView(
        id=segment.id,
        name=segment.title,
        about=segment.about,
        owner=segment.owner,
        version=str(segment.version),
        definition=sentences(segment.rule),
        of_customers=None,
        bulk=None,
        asked=None,
        agreed=None,
        as_of=None,
        evaluated_at=None,
    )


def check_reaches(permit: Permit) -> None:
    """`CallerError` for a channel by which nobody is reached: no suppression speaks of it."""
    if permit.channel not in CHANNELS:
        raise CallerError(
            "That is no channel by which customers are reached.",
            hint=f"These are: {', '.join(sorted(CHANNELS))}.",
        )
