"""Show one row in quarantine to who may mend it, property by property; written down before it is shown."""

from __future__ import annotations

from onefold.gate.held import cut_held
from onefold.gate.model import Permit
from onefold.record.contracts.advice import advice
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import UnknownSource
from onefold.record.intake.quarantine import Held, sequence_of
from onefold.record.intake.runs import RUNS_KEPT
from onefold.usecases.list_quarantine import listed
from onefold.usecases.model import HeldRow, RunView
from onefold.usecases.rooms import Rooms
from onefold.usecases.runs import run_view


def show_held_row(permit: Permit, rooms: Rooms, row_id: str) -> HeldRow:
    """The row as the permit may see it; `NotFound` where there is none of that id."""
    permit.needs("show_held_row")
    held, body = rooms.door.quarantine.read(sequence_of(row_id))
    cut = cut_held(permit, _object(rooms, held), _purposes(rooms, held.source), body, held.field)
    decision = rooms.gate.released(
        permit,
        "quarantine_row",
        details={"source": held.source, "object": held.object, "row": str(held.sequence)},
        counts={"shown": sum(it.shown in {"full", "masked"} for it in cut.values) + bool(cut.line)},
    )
    return HeldRow(
        row=listed(held, rooms.settlements.outcome_of(held.sequence)),
        advice=advice(held.reason),
        run=_run(rooms, held),
        values=cut.values,
        line=cut.line,
        withheld=cut.withheld,
        decision=decision,
    )


def _object(rooms: Rooms, held: Held) -> CompiledObject | None:
    """What its contract said of such rows; None for a message that the contract has no object for."""
    try:
        return rooms.contracts.object(held.source, held.contract, held.object)
    except UnknownSource:
        return None


def _purposes(rooms: Rooms, source: str) -> tuple[str, ...]:
    """What the source's data may serve today, whatever it might when the row came."""
    try:
        return rooms.contracts.latest(source).contract.purposes
    except UnknownSource:
        return ()


def _run(rooms: Rooms, held: Held) -> RunView | None:
    for it in rooms.door.runs(held.source, RUNS_KEPT) if held.way else ():
        if (it.run.way.value, it.run.began_at) == (held.way, held.began_at):
            return run_view(it, rooms.clock.now_ms())
    return None
