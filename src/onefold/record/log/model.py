"""What the log holds: frames of sealed events. Headers are plain and hold nothing personal.

A frame carries what one delivery said about one subject through one object of one source: one
header, one ciphertext. The log sees bytes; meaning begins with the contract that maps a body.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class EventKind(StrEnum):
    """What an event does to its fragment.

    `UPSERT` states the whole row, `PATCH` states some fields, `DELETE` says the source no longer has it.
    `ERASE` is the control event `FragmentErased`: Onefold itself says that nothing may be known of the
    fragment, whatever was said before and comes after. It has no body: its header says all, so it outlives
    every key.
    """

    UPSERT = "upsert"
    PATCH = "patch"
    DELETE = "delete"
    ERASE = "erase"


class EventHeader(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The plain part of one event. Ids are 16-byte keyed digests, instants are milliseconds.

    `digest` is the keyed digest of the row as offered (equal rows, equal digests); `size` the bytes
    of the body before sealing.
    """

    event_id: bytes
    fragment_id: bytes
    kind: EventKind
    occurred_at: int
    digest: bytes
    size: int


class FrameHeader(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the events of a frame share. `object` is the contract's schema object (table, topic, call).

    `as_of` is the instant the delivery speaks of (a snapshot's, or that of rows which do not date
    themselves); 0 where every row says its own time.
    """

    cell: str
    source: str
    object: str
    contract: str
    entity: str
    subject_id: bytes
    recorded_at: int
    nonce: bytes
    events: tuple[EventHeader, ...]
    as_of: int = 0


class Event(msgspec.Struct, frozen=True, gc=False):
    """One immutable fact: its header, and the source's row as offered and minimised (JSON bytes)."""

    header: EventHeader
    body: bytes


class Record(msgspec.Struct, frozen=True, gc=False):
    """One entry of a segment: an encoded header and a payload, both opaque to the segment.

    After erasure compaction `payload` is None and only `payload_digest` (SHA-256) is kept, so that
    the Merkle leaf H(0x00 ‖ header ‖ payload_digest) still stands.
    """

    sequence: int
    header: bytes
    payload: bytes | None
    payload_digest: bytes
