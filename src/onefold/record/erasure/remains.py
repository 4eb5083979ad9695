"""What the log holds of people, told by the plain headers of its frames, and what has to be said again.

A frame is one ciphertext about one subject. Where all of a subject's fragments go, its key is destroyed and
nothing else is needed. Where others are sealed under the same key (the other holder of an account), the
frames that hold both are written once more with what stays, under the ids and instants they had: a second
delivery of the same events, which every fold takes for what it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import msgspec

from onefold.record.log.frames import decode_header, encode_header
from onefold.record.log.model import EventHeader, EventKind, FrameHeader, Record
from onefold.record.log.ports import SegmentReader
from onefold.record.log.seal import Sealer

EVENTS_A_FRAME = 1_000
NO_SUBJECT = bytes(16)
"""The subject of frames that have no body: nobody's key is asked for."""
_BATCH = 2_000


class Sealed(NamedTuple):
    """`under`: subject → fragments sealed under its key; `of`: fragment → the subjects it is sealed under.

    Both without what was erased before; `entities` with it.
    """

    under: dict[bytes, set[bytes]]
    of: dict[bytes, set[bytes]]
    entities: dict[bytes, str]


def sealed(log: SegmentReader, subjects: AbstractSet[bytes], fragments: AbstractSet[bytes]) -> Sealed:
    """Who is sealed with whom, for these subjects and fragments; every header of the log is read once."""
    found = Sealed(defaultdict(set), defaultdict(set), {})
    for record in log.scan():
        header = decode_header(record.header)
        whole = header.subject_id in subjects
        for event in header.events:
            if whole or event.fragment_id in fragments:
                found.entities[event.fragment_id] = header.entity
                if record.payload is not None and header.subject_id != NO_SUBJECT:
                    found.under[header.subject_id].add(event.fragment_id)
                    found.of[event.fragment_id].add(header.subject_id)
    return found


def said_after(log: SegmentReader, sequence: int, entities: Collection[str]) -> set[bytes]:
    """Fragments of these entities of which the log says anything after a sequence."""
    found: set[bytes] = set()
    while records := log.read(sequence, _BATCH):
        for record in records:
            header = decode_header(record.header)
            if header.entity in entities:
                found.update(it.fragment_id for it in header.events)
        sequence = records[-1].sequence
    return found


def goes(header: FrameHeader, subjects: AbstractSet[bytes], fragments: AbstractSet[bytes]) -> bool:
    """Whether the body of a frame has to go: it is about somebody who is erased."""
    if header.subject_id == NO_SUBJECT:
        return False
    return header.subject_id in subjects or any(it.fragment_id in fragments for it in header.events)


def erasing_frames(
    cell: str,
    entities: dict[bytes, str],
    fragments: Iterable[bytes],
    at: int,
    event_id: Callable[[bytes], bytes],
) -> list[tuple[bytes, bytes]]:
    """The control events: entries for the log that say of each fragment it ever held that it is erased."""
    by_entity: dict[str, list[bytes]] = defaultdict(list)
    for fragment_id in sorted(entities.keys() & set(fragments)):
        by_entity[entities[fragment_id]].append(fragment_id)
    return [
        (_erasing(cell, entity, ids[start : start + EVENTS_A_FRAME], at, event_id), b"")
        for entity, ids in sorted(by_entity.items())
        for start in range(0, len(ids), EVENTS_A_FRAME)
    ]


def _erasing(
    cell: str, entity: str, ids: Sequence[bytes], at: int, event_id: Callable[[bytes], bytes]
) -> bytes:
    events = tuple(EventHeader(event_id(it), it, EventKind.ERASE, at, b"", 0) for it in ids)
    return encode_header(FrameHeader(cell, "onefold", "erasure", "", entity, NO_SUBJECT, at, b"", events))


def said_again(
    log: SegmentReader, sealer: Sealer, subjects: AbstractSet[bytes], fragments: AbstractSet[bytes]
) -> Iterator[list[tuple[bytes, bytes]]]:
    """Entries for the log: what stays of frames that also hold what goes. In parts, in order."""
    mixed: list[Record] = []
    for record in log.scan():
        header = decode_header(record.header)
        if record.payload is None or header.subject_id in subjects or header.subject_id == NO_SUBJECT:
            continue
        going = sum(it.fragment_id in fragments for it in header.events)
        if 0 < going < len(header.events):
            mixed.append(record)
            if len(mixed) == _BATCH:
                yield _without(mixed, sealer, fragments)
                mixed = []
    if mixed:
        yield _without(mixed, sealer, fragments)


def _without(
    records: Sequence[Record], sealer: Sealer, fragments: AbstractSet[bytes]
) -> list[tuple[bytes, bytes]]:
    frames: list[tuple[FrameHeader, list[bytes]]] = []
    for _, header, bodies in sealer.open(records):
        if bodies is None:
            continue
        kept = [
            (event, body)
            for event, body in zip(header.events, bodies, strict=True)
            if event.fragment_id not in fragments
        ]
        events = tuple(event for event, _ in kept)
        frames.append((msgspec.structs.replace(header, events=events), [body for _, body in kept]))
    return sealer.seal(frames)
