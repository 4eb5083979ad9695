"""Whether the server takes and serves data. Needs no permit: it answers with counts alone."""

from __future__ import annotations

from importlib.metadata import version

from onefold.usecases.model import Health
from onefold.usecases.rooms import Rooms


def check_health(rooms: Rooms) -> Health:
    """How far the state is behind the log, in frames, and whether checkpoints reach their folder outside."""
    log, state = rooms.log.last_sequence, rooms.reader.offset
    fault = rooms.proofs.fault
    status = "degraded" if fault else "ok"
    return Health(
        status=status if rooms.barrier.failure is None else "failing",
        version=version("onefold"),
        cell=str(rooms.cell),
        log=log,
        state=state,
        behind=max(0, log - state),
        checkpoint_fault=fault,
    )
