"""Find customers by what a person may type: name, phone, e-mail, account number, any source's key."""

from __future__ import annotations

from onefold.gate.model import FoundPage, Permit
from onefold.usecases.rooms import Rooms


def search_customers(permit: Permit, rooms: Rooms, text: str) -> FoundPage:
    """Up to 20, best first; only by fields the permit may see."""
    permit.needs("search_customers")
    return rooms.gate.search(permit, text)
