"""What became of rows in quarantine: handed in again, or discarded with a reason. The rows themselves stay.

The quarantine is an immutable log, so its end is written beside it: one record names the rows it settles, who
did it, when and why. A row is open until one does. Held = open + handed in again + discarded, always.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from onefold.kernel.errors import Damaged
from onefold.record.intake.ports import DurableAppend
from onefold.record.intake.quarantine import Held
from onefold.record.log.ports import SegmentReader

_WINDOW = 500


class Outcome(StrEnum):
    """How a row left the quarantine."""

    RESUBMITTED = "resubmitted"
    DISCARDED = "discarded"


class Because(StrEnum):
    """Why rows are given up: words of ours, since what a person writes may be data, and would stay."""

    RESENT = "resent"
    """The source sends it again."""
    NOT_OURS = "not_ours"
    """It is not ours to have."""
    TEST_DATA = "test_data"
    WORTHLESS = "worthless"
    """Nothing can be made of it."""
    DUPLICATE = "duplicate"
    """It is known from elsewhere."""


class Settled(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One settlement. `rows` are ranges of quarantine sequences, both ends included.

    `counts`: how many rows of (source, object, reason) they are. `because` is empty for what was let in.
    """

    cell: str
    outcome: Outcome
    actor: str
    at: int
    because: str
    rows: tuple[tuple[int, int], ...]
    counts: tuple[tuple[str, str, str, int], ...]


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Settled).decode


class Settlements:
    """The settlements of one cell, read when it opens and kept as ranges; thread-safe."""

    def __init__(self, cell: str, commit: DurableAppend, reader: SegmentReader) -> None:
        self._cell = cell
        self._commit = commit
        self._lock = threading.Lock()
        self._starts: list[int] = []
        self._ranges: list[tuple[int, int, Outcome]] = []
        self._made: list[tuple[int, int, Outcome]] = []
        after = 0
        while batch := reader.read(after, _WINDOW):
            for record in batch:
                self._add(_decoded(record.sequence, record.header))
            after = batch[-1].sequence

    def outcome_of(self, sequence: int) -> Outcome | None:
        """How the row of a quarantine sequence was settled; None while it is open."""
        with self._lock:
            return self._outcome_of(sequence)

    def made(self, after: int) -> list[tuple[int, int, Outcome]]:
        """(first row, last row, outcome) as they were settled, behind the first `after` of these ranges."""
        with self._lock:
            return self._made[after:]

    def settle(self, rows: Iterable[Held], *, actor: str, at: int, because: Because | None = None) -> int:
        """Settles those of the rows that are open and returns how many were, once that is durable.

        They are discarded where it is said why, and were handed in again where not.
        """
        outcome = Outcome.DISCARDED if because else Outcome.RESUBMITTED
        with self._lock:
            still = {it.sequence: it for it in rows if self._outcome_of(it.sequence) is None}
            if not still:
                return 0
            counts = Counter((it.source, it.object, it.reason) for it in still.values())
            settled = Settled(
                self._cell,
                outcome,
                actor,
                at,
                because.value if because else "",
                _ranges(sorted(still)),
                tuple((*key, count) for key, count in sorted(counts.items())),
            )
            self._commit.append([(_ENCODE(settled), b"")])
            self._add(settled)
            return len(still)

    def _outcome_of(self, sequence: int) -> Outcome | None:
        at = bisect_right(self._starts, sequence) - 1
        if at < 0:
            return None
        _, last, outcome = self._ranges[at]
        return outcome if sequence <= last else None

    def _add(self, settled: Settled) -> None:
        for first, last in settled.rows:
            at = bisect_right(self._starts, first)
            self._starts.insert(at, first)
            self._ranges.insert(at, (first, last, settled.outcome))
            self._made.append((first, last, settled.outcome))


def _ranges(sequences: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Ascending sequences as the fewest ranges."""
    found: list[tuple[int, int]] = []
    for it in sequences:
        if found and found[-1][1] == it - 1:
            found[-1] = (found[-1][0], it)
        else:
            found.append((it, it))
    return tuple(found)


def _decoded(sequence: int, header: bytes) -> Settled:
    try:
        return _DECODE(header)
    except msgspec.MsgspecError as error:
        raise Damaged("A settlement cannot be read.", detail=f"Record {sequence}.") from error
