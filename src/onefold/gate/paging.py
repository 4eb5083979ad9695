"""Cursors: where a page ended, as text that goes out and comes back.

They hold an instant and an id, nothing else.
"""

from __future__ import annotations

import re
from datetime import date

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import id_from_text, id_text
from onefold.kernel.time import MS_PER_DAY, day_from_date

Place = tuple[int, bytes]
"""(instant in ms, fragment id): the order of everything that is listed newest first."""

_CURSOR = re.compile(r"(-?[0-9]{1,15})\.([0-9a-f]{32})")
"""Fifteen digits of milliseconds are 31,000 years, and fit any database's integers."""


def cursor_of(place: Place) -> str:
    """The text of a place."""
    at, id_bytes = place
    return f"{at}.{id_text(id_bytes)}"


def place_of(cursor: str) -> Place | None:
    """The place of a cursor; None for an empty one, `CallerError` for one we never gave."""
    if not cursor:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise CallerError("The cursor is not one of ours.", hint="Take `next` of the page before.")
    return int(found[1]), id_from_text(found[2])


def first_ms_of(day: str) -> int:
    """The first instant of a day written YYYY-MM-DD."""
    try:
        return day_from_date(date.fromisoformat(day)) * MS_PER_DAY
    except ValueError:
        raise CallerError(
            "A day does not exist or is not written as one.", hint="Write it like 2026-09-30."
        ) from None
