"""What one customer agreed to, took back and objected to: every fact, and what stood at an instant."""

from __future__ import annotations

from datetime import datetime

from onefold.gate.ledger import ConsentLedger, Moment
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text
from onefold.kernel.time import instant_from_datetime, iso_instant
from onefold.usecases.rooms import Rooms


def show_consents(
    permit: Permit,
    rooms: Rooms,
    customer: str,
    *,
    at: str = "",
    known: str = "now",
    cursor: str = "",
    limit: int = 50,
) -> ConsentLedger:
    """One page of facts, and what stood at `at` (a day or an instant; empty: now).

    As known `now`, or `then`: by what had been recorded at that time; or by what had been at another instant.
    """
    permit.needs("show_consents")
    instant = instant_of(at, rooms.clock.now_ms())
    asked = Moment(instant, _known_by(known, instant), cursor, limit)
    return rooms.gate.consents(permit, id_from_text(customer), asked)


def _known_by(known: str, instant: int) -> int | None:
    """By what had been recorded at which instant; None: by all that is."""
    if known in ("", "now"):
        return None
    return instant if known == "then" else instant_of(known, instant, or_say="Say now or then. ")


def instant_of(text: str, otherwise: int, *, or_say: str = "") -> int:
    """An instant as people write it, a day as its first instant (UTC); `CallerError` where it is neither."""
    if not text:
        return otherwise
    try:
        found = instant_from_datetime(datetime.fromisoformat(text))
        iso_instant(found)  # What cannot be written again is none either.
        return found
    except (ValueError, OverflowError):
        raise CallerError(
            "That is not an instant.",
            hint=f"{or_say}Write it like 2026-09-30, or 2026-09-30T12:00:00Z; without a zone it is UTC.",
        ) from None
