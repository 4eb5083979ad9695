"""What becomes of prepared rows, given what the index knows: pure, in the order the rows came.

**Events** count once for ever: by their id. **Records** state what is so: a row equal to the last one of its
key is `unchanged`; one with the same `as_of` and other content contradicts it (`key_repeated`); an older one
is refused (`snapshot_older`) unless it is loaded as history, which then never moves what is known as newest.
A row of several events is let in whole or not at all, but for what it takes away: a restriction is let in
although its row, or it itself, contradicts what came before. Only of an erased person nothing is. A row is a
duplicate only when all of its events are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from onefold import RELEASE
from onefold.record.contracts.errors import Reason
from onefold.record.intake.model import Outcome, Prepared, Stated

SnapshotKey = tuple[str, bytes]
"""(source/object, fragment id)."""

Snapshots = dict[SnapshotKey, Stated]
"""What was last stated."""


class Settled(msgspec.Struct):
    """Per row its outcome and, for a fault, the event and reason; and what follows for the index."""

    outcomes: list[Outcome] = msgspec.field(default_factory=list)
    faults: dict[int, tuple[Prepared, Reason]] = msgspec.field(default_factory=dict)
    accepted: list[Prepared] = msgspec.field(default_factory=list)
    released: list[tuple[int, bytes]] = msgspec.field(default_factory=list)
    remembered: Snapshots = msgspec.field(default_factory=dict)


def judged_by(version: str) -> str:
    """Who judges the rows of a contract's version: that version, as this release understands it."""
    return f"{version} {RELEASE}"


def snapshot_key(event: Prepared) -> SnapshotKey:
    """Under what a record's last row is remembered."""
    return event.object.address, event.fragment_id


def is_seen(event: Prepared, known: Snapshots) -> bool | None:
    """Whether an event was let in before, where what was last stated tells: the id of a record that brings
    none is made of its row and as_of, and no record of a later as_of than the last stated one was let in.
    """
    last = known.get(snapshot_key(event)) if event.is_told_by_row else None
    if last is None or last[0] != event.digest or last[1] > event.as_of:
        return None
    return last[1] == event.as_of


def settle(
    rows: Sequence[tuple[Prepared, ...]], fresh: set[bytes], known: Snapshots, erased: frozenset[bytes]
) -> Settled:
    """Decides on rows in order.

    `fresh` are the event ids the index had not seen (and now claims), `known` what was last stated of the
    records among them, `erased` the subjects and fragments of which nothing is known any more.
    """
    out = Settled()
    unclaimed = set(fresh)
    for number, events in enumerate(rows):
        if len(events) == 1 and not erased and not events[0].is_record:
            # Nothing but its id can speak against a single event.
            outcome = Outcome.DUPLICATE
            if events[0].event_id in unclaimed:
                outcome = Outcome.ACCEPTED
                unclaimed.discard(events[0].event_id)
                out.accepted.append(events[0])
        else:
            outcome = _row(number, events, unclaimed, known, erased, out)
        out.outcomes.append(outcome)
    # Claims nobody used: events of rows that were not let in, which may come right another day.
    out.released = [
        (event.day, event.event_id) for events in rows for event in events if event.event_id in unclaimed
    ]
    return out


def _row(
    number: int,
    events: tuple[Prepared, ...],
    unclaimed: set[bytes],
    known: Snapshots,
    erased: frozenset[bytes],
    out: Settled,
) -> Outcome:
    fresh = [event for event in events if event.event_id in unclaimed]
    fault = None
    if erased:
        gone = (it for it in fresh if it.subject_id in erased or it.fragment_id in erased)
        fault = next(((it, Reason.SUBJECT_ERASED) for it in gone), None)
    if fault is not None:
        out.faults[number] = fault
        return Outcome.FAULT
    new: list[tuple[Prepared, SnapshotKey | None]] = []
    unchanged = False
    for event in fresh:
        key = snapshot_key(event) if event.is_record else None
        last = (out.remembered.get(key) or known.get(key)) if key else None
        contradiction = _contradiction(event, last)
        if contradiction is not None:
            fault = fault or (event, contradiction)
        elif last is not None and last[0] == event.digest and not _is_history(event, last):
            unchanged = True
            if key and last[2] != (judge := judged_by(event.object.contract.version)):
                out.remembered[key] = (last[0], last[1], judge)
            continue
        new.append((event, None if _is_history(event, last) else key))
    if fault is not None:
        out.faults[number] = fault
        new = [it for it in new if it[0].restricts]
    for event, key in new:
        unclaimed.discard(event.event_id)
        out.accepted.append(event)
        if key:
            out.remembered[key] = (event.digest, event.as_of, judged_by(event.object.contract.version))
    if fault is not None:
        return Outcome.FAULT
    if new:
        return Outcome.ACCEPTED
    return Outcome.UNCHANGED if unchanged else Outcome.DUPLICATE


def _is_history(event: Prepared, last: Stated | None) -> bool:
    return last is not None and event.as_of < last[1]


def _contradiction(event: Prepared, last: Stated | None) -> Reason | None:
    """Only snapshots can contradict: rows whose as_of is their arrival are simply the next word."""
    if last is None or not event.is_snapshot:
        return None
    if event.as_of < last[1]:
        return None if event.is_backfill else Reason.SNAPSHOT_OLDER
    return Reason.KEY_REPEATED if event.as_of == last[1] and event.digest != last[0] else None
