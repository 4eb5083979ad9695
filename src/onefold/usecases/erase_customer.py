"""Erase one customer: every record of every source, for good, in every room, and keep them from coming back.

What is wanted is written down before anything is touched, and what it came to after. A legal hold wins, and
the refusal says so: a suppression for litigation that stands on any record of the customer is one. Other
suppressions outlive the customer, as digests of their addresses.
"""

from __future__ import annotations

from onefold.customer.erasure.retention import LITIGATION
from onefold.gate.dossier import Dossier
from onefold.gate.model import Permit
from onefold.kernel.ids import id_from_text, id_text
from onefold.record.erasure.model import Because as Because
from onefold.usecases.model import ErasedCustomer
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BARRIER_SECONDS

HELD = "a legal hold stands on this customer, and wins over an erasure"


def erase_customer(
    permit: Permit, rooms: Rooms, customer: str, because: Because = Because.REQUEST
) -> ErasedCustomer:
    """Returns when every room has forgotten. `Refused` where a legal hold stands."""
    permit.needs("erase_customer")
    dossier = rooms.gate.members(permit, id_from_text(customer))
    if is_held(dossier):
        rooms.gate.refuse(dossier.permit, dossier.customer, "This customer may not be erased.", (HELD,))
    members = list(dossier.members)
    rooms.gate.released(
        dossier.permit, "erasure", customer=dossier.customer, fragments=members, details={"because": because}
    )
    never = rooms.gate.digests_that_stay(dossier)
    account = rooms.eraser.erase(members, because, permit.actor.id, never)
    rooms.gate.settle(BARRIER_SECONDS)
    decision = rooms.gate.released(
        dossier.permit,
        "erased",
        customer=dossier.customer,
        counts={"records": account.fragments, "keys": account.keys, "shared": account.shared}
        | {f"room {room}": count for room, count in account.rooms.items()},
        details={"erasure": account.id},
    )
    return ErasedCustomer(
        customer=id_text(dossier.customer),
        erasure=account.id,
        records=account.fragments,
        keys=account.keys,
        shared=account.shared,
        decision=decision,
    )


def is_held(dossier: Dossier) -> bool:
    """Whether something must be kept for a court."""
    return any(it.reason == LITIGATION for it in dossier.consents.suppressions)
