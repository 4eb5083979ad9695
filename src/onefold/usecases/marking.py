"""What a file says of where it comes from, in each of its rows or as its comment: so that a leak has a name.

Who let it out, when, for what, over which channel, and the audit record that says so. That record is written
before the file, so a mark never names one that is not there; of a file that was never handed over the record
stands alone. A mark can be cut off by who wants to; the audit knows the file's content by other means.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from onefold.gate.model import Permit
from onefold.gate.obligations import Obligation
from onefold.kernel.time import iso_instant
from onefold.usecases.rooms import Rooms

COLUMN = "origin"


@contextmanager
def marked(permit: Permit, rooms: Rooms, file: str) -> Iterator[str]:
    """`mark_for` as a step of a release, whose order is that of one `with`."""
    yield mark_for(permit, rooms, file)


def mark_for(permit: Permit, rooms: Rooms, file: str) -> str:
    """The mark of a file that is about to be made; empty where nothing obliges to one."""
    if not permit.obliges(Obligation.WATERMARK):
        return ""
    at = iso_instant(rooms.clock.now_ms())
    record = rooms.gate.released(permit, "mark", details={"file": file})
    purpose = permit.purpose.replace("_", " ")
    return f"{permit.actor.id}; {at}; {purpose} over {permit.channel}; audit record {record}"
