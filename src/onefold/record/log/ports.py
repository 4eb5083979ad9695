"""What the log needs from a disk or broker: append durably, read in order, keep subject keys."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from onefold.record.log.checkpoints import Signed, Statement
from onefold.record.log.model import Record


class SegmentWriter(Protocol):
    """The single writer of one log. Sequences count records from 1 without a gap."""

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """Writes (header, payload) pairs, fsyncs, returns the last sequence; all or `Unavailable`.

        All also over a crash: entries of one call are found again together or not at all. After
        `Unavailable` for want of space the next call may succeed; after a failed fsync every call is
        `Unavailable` until the log is opened again, because nobody knows what reached the disk.
        """
        ...

    @property
    def last_sequence(self) -> int:
        """The last durable sequence; 0 when empty."""
        ...

    def close(self) -> None:
        """Writes a checkpoint and lets go of the lock."""
        ...


class Checkpoints(Protocol):
    """Signed statements about logs, kept where whoever can change the log cannot change them."""

    def add(self, statement: Statement) -> None:
        """Signs and keeps one, durable before return."""
        ...

    def read(self, cell: str, log: str) -> list[Signed]:
        """All of one log in the order they were added; `Damaged` when a line cannot be read."""
        ...


class SegmentReader(Protocol):
    """Reads what is durable, in order, from any process."""

    def read(self, after: int, most: int) -> Sequence[Record]:
        """Up to `most` records with a sequence above `after`; empty at the end.

        Cheap when `after` is where the last call ended. `Damaged` when stored bytes are not what was
        written.
        """
        ...

    def scan(self) -> Iterator[Record]:
        """Every record from the first."""
        ...


class SubjectKeys(Protocol):
    """Data keys of subjects, wrapped by a master key. Losing one is erasure."""

    def obtain(self, subject_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """32-byte keys, made durable before they are returned where they did not exist.

        An erased subject is missing from the answer: its key is never made again.
        """
        ...

    def find(self, subject_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """The keys that exist; an erased subject is missing from the answer."""
        ...

    def destroy(self, subject_ids: Collection[bytes]) -> None:
        """Makes every body of these subjects unreadable, in every process, before it returns; idempotent.

        No file holds a byte of their keys then. `Unavailable` when somebody is in the way of that: the keys
        are gone for whoever asks, and doing it again finishes it.
        """
        ...
