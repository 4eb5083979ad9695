"""List the sources, their contracts and what came through their doors."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.gate.model import Permit
from onefold.kernel.time import MS_PER_DAY, iso_instant
from onefold.record.contracts.model import Contract
from onefold.record.intake.model import SourceCount, Tally
from onefold.usecases.model import Accounting, SourceList, SourceObject, SourceView
from onefold.usecases.rooms import Rooms

_MS_PER_HOUR = MS_PER_DAY // 24


def list_sources(permit: Permit, rooms: Rooms) -> SourceList:
    """All of them, by name; counts, no data."""
    permit.needs("list_sources")
    counts = rooms.door.counts()
    now = rooms.clock.now_ms()
    items = [
        source_view(
            rooms.contracts.latest(source).contract, [it for it in counts if it.source == source], now
        )
        for source in rooms.contracts.sources()
    ]
    rooms.gate.released(permit, "sources_read", counts={"sources": len(items)})
    return SourceList(tuple(items))


def accounting(tally: Tally) -> Accounting:
    """A door's tally as it is shown."""
    return Accounting(
        tally.offered, tally.accepted, tally.duplicate, tally.unchanged, tally.quarantined, tally.refused
    )


def source_view(contract: Contract, counts: Sequence[SourceCount], now: int) -> SourceView:
    """One source as it is shown at an instant."""
    by_object = {it.object: it for it in counts}
    total = Tally()
    for it in counts:
        total.add(it.tally)
    newest = max((it.last_event_at for it in counts), default=0)
    arrival = max((it.last_offered_at for it in counts), default=0)
    objects = [
        SourceObject(
            name=name,
            entity=item.entity,
            delivers=item.delivers.value,
            counts=accounting(by_object[name].tally if name in by_object else Tally()),
        )
        for name, item in contract.objects.items()
    ]
    hours = contract.freshness_hours
    return SourceView(
        name=contract.source,
        owner=contract.owner,
        about=contract.about,
        version=contract.version,
        status=contract.status,
        purposes=contract.purposes,
        freshness=f"within {hours:g} h" if hours is not None else "",
        counts=accounting(total),
        last_event_at=iso_instant(newest) if newest else None,
        last_arrival_at=iso_instant(arrival) if arrival else None,
        # A source that never delivered has not begun; nothing of it can grow old.
        overdue=hours is not None and 0 < arrival < now - hours * _MS_PER_HOUR,
        objects=tuple(objects),
    )
