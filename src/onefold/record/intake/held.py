"""What is held, by kind: counted and found without reading the quarantine from its beginning each time.

The quarantine and its settlements are logs. This follows both and keeps five bytes a row: the number of its
kind (rows of one object, under one version of its contract, held for one reason at one property) and what
became of it. So kinds are counted exactly, and rows of some are found newest first, however many others lie
between. It is made anew when the process starts and somebody asks.
"""

from __future__ import annotations

import threading
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import msgspec

from onefold.record.intake.quarantine import Held, Quarantine, sequence_of
from onefold.record.intake.settlement import Outcome, Settlements

PAGE_MAX = 500
_OPEN = 0
_OUTCOMES = {Outcome.RESUBMITTED: 1, Outcome.DISCARDED: 2}


class Standing(StrEnum):
    """Whether a row still waits for somebody."""

    OPEN = "open"
    SETTLED = "settled"
    RESUBMITTED = "resubmitted"
    DISCARDED = "discarded"


_CODES = {
    None: {_OPEN, *_OUTCOMES.values()},
    Standing.OPEN: {_OPEN},
    Standing.SETTLED: set(_OUTCOMES.values()),
    Standing.RESUBMITTED: {_OUTCOMES[Outcome.RESUBMITTED]},
    Standing.DISCARDED: {_OUTCOMES[Outcome.DISCARDED]},
}


class Kind(NamedTuple):
    """What held rows have in common."""

    source: str
    object: str
    contract: str
    reason: str
    field: str


class Wanted(msgspec.Struct, frozen=True):
    """Which rows: those of a kind, as far as it is said, that stand as said; empty words ask for nothing.

    Without a `field` rows that broke at any property; an empty one asks for those that broke as a whole.
    """

    source: str = ""
    object: str = ""
    contract: str = ""
    reason: str = ""
    field: str | None = None
    standing: Standing | None = None

    def takes(self, kind: Kind) -> bool:
        """Whether rows of the kind are among them."""
        asked = self.source, self.object, self.contract, self.reason
        fits = all(not it or it == found for it, found in zip(asked, kind[:-1], strict=True))
        return fits and self.field in {None, kind.field}


class HeldCount(msgspec.Struct, frozen=True):
    """How many rows of a kind are held, and of how many it was settled what becomes of them.

    `first_at` and `last_at` (ms) are when the first and the last of them were held.
    """

    kind: Kind
    rows: int
    resubmitted: int
    discarded: int
    first_at: int
    last_at: int

    @property
    def open(self) -> int:
        """How many still wait."""
        return self.rows - self.resubmitted - self.discarded


class HeldPage(msgspec.Struct, frozen=True):
    """Newest first, each with what became of it; `next` continues, empty at the end."""

    items: tuple[tuple[Held, Outcome | None], ...]
    next: str


class HeldRows:
    """The rows of one quarantine; thread-safe."""

    def __init__(self, quarantine: Quarantine, settlements: Settlements) -> None:
        self._quarantine = quarantine
        self._settlements = settlements
        self._lock = threading.Lock()
        self._kinds: dict[Kind, int] = {}
        self._kind_of = array("I")
        self._outcome_of = bytearray()
        self._rows: Counter[int] = Counter()
        self._first_at: list[int] = []
        self._last_at: list[int] = []
        self._settled: Counter[tuple[int, Outcome]] = Counter()
        self._ranges = 0

    def counts(self, wanted: Wanted) -> tuple[HeldCount, ...]:
        """The kinds that are wanted; of a `standing` those that have rows which stand so."""
        with self._lock:
            self._follow()
            found = [self._count(kind, number) for kind, number in self._kinds.items() if wanted.takes(kind)]
        return tuple(sorted((it for it in found if _stands(it, wanted.standing)), key=lambda it: it.kind))

    def page(self, wanted: Wanted, *, cursor: str = "", limit: int = 50) -> HeldPage:
        """Up to `limit` of the rows below `cursor` (the `next` of the page before)."""
        limit = max(1, min(limit, PAGE_MAX))
        found: list[int] = []
        for sequence in self.sequences(wanted, below=sequence_of(cursor) if cursor else 0):
            found.append(sequence)
            if len(found) > limit:
                break
        items = tuple((it, self._settlements.outcome_of(it.sequence)) for it in self.read(found[:limit]))
        return HeldPage(items, str(found[limit - 1]) if len(found) > limit else "")

    def read(self, sequences: Iterable[int]) -> Iterator[Held]:
        """Rows as they are listed."""
        return (self._quarantine.listed(it) for it in sequences)

    def sequences(self, wanted: Wanted, *, below: int = 0) -> Iterator[int]:
        """The numbers of the rows below one (0: all), newest first, as they stood when it was asked."""
        with self._lock:
            self._follow()
            numbers = {number for kind, number in self._kinds.items() if wanted.takes(kind)}
            top = min(below - 1 if below else len(self._kind_of), len(self._kind_of))
            kinds, outcomes = self._kind_of[:top], self._outcome_of[:top]
        stands = _CODES[wanted.standing]
        for at in range(top - 1, -1, -1):
            if kinds[at] in numbers and outcomes[at] in stands:
                yield at + 1

    def _count(self, kind: Kind, number: int) -> HeldCount:
        return HeldCount(
            kind,
            self._rows[number],
            self._settled[number, Outcome.RESUBMITTED],
            self._settled[number, Outcome.DISCARDED],
            self._first_at[number],
            self._last_at[number],
        )

    def _follow(self) -> None:
        """Takes in what was held and settled since. Settlements go first: their rows are held."""
        made = self._settlements.made(self._ranges)
        for _, held in self._quarantine.headers(len(self._kind_of)):
            kind = Kind(held.source, held.object, held.contract, held.reason, held.field)
            number = self._kinds.setdefault(kind, len(self._kinds))
            if number == len(self._first_at):
                self._first_at.append(held.held_at)
                self._last_at.append(held.held_at)
            self._first_at[number] = min(self._first_at[number], held.held_at)
            self._last_at[number] = max(self._last_at[number], held.held_at)
            self._rows[number] += 1
            self._kind_of.append(number)
            self._outcome_of.append(_OPEN)
        for first, last, outcome in made:
            for number, rows in Counter(self._kind_of[first - 1 : last]).items():
                self._settled[number, outcome] += rows
            self._outcome_of[first - 1 : last] = bytes([_OUTCOMES[outcome]]) * (last - first + 1)
        self._ranges += len(made)


def _stands(count: HeldCount, standing: Standing | None) -> bool:
    """Whether any row of a kind stands so."""
    settled = count.resubmitted + count.discarded
    rows = {
        None: count.rows,
        Standing.OPEN: count.open,
        Standing.SETTLED: settled,
        Standing.RESUBMITTED: count.resubmitted,
        Standing.DISCARDED: count.discarded,
    }
    return rows[standing] > 0
