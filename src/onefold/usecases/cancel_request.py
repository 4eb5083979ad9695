"""Cancel a request of a data subject, who no longer wants it; only before work on it has begun."""

from __future__ import annotations

from onefold.gate.model import Permit
from onefold.record.requests.model import Happened, Step
from onefold.usecases.request_views import RequestView, shown, take
from onefold.usecases.rooms import Rooms


def cancel_request(permit: Permit, rooms: Rooms, request_id: str) -> RequestView:
    """The request, at its end; `RequestStands` where work on it has begun."""
    permit.needs("cancel_request")
    found = rooms.requests.find(request_id)
    now = rooms.clock.now_ms()
    it = Happened("", found.id, Step.CANCELLED, now, permit.actor.id)
    return shown(rooms, take(permit, rooms, it, found.kind, found.customer), now)
