"""List the sources, their contracts and what came through their doors."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.usecases.model import SourceList
from onefold.usecases.rooms import Rooms


def list_sources(permit: Permit, rooms: Rooms) -> SourceList:
    """All of them, by name; counts, no data."""
    permit.needs("list_sources")
    return rooms.sources.report()
