"""List the requests of data subjects and until when each is to be answered; show one with all its steps."""

from __future__ import annotations

from collections.abc import Container

from onefold.gate.model import Permit
from onefold.kernel.time import day_of
from onefold.record.requests.model import SubjectRequest
from onefold.usecases.request_views import (
    OBJECTABLE,
    Named,
    RequestList,
    RequestView,
    held_of,
    shown,
    status_of,
    view_of,
)
from onefold.usecases.rooms import Rooms

_PURPOSES = tuple(Named(it.name, it.about) for it in OBJECTABLE)


def list_requests(permit: Permit, rooms: Rooms, status: str = "", most: int = 500) -> RequestList:
    """Open ones first by the day they are due; of one status where one is said.

    Besides a status, `open`, `overdue` and `ended` are known. How many are overdue counts all that fit,
    also beyond `most`.
    """
    permit.needs("list_requests")
    now = rooms.clock.now_ms()
    every = rooms.requests.all()
    held = held_of(rooms, every)
    fitting = [it for it in every if _fits(status, it, held, day_of(now))]
    overdue = sum(_is_overdue(it, day_of(now)) for it in fitting)
    found = tuple(view_of(it, now, held) for it in fitting[:most])
    rooms.gate.released(permit, "requests", counts={"requests": len(found), "overdue": overdue})
    return RequestList(found, overdue, len(fitting) > most, _laws(rooms), _PURPOSES)


def show_request(permit: Permit, rooms: Rooms, request_id: str) -> RequestView:
    """One request; `NotFound`."""
    permit.needs("list_requests")
    found = rooms.requests.find(request_id)
    rooms.gate.released(permit, "requests", counts={"requests": 1}, details={"request": found.id})
    return shown(rooms, found, rooms.clock.now_ms())


def _laws(rooms: Rooms) -> tuple[Named, ...]:
    own = rooms.laws.of("", rooms.cell.jurisdiction)
    others = (it for it in rooms.laws.laws.values() if it is not own)
    return tuple(Named(it.name, it.title) for it in (own, *others))


def _fits(wanted: str, it: SubjectRequest, held: Container[str], today: int) -> bool:
    if wanted == "open":
        return it.is_open
    if wanted == "ended":
        return not it.is_open
    if wanted == "overdue":
        return _is_overdue(it, today)
    return not wanted or wanted == status_of(it, held)


def _is_overdue(it: SubjectRequest, today: int) -> bool:
    return it.is_open and it.due_on < today
