"""Whether the server takes and serves data. Needs no permit: it answers with counts alone."""

from __future__ import annotations

from onefold.usecases.model import Health
from onefold.usecases.rooms import Rooms


def check_health(rooms: Rooms) -> Health:
    """How far the state is behind the log."""
    return rooms.vitals.read()
