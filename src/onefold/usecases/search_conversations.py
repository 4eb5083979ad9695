"""Find customers by words of conversations with them, in every source that allows the purpose."""

from __future__ import annotations

from onefold.gate.model import HeardPage, Permit
from onefold.usecases.rooms import Rooms


def search_conversations(
    permit: Permit, rooms: Rooms, text: str, *, cursor: str = "", limit: int = 20
) -> HeardPage:
    """One page, newest first; only by texts that the permit shows in full."""
    permit.needs("search_conversations")
    return rooms.gate.heard(permit, text, cursor=cursor, limit=limit)
