"""The index of a door in memory, for tests and for trying a door without a disk."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from onefold.kernel.time import MS_PER_DAY
from onefold.record.intake.model import SourceCount, Stated, Tally
from onefold.record.intake.ports import SeenKey
from onefold.record.intake.runs import RUNS_KEPT, DayCount, Run, RunCount


class _Content(msgspec.Struct):
    seen: set[SeenKey] = msgspec.field(default_factory=set)
    snapshots: dict[str, dict[bytes, Stated]] = msgspec.field(default_factory=dict)
    accounts: dict[tuple[str, str], SourceCount] = msgspec.field(default_factory=dict)
    days: dict[tuple[str, int], Tally] = msgspec.field(default_factory=dict)
    runs: dict[tuple[str, int, str], RunCount] = msgspec.field(default_factory=dict)
    log: int = 0
    quarantine: int = 0


class MemoryDoorIndex:
    """Implements `DoorIndex`; a work changes a copy, which takes the place of the original at its end."""

    def __init__(self) -> None:
        self._content = _Content()
        self._guard = threading.RLock()

    @property
    def log_offset(self) -> int:
        """The log sequence it reflects."""
        return self._content.log

    @property
    def quarantine_offset(self) -> int:
        """The quarantine sequence it reflects."""
        return self._content.quarantine

    @contextmanager
    def work(self) -> Iterator[MemoryIndexWork]:
        """One transaction; an exception undoes it."""
        with self._guard:
            draft = copy.deepcopy(self._content)
            yield MemoryIndexWork(draft)
            self._content = draft

    def last_as_of(self, object_name: str) -> int:
        """The newest `as_of` an object was delivered with; 0 when none."""
        return max(
            (as_of for _, as_of, _ in self._content.snapshots.get(object_name, {}).values()), default=0
        )

    def snapshots(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """What an object last stated of each fragment."""
        return MemoryIndexWork(self._content).snapshots(object_name, fragment_ids)

    def stated(self, object_name: str, after: bytes, most: int) -> list[tuple[bytes, bytes, int]]:
        """(fragment id, row digest, as_of) of what was last stated, by id, above `after`."""
        known = self._content.snapshots.get(object_name, {})
        return [(it, *known[it][:2]) for it in sorted(known) if it > after][:most]

    def counts(self) -> list[SourceCount]:
        """The accounts of all objects, by source and object."""
        return [account for _, account in sorted(self._content.accounts.items())]

    def runs(self, source: str, most: int) -> list[RunCount]:
        """The newest runs of a source, the last begun first."""
        found = [it for it in self._content.runs.values() if it.source == source]
        return sorted(found, key=lambda it: (-it.run.began_at, it.run.way))[:most]

    def days(self, source: str, since: int) -> list[DayCount]:
        """The account of a source by day, from a day on."""
        known = sorted(self._content.days.items())
        return [DayCount(of, day, tally) for (of, day), tally in known if of == source and day >= since]

    def clear(self) -> None:
        """Forgets everything."""
        self._content = _Content()


class MemoryIndexWork:
    """Implements `IndexWork` on a draft."""

    def __init__(self, draft: _Content) -> None:
        self._draft = draft

    def claim(self, keys: Sequence[SeenKey]) -> set[bytes]:
        """Marks events as seen; answers the ids that were not seen before."""
        fresh = set(keys) - self._draft.seen
        self._draft.seen |= fresh
        return {event_id for _, event_id in fresh}

    def release(self, keys: Sequence[SeenKey]) -> None:
        """Takes back claims of this work."""
        self._draft.seen -= set(keys)

    def snapshots(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """What an object last stated of each fragment; unknown ones absent."""
        known = self._draft.snapshots.get(object_name, {})
        return {it: known[it] for it in fragment_ids if it in known}

    def remember(self, object_name: str, rows: Mapping[bytes, Stated]) -> None:
        """Keeps what was last stated."""
        self._draft.snapshots.setdefault(object_name, {}).update(rows)

    def count(self, source: str, object_name: str, tally: Tally, offered_at: int, event_at: int) -> None:
        """Adds to the account of an object, and to that of its source on the day it was offered."""
        self._draft.days.setdefault((source, offered_at // MS_PER_DAY), Tally()).add(tally)
        empty = SourceCount(source, object_name, Tally(), 0, 0)
        before = self._draft.accounts.get((source, object_name), empty)
        total = copy.deepcopy(before.tally)
        total.add(tally)
        self._draft.accounts[source, object_name] = SourceCount(
            source,
            object_name,
            total,
            max(before.last_offered_at, offered_at),
            max(before.last_event_at, event_at),
        )

    def count_run(self, source: str, run: Run, tally: Tally, at: int) -> None:
        """Adds to the account of a run; the oldest of many are let go."""
        place = source, run.began_at, str(run.way)
        before = self._draft.runs.get(place, RunCount(source, run, Tally(), 0, 0))
        total = copy.deepcopy(before.tally)
        total.add(tally)
        self._draft.runs[place] = RunCount(source, run, total, max(before.last_at, at), 0)
        of_source = sorted((it for it in self._draft.runs if it[0] == source), reverse=True)
        for old in of_source[RUNS_KEPT:]:
            del self._draft.runs[old]

    def end_run(self, source: str, run: Run, at: int) -> None:
        """Says that a run is over; nothing where it never began."""
        found = self._draft.runs.get((source, run.began_at, str(run.way)))
        if found is not None:
            self._draft.runs[source, run.began_at, str(run.way)] = msgspec.structs.replace(found, ended_at=at)

    def move(self, *, log: int | None = None, quarantine: int | None = None) -> None:
        """Says up to which sequence of the log and the quarantine the index reflects them."""
        self._draft.log = self._draft.log if log is None else log
        self._draft.quarantine = self._draft.quarantine if quarantine is None else quarantine
