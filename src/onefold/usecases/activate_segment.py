"""Release a segment's members who may be contacted to a destination, and count the rest by reason.

The order is what makes it safe: ask consent, suppression and the rules of contacting of each member now,
stage the file, write the release down, then hand it over; and no withdrawal is acknowledged in between
(`Gate.audience`). Where a policy obliges to it, each row says where the file comes from (marking.py).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from onefold.gate.audience import ADDRESS_FIELD, Audience
from onefold.gate.model import Permit
from onefold.gate.untold import parts_told
from onefold.insight.segments.model import Segment
from onefold.insight.segments.service import members
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_day, iso_instant
from onefold.record.audit.model import Rests
from onefold.record.canon.data_classes import CONTACTING
from onefold.usecases.contacts import RELEASE
from onefold.usecases.evaluate_segment import check_reaches, classes_of, newest_day, segment_of
from onefold.usecases.marking import COLUMN, marked
from onefold.usecases.model import Activation, LeftOut
from onefold.usecases.rooms import Rooms

RECORD_CUSTOMERS_MAX = 1000
"""A record of the audit names no more customers than this; a larger release has several."""


def activate_segment(permit: Permit, rooms: Rooms, segment: str) -> Activation:
    """Releases over the channel of the permit, for its purpose."""
    permit.needs("activate_segment")
    check_reaches(permit)
    found = segment_of(rooms, segment)
    as_of = newest_day(rooms, found)
    asked = members(found, rooms.bulk, as_of)
    now = rooms.clock.now_ms()
    release = secrets.token_hex(4)
    at = iso_instant(now)
    name = "-".join((found.id, permit.purpose, permit.channel, re.sub(r"[^0-9TZ]", "", at), release)) + ".csv"
    with (
        rooms.contacts.taking(found.id, now) as contacting,
        rooms.gate.audience(permit, asked, contacting, classes_of(found)) as whole,
        marked(permit, rooms, name) as mark,
        rooms.destination.staged(name, _header(permit.channel, mark), _rows(whole, permit, mark)) as file,
    ):
        audience = whole._replace(left_out=parts_told(permit, whole.left_out, rooms.least_group))
        decision = _write_down(
            permit, rooms, found, audience, {"file": name, "as_of": iso_day(as_of), "release": release}
        )
        file.publish()
    return Activation(
        id=release,
        at=at,
        segment=found.id,
        version=str(found.version),
        purpose=permit.purpose,
        channel=permit.channel,
        members=len(asked),
        released=len(audience.released),
        left_out=tuple(LeftOut(reason, count) for reason, count in audience.left_out.items()),
        file=name,
        decision=decision,
        mark=mark,
        obligations=permit.obligations,
    )


def _header(channel: str, mark: str) -> tuple[str, ...]:
    address = ADDRESS_FIELD.get(channel)
    of_channel = ("customer", address, "language") if address else ("customer", "language")
    return (*of_channel, COLUMN) if mark else of_channel


def _rows(audience: Audience, permit: Permit, mark: str) -> list[Sequence[str]]:
    last = (mark,) if mark else ()
    if permit.channel in ADDRESS_FIELD:
        return [(id_text(it.customer), it.address, it.language, *last) for it in audience.released]
    return [(id_text(it.customer), it.language, *last) for it in audience.released]


def _write_down(
    permit: Permit, rooms: Rooms, segment: Segment, audience: Audience, details: dict[str, str]
) -> str:
    """Who is released, then the release as a whole; returns the id of the latter."""
    details = {"segment": segment.id, "version": str(segment.version)} | details
    chosen_by = tuple(sorted(classes_of(segment)))
    for at in range(0, len(audience.released), RECORD_CUSTOMERS_MAX):
        some = audience.released[at : at + RECORD_CUSTOMERS_MAX]
        members = tuple(tuple(map(id_text, it.members)) for it in some)
        rooms.gate.released(
            permit,
            RELEASE,
            customers=[it.customer for it in some],
            details=details,
            rests=Rests(audience.sequence, audience.at, members, CONTACTING, chosen_by=chosen_by),
        )
    counts = {f"left out: {reason}": count for reason, count in audience.left_out.items()}
    return rooms.gate.released(
        permit, "activation", counts={"released": len(audience.released)} | counts, details=details
    )
