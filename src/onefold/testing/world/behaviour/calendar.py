"""Days and moments of a window as texts, made once: a world writes each of them thousands of times."""

from __future__ import annotations

from typing import NamedTuple

from onefold.kernel.time import date_from_day, day_from_date
from onefold.testing.world.model import Setting

ZONE_HOURS = 5
"""The systems of the bank write local time, five hours ahead of UTC."""


class Month(NamedTuple):
    """A calendar month as far as it lies in the window: first and last day of it, day 1, label `MM/YYYY`."""

    first: int
    last: int
    day_one: int
    whole: bool
    label: str


class Calendar:
    """Texts of the days from `start` on; index them with day - start."""

    def __init__(self, setting: Setting) -> None:
        self.start, self.until = setting.start, setting.until
        dates = [date_from_day(day) for day in range(self.start, self.until + 1)]
        self.dotted = [f"{day:%d.%m.%Y}" for day in dates]
        self.iso = [day.isoformat() for day in dates]
        self.compact = [f"{day:%Y%m%d}" for day in dates]
        self.weekend = [day.weekday() >= 5 for day in dates]
        self.months = list(self._months())

    def _months(self) -> list[Month]:
        found, day = [], self.start
        while day <= self.until:
            first = date_from_day(day)
            day_one = day_from_date(first.replace(day=1))
            following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1, day=1)
            end = day_from_date(following) - 1
            last = min(end, self.until)
            found.append(Month(day, last, day_one, last == end, f"{first:%m/%Y}"))
            day = last + 1
        return found


MINUTES = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440)]
"""`HH:MM` of every minute of a day."""

SECONDS = [f"{second:02d}" for second in range(60)]
