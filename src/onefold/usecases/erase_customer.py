"""Erase one customer: every record of every source, for good, in every room, and keep them from coming back.

What is wanted is written down before anything is touched, and what it came to after. A legal hold wins, and
the refusal says that there is one and nothing else of it. It also wins where records of somebody else who is
held would go along (who may use an account of this customer's). No hold is placed at a desk between the
question and the end; whether a source has said one is asked when the state has all of the log, and again in
the last moment before anything goes. Suppressions outlive the customer, as digests of their addresses.
"""

from __future__ import annotations

from functools import partial

from onefold.customer.erasure.holds import held_among, others_named
from onefold.customer.erasure.reach import reach_of
from onefold.gate.dossier import Dossier
from onefold.gate.model import Permit
from onefold.kernel.ids import id_from_text, id_text
from onefold.record.erasure.model import Because as Because
from onefold.usecases.model import ErasedCustomer
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BARRIER_SECONDS

HELD = "a legal hold stands on this customer, and wins over an erasure"
HELD_BESIDE = "a legal hold stands on somebody whose records would go along, and wins over an erasure"


def erase_customer(
    permit: Permit, rooms: Rooms, customer: str, because: Because = Because.REQUEST
) -> ErasedCustomer:
    """Returns when every room has forgotten. `Refused` where a legal hold stands."""
    permit.needs("erase_customer")
    with rooms.eraser.one_at_a_time:
        # A hold that a source was told is logged counts, though the state may be behind.
        rooms.eraser.caught_up(rooms.log.last_sequence)
        dossier = rooms.gate.members(permit, id_from_text(customer))
        _refuse_if_held(rooms, dossier)
        return _erased(permit, rooms, dossier, because)


def _erased(permit: Permit, rooms: Rooms, dossier: Dossier, because: Because) -> ErasedCustomer:
    members = list(dossier.members)
    rooms.gate.released(
        dossier.permit, "erasure", customer=dossier.customer, fragments=members, details={"because": because}
    )
    never = rooms.gate.digests_that_stay(dossier)
    account = rooms.eraser.erase(
        members, because, permit.actor.id, never, partial(_refuse_if_held, rooms, dossier)
    )
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


def _refuse_if_held(rooms: Rooms, dossier: Dossier) -> tuple[bytes, ...]:
    """Nothing of who may be erased stays; `Refused` where a hold stands."""
    if why := _held(rooms, dossier):
        rooms.gate.refuse(dossier.permit, dossier.customer, "This customer may not be erased.", (why,))
    return ()


def _held(rooms: Rooms, dossier: Dossier) -> str:
    """Why something must be kept; empty where nothing must."""
    with rooms.reader.snapshot() as seen:
        if held_among(seen, dossier.members):
            return HELD
        going = reach_of(seen, dossier.members, rooms.eraser.devices).fragments
        others = others_named(seen.fragments(list(going)).values(), dossier.members)
        return HELD_BESIDE if held_among(seen, others) else ""
