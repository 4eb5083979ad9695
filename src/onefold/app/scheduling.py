"""The schedule of a data folder: which databases the server asks, and when.

[[schedule]]
source = "core"
objects = ["client"]          without it, every object with a query
every = "15m"                 or: daily = "02:30", with zone = "Asia/Tashkent" (default UTC)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.app.connections import asking, settings
from onefold.app.folder import CONFIG, DataFolder
from onefold.app.loading import settled, snapshot_of
from onefold.kernel.errors import CallerError, OnefoldError, Unavailable
from onefold.kernel.time import seconds_of
from onefold.record.intake.model import Mode
from onefold.runtimes.embedded.schedule import Job, Schedule, Times
from onefold.usecases.measure_quality import MeasuredAnswers
from onefold.usecases.pull_query import plan_pull, pull_query
from onefold.usecases.rooms import Rooms
from onefold.usecases.runs import Way, counted_as_run

CAUGHT_UP_SECONDS = 600.0
_WORDS = {"source", "objects", "every", "daily", "zone"}


class Entry:
    """One entry of the schedule, checked."""

    def __init__(self, said: Any) -> None:
        if not isinstance(said, dict) or not set(said) <= _WORDS or not isinstance(said.get("source"), str):
            raise _wrong("each entry has a source, and of objects, every, daily and zone what it needs")
        objects = said.get("objects", [])
        if not isinstance(objects, list) or not all(isinstance(it, str) for it in objects):
            raise _wrong("objects is a list of names")
        self.source: str = said["source"]
        self.objects: list[str] = objects
        self.times = _times(said)


def read_schedule(folder: DataFolder) -> list[Entry]:
    """Every entry of `config.toml`; `CallerError` for one that cannot be kept."""
    found = settings(folder, "schedule") or []
    if not isinstance(found, list):
        raise _wrong("write [[schedule]], in double brackets")
    return [Entry(it) for it in found]


@contextmanager
def scheduled(folder: DataFolder, rooms: Rooms) -> Iterator[None]:
    """Keeps the schedule of a folder until the block ends."""
    entries = read_schedule(folder)
    if not entries:
        yield
        return
    for entry in entries:
        plan_pull(rooms.contracts, entry.source, entry.objects)
    stopping = Event()
    jobs = [Job(f"pull {it.source}", it.times, _Pulling(folder, rooms, it, stopping)) for it in entries]
    schedule = Schedule(jobs, rooms.clock, _tell)
    schedule.start()
    try:
        yield
    finally:
        stopping.set()
        schedule.stop()


class _Pulling:
    """Asks the queries of one entry."""

    def __init__(self, folder: DataFolder, rooms: Rooms, entry: Entry, stopping: Event) -> None:
        self._folder = folder
        self._rooms = rooms
        self._entry = entry
        self._stopping = stopping

    def __call__(self) -> str:
        with counted_as_run(self._rooms, self._entry.source, Way.QUERY, by="schedule") as rooms:
            return self._pull(rooms, self._entry.source)

    def _pull(self, rooms: Rooms, source: str) -> str:
        said = []
        measured = MeasuredAnswers(asking(self._folder))
        for item in plan_pull(rooms.contracts, source, self._entry.objects):
            permit = rooms.gate.admit(source, "schedule")
            with snapshot_of(rooms, item, Mode.CURRENT, None) as snapshot:
                tally = pull_query(
                    permit,
                    rooms,
                    measured,
                    FileBookmarks(self._folder.bookmarks),
                    item,
                    progress=self._progress,
                    snapshot=snapshot,
                )
                note, _ = settled(permit, item, snapshot, False, self._caught_up)
            said.append(note or f"{item.name}: {tally.offered} rows, {tally.accepted} new")
            said += [
                f"{item.name}: {it.rule}: {it.value:g}, expected {it.expected}: {it.verdict} ({it.severity})"
                for it in measured.results(item.name)
                if it.verdict != "holds"
            ]
            said += measured.suspicions(item.name)
        return "; ".join(said)

    def _progress(self, _: int) -> None:
        if self._stopping.is_set():
            raise Unavailable("The server stops.", hint="The next run goes on from here.")

    def _caught_up(self, sequence: int) -> None:
        self._rooms.barrier.wait_for(sequence, CAUGHT_UP_SECONDS)


def _times(said: dict[str, Any]) -> Times:
    every, daily, zone = said.get("every"), said.get("daily"), said.get("zone", "UTC")
    if (every is None) == (daily is None):
        raise _wrong('each entry has every = "15m" or daily = "02:30"')
    if every is not None:
        seconds = seconds_of(str(every))
        if not seconds:
            raise _wrong("every must be longer than nothing")
        return Times(every_seconds=seconds)
    try:
        ZoneInfo(str(zone))
        return Times(at=time.fromisoformat(str(daily)), zone=str(zone))
    except (ValueError, ZoneInfoNotFoundError):
        raise _wrong('daily is a time such as "02:30", zone a name such as Asia/Tashkent') from None


def _wrong(what: str) -> CallerError:
    return CallerError(f"The schedule in {CONFIG} cannot be kept: {what}.")


def _tell(name: str, said: str, error: OnefoldError | None) -> None:
    log = structlog.get_logger("onefold.schedule")
    if error is None:
        log.info(name, result=said)
    else:
        log.warning(name, error=str(error))
