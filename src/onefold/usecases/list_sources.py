"""List the sources, their contracts and what came through their doors."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.time import iso_instant
from onefold.record.contracts.model import Contract
from onefold.record.intake.model import SourceCount, Tally
from onefold.usecases.model import Accounting, SourceList, SourceObject, SourceView
from onefold.usecases.rooms import Rooms


def list_sources(permit: Permit, rooms: Rooms) -> SourceList:
    """All of them, by name; counts, no data."""
    permit.needs("list_sources")
    counts = rooms.door.counts()
    items = [
        _view(rooms.contracts.latest(source).contract, [it for it in counts if it.source == source])
        for source in rooms.contracts.sources()
    ]
    rooms.gate.released(permit, "sources_read", counts={"sources": len(items)})
    return SourceList(tuple(items))


def accounting(tally: Tally) -> Accounting:
    """A door's tally as it is shown."""
    return Accounting(
        tally.offered, tally.accepted, tally.duplicate, tally.unchanged, tally.quarantined, tally.refused
    )


def _view(contract: Contract, counts: list[SourceCount]) -> SourceView:
    by_object = {it.object: it for it in counts}
    total = Tally()
    for it in counts:
        total.add(it.tally)
    newest = max((it.last_event_at for it in counts), default=0)
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
        objects=tuple(objects),
    )
