"""Tell controllers of each change of their requests, at the addresses they gave (OpenDSR 8.5 to 8.7).

What is told is ids of the request and its status, signed, and nothing of the person. Each call is in the
audit before it is made; where that cannot be written, nobody is called. That somebody was told is written
down after it, so whoever was told just before a crash is told again. What could not be told is given up once
it was tried for days, never because it happened long ago.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from onefold.kernel.errors import CallerError
from onefold.kernel.time import iso_day
from onefold.record.requests.callbacks import Address
from onefold.record.requests.model import SubjectRequest
from onefold.record.requests.telling import GIVE_UP_MS, Due, OpenDsrStatus, Pace, Result
from onefold.usecases.processor import REQUESTS, NotTold, Poster
from onefold.usecases.rooms import Rooms
from onefold.usecases.sign_answer import signature_headers

ACTOR = "onefold"


class StatusCallback(msgspec.Struct, frozen=True):
    """What is posted (section 8.6)."""

    controller_id: str
    status_callback_url: str
    subject_request_id: str
    request_status: OpenDsrStatus
    expected_completion_time: str
    results_url: str


def tell_controllers(
    rooms: Rooms, poster: Poster, pace: Pace, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Calls every address that is due and need not wait, once, unless it is over; how many were told."""
    told = 0
    if rooms.processor.is_ready:
        for it in rooms.tellings.due(rooms.requests.calling()):
            if is_over():
                break
            told += _told(rooms, poster, pace, it)
    return told


def results_address(rooms: Rooms, request_id: str, outcome: str, *, completed: bool) -> str:
    """Where the package is that answers a request; empty while there is none."""
    packed = completed and outcome.endswith(".zip")
    return rooms.processor.url(f"{REQUESTS}/{request_id}/package") if packed else ""


def end_of(due_on: str) -> str:
    """The last moment of the day by which a request is answered."""
    return f"{due_on}T23:59:59Z"


def _told(rooms: Rooms, poster: Poster, pace: Pace, due: Due) -> bool:
    try:
        address = rooms.processor.callbacks.address(due.address)
    except CallerError:
        # The house has taken it off its list; it may come back.
        if pace.lets(due.key):
            pace.failed(due.key)
            _failed(rooms, pace, due, "not listed any more")
        return False
    host = address.host, address.port
    if not pace.lets(due.key, host):
        return False
    body = msgspec.json.encode(_said(rooms, due))
    _write_down(rooms, due, address, "allowed")
    # It waits from now on, whatever becomes of it: nobody is called every second because of a fault of ours.
    pace.failed(due.key)
    try:
        poster.post(address, body, signature_headers(rooms, body))
    except NotTold as error:
        (pace.worked if error.reached else pace.failed)(host)
        _failed(rooms, pace, due, error.word, host, address)
        return False
    rooms.tellings.mark(due, Result.TOLD, rooms.clock.now_ms())
    pace.worked(due.key, host)
    return True


def _said(rooms: Rooms, due: Due) -> StatusCallback:
    request = due.request
    completed = due.status is OpenDsrStatus.COMPLETED
    return StatusCallback(
        controller_id=_controller(request),
        status_callback_url=due.address,
        subject_request_id=request.id,
        request_status=due.status,
        expected_completion_time=end_of(iso_day(request.due_on)),
        results_url=results_address(rooms, request.id, request.outcome, completed=completed),
    )


def _controller(request: SubjectRequest) -> str:
    return request.steps[0].actor


def _failed(
    rooms: Rooms,
    pace: Pace,
    due: Due,
    word: str,
    host: tuple[str, int] | None = None,
    address: Address | None = None,
) -> None:
    """It waits, or is given up once it or its host was tried for days, all of them since it happened."""
    now = rooms.clock.now_ms()
    over = min(now - due.since, pace.failing_ms(due.key, host)) > GIVE_UP_MS
    _write_down(rooms, due, address, "given up" if over else "failed", word)
    if over:
        rooms.tellings.mark(due, Result.GIVEN_UP, now)
        pace.worked(due.key)  # What comes after it is tried for as long.


def _write_down(rooms: Rooms, due: Due, address: Address | None, outcome: str, word: str = "") -> None:
    details = {"request": due.request.id, "status": due.status.value}
    rooms.audit.record(
        "callback",
        actor=ACTOR,
        outcome=outcome,
        customer=due.request.customer or None,
        details=details | ({"host": f"{address.host}:{address.port}"} if address else {}),
        reasons=(word,) if word else (),
    )
