"""Break the glass: reach a customer of another portfolio where it cannot wait for their manager."""

from __future__ import annotations

from onefold.gate.model import BrokenGlass, Permit
from onefold.gate.portfolios import BECAUSE
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def break_glass(permit: Permit, rooms: Rooms, customer: str, because: str) -> BrokenGlass:
    """Holds for who asks and this one customer, for a quarter of an hour; it is in the audit first.

    `CallerError` for a reason that is on no list, and where the customer is of no other portfolio.
    """
    permit.needs("break_glass")
    if because not in BECAUSE:
        raise CallerError("The reason is not one we know.", hint=f"Known: {', '.join(BECAUSE)}.")
    return rooms.gate.break_glass(permit, id_from_text(customer), because)
