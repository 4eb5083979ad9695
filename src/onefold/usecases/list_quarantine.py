"""List the rows that were not let in, and why; never what they say."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.usecases.model import QuarantinePage
from onefold.usecases.rooms import Rooms


def list_quarantine(
    permit: Permit, rooms: Rooms, *, source: str = "", reason: str = "", cursor: str = "", limit: int = 50
) -> QuarantinePage:
    """One page, newest first."""
    permit.needs("list_quarantine")
    return rooms.quarantine.page(source=source, reason=reason, cursor=cursor, limit=limit)
