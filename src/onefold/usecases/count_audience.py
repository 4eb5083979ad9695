"""Count whom a segment could be sent to now over one channel, and the others by reason; nothing is sent."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.gate.obligations import Obligation, in_steps, parts_in_steps
from onefold.gate.untold import parts_told
from onefold.insight.segments.service import members
from onefold.kernel.time import iso_day, iso_instant
from onefold.usecases.evaluate_segment import check_reaches, classes_of, newest_day, segment_of
from onefold.usecases.model import CountedAudience, LeftOut
from onefold.usecases.rooms import Rooms


def count_audience(permit: Permit, rooms: Rooms, segment: str) -> CountedAudience:
    """Over the channel of the permit, for its purpose: what an activation at this moment would come to."""
    permit.needs("count_audience")
    check_reaches(permit)
    found = segment_of(rooms, segment)
    as_of = newest_day(rooms, found)
    asked = members(found, rooms.bulk, as_of)
    now = rooms.clock.now_ms()
    contacting = rooms.contacts.standing(found.id, now)
    counted = rooms.gate.audience_count(permit, asked, contacting, classes_of(found))
    why_not = parts_told(permit, counted.left_out, rooms.least_group)
    least = rooms.least_group if permit.obliges(Obligation.AGGREGATE) else 0
    parts = parts_in_steps(why_not, least) if least else why_not
    left_out = {f"left out: {reason}": count for reason, count in why_not.items()}
    decision = rooms.gate.released(
        permit,
        "audience_count",
        counts={"members": len(asked), "reachable": counted.reachable} | left_out,
        details={"segment": found.id, "version": str(found.version), "as_of": iso_day(as_of)},
    )
    return CountedAudience(
        at=iso_instant(now),
        segment=found.id,
        version=str(found.version),
        as_of=iso_day(as_of),
        purpose=permit.purpose,
        channel=permit.channel,
        members=in_steps(len(asked), least or 1),
        reachable=in_steps(counted.reachable, least or 1),
        left_out=tuple(LeftOut(reason, count) for reason, count in parts.items()),
        decision=decision,
        least=least,
        obligations=permit.obligations,
    )
