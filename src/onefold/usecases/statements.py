"""What people of the firm state themselves: rows of Onefold's own source, in the same log as everyone's.

A statement is acknowledged when the state that the gate reads holds it and no release that began before is
still under way: nothing released afterwards can rest on what stood before (the withdrawal
barrier).
"""

from __future__ import annotations

from collections.abc import Sequence

from onefold.kernel.ids import id_text
from onefold.record.contracts.registry import BUILTIN
from onefold.record.intake.model import Offered
from onefold.usecases.rooms import Rooms

BARRIER_SECONDS = 10.0


def state(rooms: Rooms, object_name: str, rows: Sequence[dict[str, str]]) -> str:
    """Logs the rows and waits until they are in force; the id of the first event.

    The rows are made by us, so one that its contract does not take is a bug. Two that say the same in one
    millisecond are one statement.
    """
    receipt = rooms.door.offer(BUILTIN, object_name, [Offered(row=row) for row in rows])
    tally = receipt.tally
    assert tally.accepted + tally.duplicate + tally.unchanged == len(rows), tally
    in_force(rooms, receipt.sequence)
    return id_text(receipt.event_ids[0])


def in_force(rooms: Rooms, sequence: int) -> None:
    """Waits until everything up to a log sequence is in force."""
    rooms.barrier.wait_for(sequence, BARRIER_SECONDS)
    rooms.gate.settle(BARRIER_SECONDS)
