"""List the requests of data subjects and until when each is to be answered; show one with all its steps."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.kernel.time import day_of
from onefold.usecases.request_views import LawView, RequestList, RequestView, view_of
from onefold.usecases.rooms import Rooms


def list_requests(permit: Permit, rooms: Rooms, status: str = "", most: int = 500) -> RequestList:
    """Open ones first by the day they are due; of one status where one is said, `open` is both open ones.

    `overdue` counts all that fit, also beyond `most`.
    """
    permit.needs("list_requests")
    now = rooms.clock.now_ms()
    fitting = [it for it in rooms.requests.all() if _fits(status, it.status, it.is_open)]
    overdue = sum(it.is_open and it.due_on < day_of(now) for it in fitting)
    found = tuple(view_of(it, now) for it in fitting[:most])
    rooms.gate.released(permit, "requests", counts={"requests": len(found), "overdue": overdue})
    return RequestList(found, overdue, len(fitting) > most, _laws(rooms))


def show_request(permit: Permit, rooms: Rooms, request_id: str) -> RequestView:
    """One request; `NotFound`."""
    permit.needs("list_requests")
    found = rooms.requests.find(request_id)
    rooms.gate.released(permit, "requests", counts={"requests": 1}, details={"request": found.id})
    return view_of(found, rooms.clock.now_ms())


def _laws(rooms: Rooms) -> tuple[LawView, ...]:
    own = rooms.laws.of("", rooms.cell.jurisdiction)
    others = (it for it in rooms.laws.laws.values() if it is not own)
    return tuple(LawView(it.name, it.title) for it in (own, *others))


def _fits(wanted: str, status: str, is_open: bool) -> bool:
    return not wanted or wanted == status or (wanted == "open" and is_open)
