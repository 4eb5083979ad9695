"""Show one customer, as one person may see it, for one purpose."""

from __future__ import annotations

from onefold.gate.model import Permit, View
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def show_customer(permit: Permit, rooms: Rooms, customer: str) -> View:
    """The customer behind any id ever seen; `NotFound` where there is none for this caller."""
    permit.needs("show_customer")
    return rooms.gate.view(permit, id_from_text(customer))


async def show_customer_soon(permit: Permit, rooms: Rooms, customer: str) -> bytes | None:
    """The same as it is answered, awaited; None where `show_customer` has to be asked."""
    permit.needs("show_customer")
    return await rooms.gate.view_soon(permit, id_from_text(customer))
