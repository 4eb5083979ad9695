"""What a door needs: a durable append, the subjects' keys, and an index of what it has seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from onefold.record.intake.model import SourceCount, Stated, Tally
from onefold.record.intake.runs import DayCount, Run, RunCount

SeenKey = tuple[int, bytes]
"""(event day, event id): the day goes first, so that fresh rows stand together in the index."""


class DurableAppend(Protocol):
    """A log that many threads append to; `record.log.service.GroupCommit` is one."""

    @property
    def last_sequence(self) -> int:
        """The last durable sequence; 0 when empty."""
        ...

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """Returns the sequence of the last entry once all are durable; `Unavailable` when none is."""
        ...


class IndexWork(Protocol):
    """Changes of the index that become true together when the work ends, or not at all."""

    def claim(self, keys: Sequence[SeenKey]) -> set[bytes]:
        """Marks events as seen; answers the ids that were not seen before."""
        ...

    def release(self, keys: Sequence[SeenKey]) -> None:
        """Takes back claims of this work."""
        ...

    def snapshots(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """What an object last stated of each fragment; unknown ones absent.

        `object_name` is `source/object`.
        """
        ...

    def remember(self, object_name: str, rows: Mapping[bytes, Stated]) -> None:
        """Keeps, by fragment id, what was last stated."""
        ...

    def count(self, source: str, object_name: str, tally: Tally, offered_at: int, event_at: int) -> None:
        """Adds to the account of an object, and to that of its source on the day it was offered."""
        ...

    def count_run(self, source: str, run: Run, tally: Tally, at: int) -> None:
        """Adds to the account of a run, which begins with it; the oldest of many are let go."""
        ...

    def end_run(self, source: str, run: Run, at: int) -> None:
        """Says that a run is over; nothing where it never began."""
        ...

    def move(self, *, log: int | None = None, quarantine: int | None = None) -> None:
        """Says up to which sequence of the log and the quarantine the index reflects them."""
        ...


class DoorIndex(Protocol):
    """What a door has seen. It can be deleted: the door makes it again from the headers of the log."""

    @property
    def log_offset(self) -> int:
        """The log sequence it reflects."""
        ...

    @property
    def quarantine_offset(self) -> int:
        """The quarantine sequence it reflects."""
        ...

    def work(self) -> AbstractContextManager[IndexWork]:
        """One transaction by one thread at a time; an exception undoes it."""
        ...

    def last_as_of(self, object_name: str) -> int:
        """The newest `as_of` an object was delivered with; 0 when none."""
        ...

    def snapshots(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """As `IndexWork.snapshots`, of what is true already."""
        ...

    def stated(self, object_name: str, after: bytes, most: int) -> list[tuple[bytes, bytes, int]]:
        """(fragment id, row digest, as_of) of what was last stated, by id, above `after`."""
        ...

    def counts(self) -> list[SourceCount]:
        """The accounts of all objects, by source and object."""
        ...

    def runs(self, source: str, most: int) -> list[RunCount]:
        """The newest runs of a source, the last begun first."""
        ...

    def days(self, source: str, since: int) -> list[DayCount]:
        """The account of a source by day, from a day on; days without any are absent."""
        ...

    def clear(self) -> None:
        """Forgets everything, so that it is made again."""
        ...
