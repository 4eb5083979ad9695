"""Ask the sources for what they keep to themselves of one customer, as far as the gate grants it."""

from __future__ import annotations

from onefold.gate.model import Permit, References
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def fetch_references(permit: Permit, rooms: Rooms, customer: str) -> References:
    """The customer behind any id ever seen; `NotFound` where there is none for this caller."""
    permit.needs("fetch_references")
    return rooms.gate.references(permit, id_from_text(customer))
