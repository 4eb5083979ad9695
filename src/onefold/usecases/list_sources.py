"""List the sources, their contracts and what came through their doors."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.gate.model import Permit
from onefold.kernel.time import MS_PER_DAY, iso_instant
from onefold.record.contracts.model import Contract
from onefold.record.intake.model import SourceCount, Tally
from onefold.record.intake.skew import Skew
from onefold.record.intake.topics import FeedStatus
from onefold.usecases.model import Accounting, ClockView, SourceList, SourceObject, SourceView, StreamView
from onefold.usecases.rooms import Rooms

_MS_PER_HOUR = MS_PER_DAY // 24


def list_sources(permit: Permit, rooms: Rooms) -> SourceList:
    """All of them, by name; counts, no data."""
    permit.needs("list_sources")
    counts = rooms.door.counts()
    now = rooms.clock.now_ms()
    feeds = rooms.feeds.all()
    items = [
        source_view(
            rooms.contracts.latest(source).contract,
            [it for it in counts if it.source == source],
            now,
            [status for name, status in feeds if name == source],
            rooms.skews.of(source),
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


def source_view(
    contract: Contract,
    counts: Sequence[SourceCount],
    now: int,
    feeds: Sequence[FeedStatus] = (),
    skew: Skew | None = None,
) -> SourceView:
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
        streams=streams_of(feeds),
        clock=None if skew is None else clock_of(skew),
    )


def clock_of(skew: Skew) -> ClockView:
    """What is known of a source's clock, as it is shown."""
    return ClockView(
        skew.ahead_ms, skew.basis.value, skew.deliveries, iso_instant(skew.since), skew.is_beyond
    )


def streams_of(feeds: Sequence[FeedStatus]) -> tuple[StreamView, ...]:
    """The topics of a source, each once, however many members of a group read it here."""
    found: dict[str, StreamView] = {}
    for feed in feeds:
        for it in feed.topics:
            before = found.get(it.topic, StreamView(it.topic, 0, None, 0, ""))
            lags = [lag for lag in (before.lag, it.lag) if lag is not None]
            found[it.topic] = StreamView(
                it.topic,
                before.partitions + it.partitions,
                sum(lags) if lags else None,
                before.missed + it.missed,
                before.fault or feed.fault,
            )
    return tuple(found.values())
