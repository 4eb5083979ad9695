"""Tell why records are one customer, or why two customers are two, as far as one person may see it."""

from __future__ import annotations

import msgspec

from onefold.gate.explaining import Explanation, Side, explanation_of, members_of
from onefold.gate.looking import permit_for
from onefold.gate.model import Permit
from onefold.kernel.ids import id_from_text
from onefold.pipeline.neighbourhood import look_around
from onefold.pipeline.reading import read_for
from onefold.usecases.record_names import find_named
from onefold.usecases.rooms import Rooms


def explain_customer(permit: Permit, rooms: Rooms, customer: str, other: str = "") -> Explanation:
    """Why the records of a customer are one, or how two customers or records of theirs stand to each other.

    Each is named by the id of a customer or record, or as `SOURCE:KEY`; a record's asks about that record
    alone. Refused as a view of any of the customers would be; a key of none that may be seen is nobody's.
    """
    permit.needs("explain_customer")
    with rooms.gate.looking(permit) as look:
        found_by = [find_named(look, permit, rooms, it) for it in (customer, other) if it]
        sides = [Side(*read, named) for named, read in found_by]
        around = read_for(look_around(members_of(sides), look.provider), look.reader)
        found = explanation_of(sides[0], sides[1] if other else None, around)
        dossiers = {it.dossier.customer: it.dossier for it in sides}
        record = rooms.gate.released(
            permit_for(list(dossiers.values())),
            "explanation",
            customers=tuple(dossiers),
            fragments=tuple(id_from_text(it.id) for it in found.records),
            counts={"pairs": len(found.pairs), "records": len(found.records)},
            rests=look.rests_on(list(dossiers.values())),
        )
    return msgspec.structs.replace(found, decision=record)
