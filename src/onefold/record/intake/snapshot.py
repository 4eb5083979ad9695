"""Full snapshots: which of the things that stand are not in the one at hand, and whether to believe it.

What is there is noted row by row while it goes to the door, rows that are unchanged or faulty included: a
row with a bad birthday is still in its source. What stands is in the door's index. A delivery that may not
be whole deletes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import RowFault
from onefold.record.intake.model import Offered

NOTED_AT_ONCE = 5_000


class Present(Protocol):
    """The ids of a delivery, beyond what memory holds; gone when it is closed."""

    def add(self, ids: Sequence[bytes]) -> None:
        """Notes ids."""
        ...

    def absent(self, ids: Sequence[bytes]) -> list[bytes]:
        """Those of the ids that were not noted, in order."""
        ...

    def close(self) -> None:
        """Forgets all."""
        ...


class Doubt(StrEnum):
    """Why a delivery deletes nothing."""

    HISTORY = "history"
    CUT_OFF = "cut off"
    UNREAD = "unread rows"
    TOO_MANY = "too many"


class RollCall:
    """Notes what a delivery has while its rows pass."""

    def __init__(self, found: CompiledObject, present: Present) -> None:
        self._object = found
        self._present = present
        self.unread = 0
        """Rows whose key nobody knows: any of the missing things may be one of them."""

    def hear(self, rows: Iterable[Offered]) -> Iterator[Offered]:
        """The same rows; their things are noted."""
        noted: list[bytes] = []
        for offered in rows:
            key = self._key(offered)
            if key is None:
                self.unread += 1
            else:
                noted.append(self._object.fragment_id(key))
            if len(noted) >= NOTED_AT_ONCE:
                self._present.add(noted)
                noted = []
            yield offered
        self._present.add(noted)

    def missing(self, standing: Iterable[Sequence[bytes]]) -> Iterator[list[bytes]]:
        """Of pages of what stands, what the delivery lacks."""
        for page in standing:
            if absent := self._present.absent(page):
                yield absent

    def _key(self, offered: Offered) -> str | None:
        if offered.row is None:
            return None
        try:
            return self._object.key(offered.row)
        except RowFault:
            return None


class Findings(NamedTuple):
    """What speaks for and against deleting `missing` of the `known` things."""

    missing: int
    known: int
    unread: int
    is_whole: bool
    is_history: bool


def doubt(found: Findings, stop_share: float, *, accepted: bool) -> Doubt | None:
    """Why nothing may be deleted; None when it may. `accepted`: somebody has looked, and says so.

    History is never believed: what is missing in an old delivery may have come since.
    """
    if found.is_history:
        return Doubt.HISTORY
    if accepted or not found.missing:
        return None
    if not found.is_whole:
        return Doubt.CUT_OFF
    if found.unread:
        return Doubt.UNREAD
    return Doubt.TOO_MANY if found.missing > stop_share * found.known else None
