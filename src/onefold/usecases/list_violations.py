"""List what messages broke since the beginning, by source, version of its contract, object and property."""

from __future__ import annotations

from typing import NamedTuple

from onefold.gate.model import Permit
from onefold.record.contracts.registry import order
from onefold.usecases.rooms import Rooms


class ViolationCount(NamedTuple):
    """How many rows of one object, under one version, were held for one reason at one property."""

    source: str
    version: str
    object: str
    field: str
    reason: str
    rows: int


def list_violations(permit: Permit, rooms: Rooms, *, source: str = "") -> tuple[ViolationCount, ...]:
    """All of them, or those of one source; read from what quarantine says of rows, never from the rows."""
    permit.needs("list_quarantine")
    counts: dict[tuple[str, str, str, str, str], int] = {}
    for _, held in rooms.door.quarantine.headers(0):
        if source in ("", held.source):
            names = (held.source, held.contract, held.object, held.field, held.reason)
            counts[names] = counts.get(names, 0) + 1
    rooms.gate.released(permit, "quarantine_read", counts={"kinds": len(counts)})
    found = [ViolationCount(*names, rows) for names, rows in counts.items()]
    return tuple(sorted(found, key=lambda it: (it.source, order(it.version), it.object, -it.rows, it.field)))
