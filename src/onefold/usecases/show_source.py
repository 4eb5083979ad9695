"""Show one source: what it was offered by day and by run, and what its contract promises of each object."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.time import MS_PER_DAY, iso_day
from onefold.record.contracts.model import Contract, ObjectContract
from onefold.record.contracts.registry import order
from onefold.usecases.list_sources import accounting, source_view
from onefold.usecases.model import (
    ContractObject,
    ContractProperty,
    ContractVersion,
    DayAccount,
    SourceDetail,
)
from onefold.usecases.rooms import Rooms
from onefold.usecases.runs import run_view

DAYS = 90
RUNS = 100


def show_source(permit: Permit, rooms: Rooms, source: str, *, version: str = "") -> SourceDetail:
    """Counts and promises, no data; `UnknownSource` without a contract, or without that version of it."""
    permit.needs("show_source")
    now = rooms.clock.now_ms()
    latest = rooms.contracts.latest(source).contract
    chosen = rooms.contracts.version(source, version).contract if version else latest
    days = rooms.door.days(source, now // MS_PER_DAY - DAYS + 1)
    runs = rooms.door.runs(source, RUNS)
    view = source_view(
        latest, [it for it in rooms.door.counts() if it.source == source], now, skew=rooms.skews.of(source)
    )
    rooms.gate.released(permit, "source_read", details={"source": source}, counts={"runs": len(runs)})
    return SourceDetail(
        source=view,
        days=tuple(DayAccount(iso_day(it.day), accounting(it.tally)) for it in days),
        runs=tuple(run_view(it, now) for it in runs),
        versions=_versions(rooms.contracts.all(), source),
        contract=chosen.version,
        objects=tuple(_object(it) for it in chosen.objects.values()),
    )


def _versions(contracts: list[Contract], source: str) -> tuple[ContractVersion, ...]:
    found = sorted((it for it in contracts if it.source == source), key=lambda it: order(it.version))
    return tuple(ContractVersion(it.version, it.status) for it in reversed(found))


def _object(item: ObjectContract) -> ContractObject:
    return ContractObject(
        name=item.name,
        about=item.about,
        entity=item.entity,
        owner=item.owner,
        version=item.version,
        called=item.called,
        properties=tuple(
            ContractProperty(
                it.path, it.logical_type, it.required, it.field_class, it.store, it.about, it.allowed
            )
            for it in item.properties
        ),
    )
