"""What people of the firm state themselves: rows of Onefold's own source, in the same log as everyone's.

A statement is acknowledged when the state that the gate reads holds it and no release that began before is
still under way: nothing released afterwards can rest on what stood before (the withdrawal
barrier).

What takes something away is in force first and written down then: no full disk keeps a no from standing. Of
what allows more, or changes who is whom, it is written down first that it was begun, and again when it is
done: nothing of the kind is ever in force of which nobody could tell who did it.
"""

from __future__ import annotations

from collections.abc import Sequence

from onefold.kernel.ids import id_text
from onefold.record.contracts.registry import BUILTIN
from onefold.record.intake.model import EVENT_IDS_MAX, Offered
from onefold.usecases.rooms import Rooms

BARRIER_SECONDS = 10.0
BEGUN = "begun"
"""The `stage` of a record that was written before anything was said."""


def state(rooms: Rooms, object_name: str, rows: Sequence[dict[str, str]]) -> str:
    """Logs the rows and waits until they are in force; the id of the first event.

    The rows are made by us, so one that its contract does not take is a bug. Two that say the same in one
    millisecond are one statement. Of more than `EVENT_IDS_MAX` a receipt tells no ids, so they go in parts.
    """
    first, sequence = b"", 0
    for start in range(0, len(rows), EVENT_IDS_MAX):
        part = rows[start : start + EVENT_IDS_MAX]
        receipt = rooms.door.offer(BUILTIN, object_name, [Offered(row=row) for row in part])
        tally = receipt.tally
        assert tally.accepted + tally.duplicate + tally.unchanged == len(part), tally
        first, sequence = first or receipt.event_ids[0], max(sequence, receipt.sequence)
    in_force(rooms, sequence)
    return id_text(first)


def in_force(rooms: Rooms, sequence: int) -> None:
    """Waits until everything up to a log sequence is in force."""
    rooms.barrier.wait_for(sequence, BARRIER_SECONDS)
    rooms.gate.settle(BARRIER_SECONDS)
