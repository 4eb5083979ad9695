"""Work by the clock: every so often, or at a time of day. The clock is given, so that tests need not wait.

A job that fails is tried again at its next time; none keeps another from its turn, and what ran late runs
once, not once for every time it missed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from threading import Event, Thread
from typing import NamedTuple
from zoneinfo import ZoneInfo

from onefold.kernel.errors import OnefoldError
from onefold.kernel.time import Clock, instant_from_datetime

TICK_SECONDS = 1.0


class Times(NamedTuple):
    """`every_seconds`, or at the time `at` of each day in `zone`."""

    every_seconds: int = 0
    at: time = time()
    zone: str = "UTC"

    def first(self, now: int) -> int:
        """When it runs first: at once where it runs every so often."""
        return now if self.every_seconds else self.following(now)

    def following(self, now: int) -> int:
        """The next time after an instant."""
        if self.every_seconds:
            return now + self.every_seconds * 1000
        zone = ZoneInfo(self.zone)
        local = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)
        for days in range(3):
            day = local.date() + timedelta(days=days)
            found = instant_from_datetime(datetime.combine(day, self.at, zone))
            if found > now:
                return found
        raise AssertionError("every day has its time")


class Job(NamedTuple):
    """What runs when; `name` is what it is called in the server's log."""

    name: str
    times: Times
    run: Callable[[], str]


Told = Callable[[str, str, OnefoldError | None], None]
"""Told the name of a job that ran, what it came to, and what kept it from that."""


class Schedule:
    """Runs jobs on a thread of its own, one after the other."""

    def __init__(self, jobs: Sequence[Job], clock: Clock, told: Told) -> None:
        self._clock = clock
        self._told = told
        now = clock.now_ms()
        self._due = [(job, job.times.first(now)) for job in jobs]
        self.stopping = Event()
        self._thread = Thread(target=self._run, name="onefold-schedule", daemon=True)

    def start(self) -> None:
        """Begins to look at the clock; once."""
        self._thread.start()

    def stop(self) -> None:
        """Lets the job at hand come to its next durable step, and ends."""
        self.stopping.set()
        self._thread.join()

    def run_due(self) -> None:
        """Runs what is due now, once each."""
        for number, (job, due) in enumerate(self._due):
            now = self._clock.now_ms()
            # A clock that was set back must not silence a job for as long as it was ahead.
            due = min(due, job.times.following(now))
            if due <= now and not self.stopping.is_set():
                self._try(job)
                due = job.times.following(now)
            self._due[number] = (job, due)

    def _try(self, job: Job) -> None:
        try:
            said = job.run()
        except OnefoldError as error:
            self._told(job.name, "", error)
        else:
            self._told(job.name, said, None)

    def _run(self) -> None:
        while not self.stopping.wait(TICK_SECONDS):
            self.run_due()
