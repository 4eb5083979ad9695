"""Consent that every call of a source carries: what is made of the stamp, and which calls may grant by it.

Theory. Libraries of consent stamp each call with what the user chose (`context.consent.categoryPreferences`).
A stamp is repeated by a program, not said by a person: one that says no is heard on every call, as it can
only take away; one that says yes repeats an old choice, and heard as a grant it would undo what the same
person withdrew since at a counter or in another channel. So a grant needs a call that is sent because
somebody chose, at its own instant and with its own id as evidence. Segment's libraries send two such calls.
"""

from __future__ import annotations

import msgspec

from onefold.record.canon.restrictions import RESTRICTING
from onefold.record.contracts.changes import Breaks, Changes
from onefold.record.contracts.model import CALLS, Contract, ObjectContract, Stamped
from onefold.record.contracts.reading import Faults, Reader

GRANTED_BY = ("identify", "track:Segment Consent Preference Updated")


def read_stamped(ours: Reader) -> Stamped | None:
    """`stamped: {objects: [advertising_consent], grantedBy: [identify]}`, or the list of objects alone."""
    if "stamped" not in ours:
        return None
    value = ours.raw("stamped")
    short = isinstance(value, str | list)
    reader = Reader({"objects": value} if short else value, ours.at("stamped"), ours.faults)
    reader.only(("objects", "grantedBy"))
    granted_by = reader.texts("grantedBy") if "grantedBy" in reader else GRANTED_BY
    return Stamped(reader.texts("objects"), granted_by)


def on_every_call(objects: dict[str, ObjectContract], stamped: Stamped | None) -> dict[str, ObjectContract]:
    """The objects; what is made of the stamp is made of the rows of each call."""
    if stamped is None:
        return objects
    return {
        name: msgspec.structs.replace(it, also=tuple(dict.fromkeys((*it.also, *stamped.objects))))
        if it.is_call
        else it
        for name, it in objects.items()
    }


def lint_stamped(contract: Contract, faults: Faults) -> None:
    """Adds a fault for a stamp from which nothing could be heard, or of what is no consent."""
    stamped = contract.stamped
    if stamped is None:
        return
    place = "contract.stamped"
    if not stamped.objects:
        faults.add(f"{place}.objects", "is empty; name the objects that are made of the stamp")
    for name in stamped.objects:
        found = contract.objects.get(name)
        if found is None:
            faults.known(f"{place}.objects", name, contract.objects, "object")
        elif found.entity not in RESTRICTING or found.is_call:
            faults.add(f"{place}.objects", f"{name} is no consent that calls carry; leave it to also")
    for call in stamped.granted_by:
        if call.partition(":")[0] not in CALLS:
            faults.add(f"{place}.grantedBy", f"{call} is no call; write one such as identify")
    if not any(it.is_call for it in contract.objects.values()):
        faults.add(place, f"needs an object for a call: {', '.join(CALLS)}")


def compare_stamped(old: Contract, new: Contract, changes: Changes) -> None:
    """What is made of each row is told with the objects; here, which calls may grant."""
    was = set(old.stamped.granted_by) if old.stamped else set()
    now = set(new.stamped.granted_by) if new.stamped else set()
    if old.stamped and now - was:
        changes.add(
            "contract.stamped.grantedBy", f"{', '.join(sorted(now - was))} may now grant", Breaks.PEOPLE
        )
    if new.stamped and was - now:
        changes.add("contract.stamped.grantedBy", f"{', '.join(sorted(was - now))} no longer grants")
