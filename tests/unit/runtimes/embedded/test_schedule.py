"""The schedule: when jobs run by a clock that is set, and that none stands in another's way."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import partial

import pytest

from onefold.kernel.errors import Unavailable
from onefold.runtimes.embedded.schedule import Job, Schedule, Times
from onefold.testing.clock import SetClock

MINUTE = 60_000
START = 1_750_000_000_000


def at(text: str) -> int:
    """An instant in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class House:
    """A schedule and what it did."""

    def __init__(self, *times: Times, fails: tuple[int, ...] = ()) -> None:
        self.clock = SetClock(START)
        self.ran: list[int] = []
        self.told: list[tuple[str, str, bool]] = []
        jobs = [Job(f"job {n}", it, partial(self.run, n, fails)) for n, it in enumerate(times)]
        self.schedule = Schedule(
            jobs, self.clock, lambda *it: self.told.append((it[0], it[1], it[2] is None))
        )

    def run(self, number: int, fails: tuple[int, ...]) -> str:
        self.ran.append(number)
        if number in fails:
            raise Unavailable("The database is down.")
        return "done"

    def at(self, minutes: float) -> list[int]:
        """What runs when the clock stands so many minutes behind the start."""
        self.ran.clear()
        self.clock.advance(START + round(minutes * MINUTE) - self.clock.now_ms())
        self.schedule.run_due()
        return list(self.ran)


def test_every_so_often_begins_at_once():
    house = House(Times(every_seconds=900))
    assert [house.at(it) for it in (0, 14.9, 15, 15.1, 30)] == [[0], [], [0], [], [0]]


def test_what_was_missed_runs_once():
    house = House(Times(every_seconds=60))
    assert [house.at(it) for it in (0, 600, 600.5, 601)] == [[0], [0], [], [0]]


def test_a_job_that_fails_is_tried_again_and_keeps_no_other_from_its_turn():
    house = House(Times(every_seconds=60), Times(every_seconds=60), fails=(0,))
    assert house.at(0) == [0, 1]
    assert house.told == [("job 0", "", False), ("job 1", "done", True)]
    assert house.at(1) == [0, 1]


def test_a_clock_that_is_set_back_silences_no_job():
    house = House(Times(every_seconds=900))
    house.at(600)
    assert [house.at(it) for it in (0, 14, 15)] == [[], [], [0]]


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("UTC", "2026-01-02T02:29", "2026-01-02T02:30"),
        ("UTC", "2026-01-02T02:30", "2026-01-03T02:30"),
        ("Asia/Tashkent", "2026-01-02T00:00", "2026-01-02T21:30"),
        ("Europe/Prague", "2026-07-01T00:00", "2026-07-01T00:30"),
        ("Europe/Prague", "2026-10-25T12:00", "2026-10-26T01:30"),
    ],
)
def test_once_a_day_is_by_the_clock_on_the_wall(zone, now, due):
    times = Times(at=time(2, 30), zone=zone)
    assert times.following(at(now)) == times.first(at(now)) == at(due)
