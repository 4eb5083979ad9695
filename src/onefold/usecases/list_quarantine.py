"""List the rows that were not let in, and why; never what they say."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.time import iso_instant
from onefold.record.intake.quarantine import Held
from onefold.record.intake.settlement import Outcome
from onefold.usecases.model import QuarantineCount, QuarantinedRow, QuarantinePage
from onefold.usecases.rooms import Rooms


def list_quarantine(
    permit: Permit, rooms: Rooms, *, source: str = "", reason: str = "", cursor: str = "", limit: int = 50
) -> QuarantinePage:
    """One page, newest first, and how many there are by source, object and reason."""
    permit.needs("list_quarantine")
    page = rooms.door.quarantine.page(source=source, reason=reason, cursor=cursor, limit=limit)
    settled = {(it.source, it.object, it.reason, it.outcome): it.rows for it in rooms.settlements.counts()}
    counts = [
        QuarantineCount(
            it.source,
            it.object,
            why,
            rows,
            *(settled.get((it.source, it.object, why, outcome), 0) for outcome in Outcome),
        )
        for it in rooms.door.counts()
        for why, rows in sorted(it.tally.reasons.items())
        if source in ("", it.source) and reason in ("", why)
    ]
    rooms.gate.released(permit, "quarantine_read", counts={"rows": len(page.items)})
    return QuarantinePage(
        tuple(_row(it, rooms.settlements.outcome_of(it.sequence)) for it in page.items),
        tuple(counts),
        page.next or None,
    )


def _row(held: Held, outcome: Outcome | None) -> QuarantinedRow:
    return QuarantinedRow(
        id=str(held.sequence),
        at=iso_instant(held.held_at),
        source=held.source,
        object=held.object,
        reason=held.reason,
        field=held.field,
        message=held.about,
        place=f"line {held.line}" if held.line else "",
        refused=held.refused,
        outcome=outcome.value if outcome else "",
    )
