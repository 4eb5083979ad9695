"""List who saw, decided or changed what."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.usecases.model import AuditPage
from onefold.usecases.rooms import Rooms


def list_audit(
    permit: Permit, rooms: Rooms, *, customer: str = "", actor: str = "", cursor: str = "", limit: int = 50
) -> AuditPage:
    """One page, newest first."""
    permit.needs("list_audit")
    return rooms.audit.page(customer=customer, actor=actor, cursor=cursor, limit=limit)
