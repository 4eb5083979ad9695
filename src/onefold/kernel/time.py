"""Instants and days as integers, and the clock as a port.

An instant (`..._at`) is milliseconds since 1970-01-01T00:00Z, a day (`..._on`) is days since then.
Integers order, subtract and serialise the same everywhere; texts are parsed and made at the edges.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Protocol

from onefold.kernel.errors import CallerError

MS_PER_DAY = 86_400_000
_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_EPOCH = date(1970, 1, 1).toordinal()


class Clock(Protocol):
    """Tells now, so that nothing below asks the machine."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC."""
        ...


def day_of(instant_ms: int) -> int:
    """The UTC day an instant falls in."""
    return instant_ms // MS_PER_DAY


def day_from_date(value: date) -> int:
    """Days since the epoch of a calendar date."""
    return value.toordinal() - _EPOCH


def date_from_day(day: int) -> date:
    """The calendar date of a day number."""
    return date.fromordinal(day + _EPOCH)


def instant_from_datetime(value: datetime) -> int:
    """Milliseconds since the epoch; a naive datetime is taken as UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


@lru_cache(maxsize=65_536)
def iso_instant(instant_ms: int) -> str:
    """ISO 8601 text of an instant, in UTC with milliseconds and `Z`."""
    text = datetime.fromtimestamp(instant_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


@lru_cache(maxsize=65_536)
def iso_day(day: int) -> str:
    """`YYYY-MM-DD` of a day number."""
    return date_from_day(day).isoformat()


def seconds_of(text: str) -> int:
    """The seconds of a duration such as `90s`, `15m`, `2h` or `1d`; `CallerError` for anything else."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise CallerError(f"{text[:20]!r} is not a duration.", hint="Write 90s, 15m, 2h or 1d.")
    return int(found[1]) * _UNIT_SECONDS[found[2]]
