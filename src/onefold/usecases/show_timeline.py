"""What happened with one customer, newest first."""

from __future__ import annotations

from onefold.gate.model import Permit, Timeline
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def show_timeline(
    permit: Permit,
    rooms: Rooms,
    customer: str,
    *,
    kind: str = "",
    cursor: str = "",
    limit: int = 50,
    text: str = "",
) -> Timeline:
    """One page, of one kind of moment or of all; with a text, of conversations with its words."""
    permit.needs("show_timeline")
    return rooms.gate.timeline(
        permit, id_from_text(customer), kind=kind, cursor=cursor, limit=limit, text=text
    )
