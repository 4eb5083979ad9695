"""List one customer's movements of money."""

from __future__ import annotations

from onefold.gate.model import Permit, TransactionFilter, TransactionPage
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def list_transactions(
    permit: Permit, rooms: Rooms, customer: str, wanted: TransactionFilter
) -> TransactionPage:
    """One page, newest first; `wanted.cursor` continues."""
    permit.needs("list_transactions")
    return rooms.gate.transactions(permit, id_from_text(customer), wanted)
