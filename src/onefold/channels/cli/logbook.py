"""What the composition root offers for looking at the logs of a folder: counts and headers, never a body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

Told = Callable[[str, int, int | None], None]
"""Told how far a long count is: its name, what is done, of how much."""


class LogTotal(msgspec.Struct, frozen=True):
    """One log as it lies there. `bytes` are those of its files; `compacted` records kept their digest alone.

    The age is that of the newest checkpoint, in seconds; None where there is no checkpoint.
    """

    name: str
    segments: int
    records: int
    bytes: int
    compacted: int
    checkpoint_through: int
    checkpoint_at: str | None
    checkpoint_age_seconds: float | None

    @property
    def compacted_share(self) -> float:
        """Which part of the records was erased."""
        return self.compacted / self.records if self.records else 0.0


class ObjectTotal(msgspec.Struct, frozen=True):
    """What one object of one source has in the log. Days are `YYYY-MM-DD`, the first and the last."""

    source: str
    object: str
    frames: int
    events: int
    bytes: int
    bytes_per_event: float
    compacted: int
    occurred: tuple[str, str]
    recorded: tuple[str, str]


class LogStat(msgspec.Struct, frozen=True):
    """The logs of a folder, and what is in the one of events."""

    cell: str
    logs: tuple[LogTotal, ...]
    objects: tuple[ObjectTotal, ...]


class FrameLine(msgspec.Struct, frozen=True):
    """The plain header of one frame: ids are keyed digests in hex, and nothing personal is in it.

    `bytes` are those of the sealed payload, 0 where it was erased.
    """

    sequence: int
    recorded_at: str
    source: str
    object: str
    contract: str
    entity: str
    kinds: dict[str, int]
    occurred: tuple[str, str]
    subject: str
    bytes: int
    compacted: bool


class LogBook(Protocol):
    """The logs of a folder, for its owner. Reading takes no lock, so that a server may run meanwhile."""

    def stat(self, data: Path, watch: Told) -> LogStat:
        """Counts what there is."""
        ...

    def tail(
        self, data: Path, source: str, object_name: str, last: int, *, follow: bool
    ) -> Iterator[FrameLine]:
        """The last frames, of one source or object where it is named; then each that comes, if followed."""
        ...
