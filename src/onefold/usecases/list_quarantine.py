"""List the rows that were not let in, by kind and one by one, and why; never what they say."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.time import iso_instant
from onefold.record.contracts.advice import advice, is_mendable
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.registry import order
from onefold.record.intake.held import HeldCount
from onefold.record.intake.held import Standing as Standing
from onefold.record.intake.held import Wanted as Wanted
from onefold.record.intake.quarantine import Held
from onefold.record.intake.runs import Way
from onefold.record.intake.settlement import Outcome
from onefold.usecases.model import HeldGroup, QuarantinedRow, QuarantinePage
from onefold.usecases.rooms import Rooms

EVERYTHING = Wanted()
_PLACES: dict[str, str] = {Way.QUERY: "row", Way.MESSAGES: "message", Way.TOPICS: "offset"}
"""What the number of a row counts, by how it came; else lines of a file."""


def list_quarantine(
    permit: Permit, rooms: Rooms, wanted: Wanted = EVERYTHING, *, cursor: str = "", limit: int = 50
) -> QuarantinePage:
    """One page, newest first, and how many there are of each kind, the most open ones first."""
    permit.needs("list_quarantine")
    page = rooms.held.page(wanted, cursor=cursor, limit=limit)
    groups = held_groups(rooms, wanted)
    rooms.gate.released(permit, "quarantine_read", counts={"rows": len(page.items), "groups": len(groups)})
    return QuarantinePage(
        tuple(listed(held, outcome) for held, outcome in page.items), groups, page.next or None
    )


def held_groups(rooms: Rooms, wanted: Wanted) -> tuple[HeldGroup, ...]:
    """The kinds of rows that are held, those with the most open rows first."""
    found = rooms.held.counts(wanted)
    return tuple(_group(it) for it in sorted(found, key=lambda it: (-it.open, -it.rows, _by_version(it))))


def listed(held: Held, outcome: Outcome | None) -> QuarantinedRow:
    """A row as it is listed."""
    return QuarantinedRow(
        id=str(held.sequence),
        at=iso_instant(held.held_at),
        source=held.source,
        object=held.object,
        reason=held.reason,
        field=held.field,
        message=held.about,
        version=held.contract,
        place=f"{_PLACES.get(held.way, 'line')} {held.line}" if held.line else "",
        refused=held.refused,
        mendable=held.size > 0 and is_mendable(held.reason),
        outcome=outcome.value if outcome else "",
    )


def _by_version(it: HeldCount) -> tuple[object, ...]:
    kind = it.kind
    return kind.source, kind.object, order(kind.contract), kind.reason, kind.field


def _group(it: HeldCount) -> HeldGroup:
    kind = it.kind
    return HeldGroup(
        source=kind.source,
        object=kind.object,
        version=kind.contract,
        reason=kind.reason,
        field=kind.field,
        message=about(kind.reason),
        advice=advice(kind.reason),
        mendable=is_mendable(kind.reason),
        rows=it.rows,
        open=it.open,
        resubmitted=it.resubmitted,
        discarded=it.discarded,
        first_at=iso_instant(it.first_at),
        last_at=iso_instant(it.last_at),
    )


def about(reason: str) -> str:
    """A reason as a sentence; empty for one of another release."""
    return Reason(reason).about if reason in set(Reason) else ""
