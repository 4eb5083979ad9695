"""Days as texts."""

from __future__ import annotations

from datetime import date

from onefold.kernel.time import day_from_date
from onefold.testing.world.behaviour.calendar import MINUTES, Calendar
from onefold.testing.world.model import Setting


def calendar(last):
    return Calendar(Setting(seed=1, people=1, until=day_from_date(last)))


def test_the_window_is_a_year_that_ends_on_the_last_day():
    found = calendar(date(2026, 9, 30))
    assert len(found.iso) == 365
    assert (found.iso[0], found.iso[-1]) == ("2025-10-01", "2026-09-30")
    assert (found.dotted[-1], found.compact[-1]) == ("30.09.2026", "20260930")


def test_months_cover_every_day_once():
    found = calendar(date(2026, 9, 17))
    days = [day for month in found.months for day in range(month.first, month.last + 1)]
    assert days == list(range(found.start, found.until + 1))


def test_only_months_that_ended_are_whole():
    found = calendar(date(2026, 9, 17))
    assert [month.whole for month in found.months] == [True] * 12 + [False]
    assert found.months[-1].label == "09/2026"


def test_minutes_are_written_with_two_digits():
    assert (MINUTES[0], MINUTES[65], MINUTES[1439]) == ("00:00", "01:05", "23:59")
