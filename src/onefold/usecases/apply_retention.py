"""Let go of what was kept for as long as it may be: counted first, and erased only where that is said."""

from __future__ import annotations

from collections import Counter

import msgspec

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
    retention = Retention(checked(rules), rooms.clock.now_ms())
    with rooms.reader.snapshot() as seen:
        retention.see(_FRAGMENT.decode(row) for table, row in seen.walk() if table == "fragments")
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
