"""Let go of what was kept for as long as it may be: counted first, and erased only where that is said.

A legal hold on any record of a customer keeps what is over of all of them. None is placed at a desk while
this goes on; one that a source says is asked for once more in the last moment before anything goes.
"""

from __future__ import annotations

from collections import Counter
from functools import partial

import msgspec

from onefold.customer.erasure.holds import HOLDING
from onefold.customer.erasure.retention import Retention, checked
from onefold.customer.fragments.model import Fragment
from onefold.gate.model import Permit
from onefold.record.erasure.remains import said_after
from onefold.usecases.model import Retained
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BARRIER_SECONDS

_FRAGMENT = msgspec.msgpack.Decoder(Fragment)


def apply_retention(permit: Permit, rooms: Rooms, rules: object, *, erase: bool) -> Retained:
    """What is over by the rules (kind → days), by kind; with `erase` it is gone when this returns."""
    permit.needs("erase_customer")
    known = checked(rules)
    with rooms.eraser.one_at_a_time:
        # A hold that a source was told is logged counts, though the state may be behind.
        rooms.eraser.caught_up(rooms.log.last_sequence)
        return _applied(
            permit, rooms, Retention(known, rooms.clock.now_ms(), rooms.eraser.devices), erase=erase
        )


def _applied(permit: Permit, rooms: Rooms, retention: Retention, *, erase: bool) -> Retained:
    with rooms.reader.snapshot() as seen:
        walked = seen.offset
        retention.see(_FRAGMENT.decode(row) for table, row in seen.walk() if table == "fragments")
        retention.hold(seen)
    over = retention.over()
    counts = dict(sorted(Counter(over.values()).items()))
    if not erase or not over:
        rooms.gate.released(permit, "retention_count", counts=counts)
        return Retained(counts, len(retention.held()), "")
    rooms.gate.released(permit, "erasure", counts=counts, details={"because": "retention"})
    account = rooms.eraser.expire(
        list(over), permit.actor.id, partial(_held_by_now, rooms, retention, walked)
    )
    rooms.gate.settle(BARRIER_SECONDS)
    rooms.gate.released(
        permit, "erased", counts={"records": account.fragments}, details={"erasure": account.id}
    )
    gone = dict(sorted(Counter(retention.over().values()).items()))
    return Retained(gone, len(retention.held()), account.id)


def _held_by_now(rooms: Rooms, retention: Retention, walked: int) -> frozenset[bytes]:
    """What stays for a hold, also for those that were said after the walk over the state."""
    said = said_after(rooms.eraser.frames, walked, HOLDING)
    with rooms.reader.snapshot() as seen:
        retention.see(seen.fragments(list(said)).values())
        retention.hold(seen)
    return retention.held()
