"""The state hash: one text that two copies of a state share exactly when they hold the same rows."""

from __future__ import annotations

from onefold.customer.profile.ports import CustomerReader
from onefold.kernel.canonical import StateHash


def state_hash(state: CustomerReader) -> str:
    """The order-free sum over every derived row, of one committed state."""
    total = StateHash()
    with state.snapshot() as seen:
        for table, row in seen.walk():
            total.add(table, row)
    return str(total)
