"""Whether the server takes and serves data. Needs no permit: it answers with counts alone."""

from __future__ import annotations

from onefold import RELEASE
from onefold.usecases.model import Health, StreamsHealth
from onefold.usecases.rooms import Rooms


def check_health(rooms: Rooms) -> Health:
    """How far the state is behind the log, in frames; whether checkpoints go outside and topics are read."""
    log, state = rooms.log.last_sequence, rooms.reader.offset
    fault = rooms.proofs.fault
    feeds = [status for _, status in rooms.feeds.all()]
    topics = [it for feed in feeds for it in feed.topics]
    streams = StreamsHealth(
        feeds=len(feeds),
        failing=sum(bool(it.fault) for it in feeds),
        lag=sum(it.lag or 0 for it in topics),
        missed=sum(it.missed for it in topics),
    )
    status = "degraded" if fault or streams.failing else "ok"
    return Health(
        status=status if rooms.barrier.failure is None else "failing",
        version=RELEASE,
        cell=str(rooms.cell),
        log=log,
        state=state,
        behind=max(0, log - state),
        checkpoint_fault=fault,
        streams=streams,
        skewed=rooms.skews.beyond(),
    )
