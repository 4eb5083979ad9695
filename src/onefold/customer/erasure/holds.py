"""Legal holds: who must be kept for a court or an authority, told from what the log says.

Rules. A hold is a fragment of its own for each record of the customer it was placed on, so that neither
merging nor unmerging loses it: a customer is held while any of their records is. What a source says as a
suppression for litigation holds as well. Only an explicit `off` of a later instant ends a hold; its row may
be deleted, corrected, or moved to somebody else, and it stands for everybody it ever named (`enduring.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from onefold.customer.fragments.model import Fragment
from onefold.customer.fragments.permissions import suppressions_of
from onefold.customer.profile.ports import CustomerReader
from onefold.record.canon.entities import ENTITIES

HOLD = "hold.party"
"""The relation under which holds hang on party fragments."""
LITIGATION = "litigation"
"""The suppression that is a hold, too."""
HOLDING = frozenset({"hold", "suppression"})
"""The entities among which holds are."""
_HOLDING = (HOLD, "suppression.party")
_PARTIES = {
    entity.name: tuple(name for name, it in entity.refs.items() if it.to == "party")
    for entity in ENTITIES.values()
}
_KEEPS_NOBODY = {
    ("party", "guardian"),
    *((entity, side) for entity in ("judgement", "review") for side in ("left", "right")),
}
"""Mentions that are no record of who is mentioned."""
_ALL = 1 << 31


class Hold(msgspec.Struct, frozen=True):
    """One row of a hold, in force or lifted. Instants are ms, `review_on` a day; 0 where none is said."""

    id: str
    source: str
    fragment: bytes
    parties: tuple[bytes, ...]
    """All it was ever said about."""
    stands: bool
    matter: str
    reason: str
    since_at: int
    placed_by: str
    review_on: int
    lifted_at: int
    lifted_by: str
    lifted_because: str


def hold_of(fragment: Fragment) -> Hold | None:
    """The hold that a fragment is; None where it was erased or never said of anybody."""
    ever, values = fragment.ever, fragment.values or {}
    if fragment.entity != "hold" or not ever.get("party"):
        return None
    return Hold(
        id=values.get("hold") or fragment.key,
        source=fragment.source,
        fragment=fragment.fragment_id,
        parties=ever["party"],
        stands="on" in ever and not ("off" in ever and ever["off"][0] > ever["on"][0]),
        matter=values.get("matter", ""),
        reason=values.get("reason", ""),
        since_at=values.get("since_at", ever["on"][0] if "on" in ever else 0),
        placed_by=values.get("placed_by", ""),
        review_on=values.get("review_on", 0),
        lifted_at=values.get("lifted_at", 0),
        lifted_by=values.get("lifted_by", ""),
        lifted_because=values.get("lifted_because", ""),
    )


def parties_held_by(fragment: Fragment) -> frozenset[bytes]:
    """The party fragments that a fragment holds now, be it a hold or a suppression for litigation."""
    if fragment.entity == "suppression":
        return frozenset(it.party for it in suppressions_of(fragment) if it.reason == LITIGATION)
    hold = hold_of(fragment)
    return frozenset(hold.parties) if hold is not None and hold.stands else frozenset()


def held_among(reader: CustomerReader, parties: Collection[bytes]) -> frozenset[bytes]:
    """Those of the party fragments whose customer is held, or who are by themselves; within one snapshot."""
    whose = reader.customers_of(list(parties))
    records = reader.records_of(list(set(whose.values())))
    beside = {customer: [it.fragment_id for it in found] for customer, found in records.items()}
    asked = set(parties).union(*beside.values())
    linked = reader.related(list(asked), _HOLDING, _ALL) if asked else []
    fragments = reader.fragments(list({from_id for _, _, from_id, _ in linked})).values()
    held = frozenset[bytes]().union(*map(parties_held_by, fragments))
    return frozenset(
        it for it in parties if it in held or held.intersection(beside.get(whose.get(it, b""), ()))
    )


def with_their_others(reader: CustomerReader, parties: Collection[bytes]) -> frozenset[bytes]:
    """The party fragments and all others that are the same customers now; within one snapshot."""
    customers = set(reader.customers_of(list(parties)).values())
    beside = (it.fragment_id for found in reader.records_of(list(customers)).values() for it in found)
    return frozenset(parties).union(beside)


def all_holds(reader: CustomerReader, most: int) -> list[Hold]:
    """Every row of every hold of the cell, also of lifted ones; cut at `most`."""
    return holds_in(reader, {from_id for _, from_id, _ in reader.every_link(HOLD, most)})


def holds_on(reader: CustomerReader, parties: Collection[bytes]) -> list[Hold]:
    """Every row of a hold that was ever said about any of the party fragments."""
    return holds_in(reader, {it for _, _, it, _ in reader.related(list(parties), (HOLD,), _ALL)})


def holds_in(reader: CustomerReader, fragments: Collection[bytes]) -> list[Hold]:
    """The holds that these fragments are."""
    found = (hold_of(it) for it in reader.fragments(list(fragments)).values())
    return sorted((it for it in found if it is not None), key=lambda it: (it.since_at, it.id, it.fragment))


def others_named(fragments: Iterable[Fragment], parties: Collection[bytes]) -> frozenset[bytes]:
    """Whose records these fragments are, too, beside the parties: to erase them would be to erase theirs."""
    named: set[bytes] = set()
    for it in fragments:
        values = it.values or {}
        for name in _PARTIES[it.entity]:
            if (it.entity, name) not in _KEEPS_NOBODY:
                named.update((values.get(name, b""), *it.ever.get(name, ())))
    return frozenset(named).difference(parties, (b"",))
