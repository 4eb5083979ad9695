"""Let go of what was kept for as long as it may be: counted first, and erased only where that is said.

A legal hold on any record of a customer keeps what is over of all of them; none is placed while this goes on.
"""

from __future__ import annotations

from collections import Counter
from functools import partial

import msgspec

from onefold.customer.erasure.holds import with_their_others
from onefold.customer.erasure.retention import Retention, checked
from onefold.customer.fragments.model import Fragment
from onefold.gate.model import Permit
from onefold.usecases.model import Retained
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BARRIER_SECONDS

_FRAGMENT = msgspec.msgpack.Decoder(Fragment)


def apply_retention(permit: Permit, rooms: Rooms, rules: object, *, erase: bool) -> Retained:
    """What is over by the rules (kind → days), by kind; with `erase` it is gone when this returns."""
    permit.needs("erase_customer")
    known = checked(rules)
    with rooms.eraser.one_at_a_time:
        return _applied(permit, rooms, Retention(known, rooms.clock.now_ms()), erase=erase)


def _applied(permit: Permit, rooms: Rooms, retention: Retention, *, erase: bool) -> Retained:
    with rooms.reader.snapshot() as seen:
        retention.see(_FRAGMENT.decode(row) for table, row in seen.walk() if table == "fragments")
        retention.hold(partial(with_their_others, seen))
    over = retention.over()
    counts = dict(sorted(Counter(over.values()).items()))
    erasure = ""
    if not erase or not over:
        rooms.gate.released(permit, "retention_count", counts=counts)
    else:
        rooms.gate.released(permit, "erasure", counts=counts, details={"because": "retention"})
        account = rooms.eraser.expire(list(over), permit.actor.id)
        rooms.gate.settle(BARRIER_SECONDS)
        erasure = account.id
        rooms.gate.released(
            permit, "erased", counts={"records": account.fragments}, details={"erasure": erasure}
        )
    return Retained(counts, retention.held(), erasure)
