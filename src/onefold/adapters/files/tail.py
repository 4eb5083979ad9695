"""Where a segment file really ends: tells a torn write from damage. The only place that decides it.

A writer starts a group only after the one before was synced, so at most one group can be unfinished, and it
is the last. A power failure leaves of it: nothing; a file that ends inside it (the size was not extended
to the end); or sectors that were never written, which read as zeros, because a file system never shows a
block's former content. What a crash cannot leave is a byte other than the one written or zero. So a group
is *torn*, was never acknowledged and is cut whole, when it is the last and

- the file ends inside it, between its records or within one whose prefix is intact, or
- one of its records fails its checksum and a 512-byte sector of that record is all zeros.

Anything else is *damage*: a checksum that fails without a missing sector, a record out of order, a later
group behind the fault (the faulty one was synced once), or a signed checkpoint that vouches for a record of
the group. Damage is never cut. A sector of ciphertext is zeros by chance once in 2^4096; only a sector
that the file's end shortens to a byte or two can mislead, and cut bytes are kept in a file beside.
"""

from __future__ import annotations

from typing import NamedTuple

from onefold.adapters.files.layout import (
    HEAD_BYTES,
    LAST_OF_GROUP,
    PREFIX_BYTES,
    Entry,
    Fault,
    group_of,
    parse,
)
from onefold.record.log.merkle import leaf_hash

SECTOR_BYTES = 512
_BATCH = 4096


class Tail(NamedTuple):
    """What stands in a segment: `leaves` of its whole groups, which end at byte `end`.

    `torn` counts the bytes behind that which a crash left; `damage` says what a crash cannot explain.
    """

    leaves: list[bytes]
    end: int
    torn: int
    damage: Fault | None


def read_tail(data: bytes, first: int, vouched: int = 0) -> Tail:
    """Reads a whole segment file whose header is intact; `vouched` is the last sequence of a checkpoint."""
    leaves: list[bytes] = []
    whole, end = 0, HEAD_BYTES
    offset, place_due = HEAD_BYTES, 0
    fault: Fault | None = None
    while fault is None and offset < len(data):
        entries, fault = parse(data, offset, first + len(leaves), _BATCH)
        for entry in entries:
            record, place, flags, after = entry
            if place != place_due:
                return Tail(leaves, end, 0, Fault("order", offset, record.sequence, after))
            leaves.append(leaf_hash(record.header, record.payload_digest))
            offset = after
            place_due = 0 if flags & LAST_OF_GROUP else place + 1
            if place_due == 0:
                whole, end = len(leaves), after
    if end == len(data):
        return Tail(leaves, end, 0, None)
    if fault is None:
        fault = Fault("short", offset, first + len(leaves), 0)
    torn = first + whole > vouched and _is_torn(data, fault, first + whole)
    return Tail(leaves[:whole], end, len(data) - end if torn else 0, None if torn else fault)


def group_is_whole(entries: list[Entry]) -> bool:
    """Whether parsed records end with the last one of a group."""
    return not entries or bool(entries[-1][2] & LAST_OF_GROUP)


def _is_torn(data: bytes, fault: Fault, group: int) -> bool:
    if fault.kind == "order":
        return False
    if fault.kind == "short":
        return True
    end = fault.end or min(fault.offset + PREFIX_BYTES, len(data))
    expected = fault.sequence.to_bytes(8, "little")
    return _has_missing_sector(data, fault.offset, end, expected) and not _later_group(data, fault, group)


def _has_missing_sector(data: bytes, start: int, end: int, expected: bytes) -> bool:
    """Whether a sector that overlaps [start, end) reads as zeros from `start` on.

    What a sector holds before `start` is older and was synced. Where only the first bytes of the prefix are
    left in the first sector, zeros say something only if the sequence has other bytes there.
    """
    at = start
    while at < end:
        stop = min((at // SECTOR_BYTES + 1) * SECTOR_BYTES, len(data))
        here = data[at:stop]
        if not here.strip(b"\0"):
            known = expected[: len(here)] if at == start else b""
            if len(here) != len(known) or here != known:
                return True
        at = stop
    return False


def _later_group(data: bytes, fault: Fault, group: int) -> bool:
    """Whether a valid record of a later group stands behind the fault: then this one had been synced."""
    # Sequences near here share all but their low two bytes, which makes the search a few fast scans.
    highs = {(fault.sequence >> 16), (fault.sequence >> 16) + 1}
    for pattern in (high.to_bytes(6, "little") for high in highs):
        at = data.find(pattern, fault.offset + 3)
        while at >= 0:
            found = group_of(data, at - 2)
            if found is not None and found[1] > group:
                return True
            at = data.find(pattern, at + 1)
    return False
