"""To whom a customer stands how: household, guardians, firms, joint holders, as far as one person may see."""

from __future__ import annotations

import msgspec

from onefold.customer.profile.rules import default_policy
from onefold.gate.looking import permit_for
from onefold.gate.model import Permit
from onefold.gate.relations import Relations, relations_of
from onefold.kernel.ids import id_from_text
from onefold.usecases.rooms import Rooms


def show_relations(permit: Permit, rooms: Rooms, customer: str) -> Relations:
    """What others are to the customer. Of whoever may not be seen it is told that there is somebody."""
    permit.needs("show_relations")
    with rooms.gate.looking(permit) as look:
        scope, dossier = look.at(id_from_text(customer))
        policy = default_policy(look.trusted)
        told = relations_of(scope, look.many, dossier, policy, look.seen, look.now_ms)
        named = [dossier, *told.others]
        record = rooms.gate.released(
            permit_for([dossier]),
            "relations",
            customers=tuple(it.customer for it in named),
            fragments=told.fragments,
            counts={"relations": len(told.relations.items), "others": len(told.others)},
            rests=look.rests_on(named),
        )
    return msgspec.structs.replace(told.relations, decision=record)
