"""List what messages broke since the beginning, by source, version of its contract, object and property."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.record.contracts.registry import order
from onefold.record.intake.held import Wanted
from onefold.usecases.list_quarantine import held_groups
from onefold.usecases.model import HeldGroup
from onefold.usecases.rooms import Rooms


def list_violations(permit: Permit, rooms: Rooms, *, source: str = "") -> tuple[HeldGroup, ...]:
    """All of them, or those of one source; read from what quarantine says of rows, never from the rows."""
    permit.needs("list_quarantine")
    found = held_groups(rooms, Wanted(source=source))
    rooms.gate.released(permit, "quarantine_read", counts={"groups": len(found)})
    return tuple(sorted(found, key=lambda it: (it.source, order(it.version), it.object, -it.rows, it.field)))
