"""The embedded worker: reads the log after the state's offset, drives the step, commits. One a cell.

Exactly once in effect: writes and offset are one transaction, so a crash repeats a batch that had no effect,
and a worker that was overtaken is fenced. The worker keeps nothing that the state does not; what it has read
ahead is dropped whenever a commit fails. What pure functions remember of people goes with an erasure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Protocol

from onefold.customer.identity.model import EvidenceProvider
from onefold.kernel.memory import forget
from onefold.pipeline.adoptions import check_adoptions
from onefold.pipeline.ports import Mapping, Opened, StepState
from onefold.pipeline.step import RULES, drive, step
from onefold.record.log.model import Record
from onefold.record.log.ports import SegmentReader

BATCH_EVENTS = 2_000
BEHIND_EVENTS = 20_000
"""At most so many where somebody waits: about a second."""
BULK_EVENTS = 160_000
"""For a log that nobody waits for. Ids are random, so a batch touches about as many pages of their index as
it has events, and each page is written as a whole: at six million rows plain SQLite wrote 18.9 KB a row in
batches of 20,000, and 3.2 KB in these. They take some hundred megabytes."""
READ_FRAMES = 500


class Opener(Protocol):
    """Opens sealed frames; None for the bodies of an erased subject."""

    def open(self, records: Iterable[Record]) -> Sequence[Opened]:
        """Every record in order."""
        ...


class Worker:
    """Takes the state from where it is to the end of the log, a batch at a time.

    A batch is whole frames of about `batch_events` events: larger ones load faster, smaller ones show sooner.
    So a worker that is behind takes twice as many each time, up to `bulk_events`, until it has caught up.
    Who is who is decided by `provider`, which is that of the adoption of this number.
    """

    def __init__(
        self,
        reader: SegmentReader,
        opener: Opener,
        mapping: Mapping,
        state: StepState,
        batch_events: int = BATCH_EVENTS,
        bulk_events: int = BEHIND_EVENTS,
        provider: EvidenceProvider = RULES,
        adoption: int = 0,
    ) -> None:
        self._reader = reader
        self._opener = opener
        self._mapping = mapping
        self._state = state
        self._provider = provider
        self._adoption = adoption
        self._batch_events = self._events_now = batch_events
        self._bulk_events = max(batch_events, bulk_events)
        self._ahead: deque[Opened] = deque()
        self._read_to = -1

    @property
    def offset(self) -> int:
        """The last log sequence whose effect is in the state."""
        return self._state.offset

    def run_once(self) -> int:
        """Takes one batch into the state; the number of frames in it, 0 at the end of the log."""
        offset = self._state.offset
        if self._read_to != offset:
            self._ahead.clear()
        batch, events = self._next_batch(offset)
        is_behind = events >= self._events_now
        self._events_now = min(2 * self._events_now, self._bulk_events) if is_behind else self._batch_events
        self._read_to = -1
        if not batch:
            self._state.tidy()
            return 0
        last = batch[-1][0]
        check_adoptions(batch, self._adoption)
        writes = drive(step(batch, self._mapping, self._provider), self._state)
        self._state.commit(writes, offset, last)
        if writes.erased:
            forget()
        self._read_to = last
        return len(batch)

    def drain(self) -> int:
        """Works to the end of the log; the number of frames taken."""
        frames = 0
        while taken := self.run_once():
            frames += taken
        return frames

    def _next_batch(self, offset: int) -> tuple[list[Opened], int]:
        """Whole frames from the first unread, at least one, until there are events enough; and how many."""
        batch: list[Opened] = []
        events = 0
        while events < self._events_now:
            if not self._ahead:
                after = batch[-1][0] if batch else offset
                self._ahead.extend(self._opener.open(self._reader.read(after, READ_FRAMES)))
            if not self._ahead:
                break
            frame = self._ahead.popleft()
            events += len(frame[1].events)
            batch.append(frame)
        return batch, events
