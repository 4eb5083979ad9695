"""The worker: exactly once in effect, whatever is cut, repeated or overtaken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import structs

from onefold.customer.identity.names import name_tokens
from onefold.kernel.errors import Unavailable
from onefold.kernel.memory import MEMORIES
from onefold.pipeline.errors import Fenced
from onefold.pipeline.fingerprint import state_hash
from onefold.record.log.model import EventKind, Record
from onefold.runtimes.embedded.worker import Worker
from onefold.testing.memory import MemoryState
from onefold.testing.sayings import PlainMapping, Saying, opened

HISTORY = [
    Saying(
        "core", "party", f"{n % 7}", EventKind.UPSERT, n, n, {"full_name": f"Person {n % 7}", "tier": str(n)}
    )
    for n in range(40)
]


class Log:
    """A log in a list; it opens what it holds."""

    def __init__(self, sayings: list[Saying]) -> None:
        self.frames = opened(sayings)
        self.reads = 0

    def read(self, after: int, most: int) -> list[Record]:
        self.reads += 1
        return [Record(frame[0], b"", b"", b"") for frame in self.frames if frame[0] > after][:most]

    def scan(self) -> Iterator[Record]:
        return iter(self.read(0, len(self.frames)))

    def open(self, records) -> list:
        return [self.frames[it.sequence - 1] for it in records]


def worker(log: Log, state: MemoryState, batch_events: int = 6) -> Worker:
    """A worker with small batches."""
    return Worker(log, log, PlainMapping(), state, batch_events)


def test_it_takes_the_log_to_its_end_in_batches():
    log, state = Log(HISTORY), MemoryState()
    assert worker(log, state).run_once() == 6
    assert state.offset == 6
    assert worker(log, state).drain() == 34
    assert state.offset == 40
    assert worker(log, state).run_once() == 0


def test_behind_it_takes_ever_more_at_once_and_little_again_once_it_has_caught_up():
    log, state = Log(HISTORY[:30]), MemoryState()
    it = Worker(log, log, PlainMapping(), state, batch_events=2, bulk_events=8)
    assert [it.run_once() for _ in range(6)] == [2, 4, 8, 8, 8, 0]
    log.frames = opened(HISTORY)
    assert [it.run_once() for _ in range(4)] == [2, 4, 4, 0]


def test_what_it_read_ahead_is_not_read_again():
    log = Log(HISTORY)
    worker(log, MemoryState()).drain()
    assert log.reads <= 3


def test_batches_leave_no_trace_in_the_state():
    one, other = MemoryState(), MemoryState()
    worker(Log(HISTORY), one, 1).drain()
    worker(Log(HISTORY), other, 1000).drain()
    assert state_hash(one) == state_hash(other)


def test_it_finds_what_was_appended_later():
    log, state = Log(HISTORY[:10]), MemoryState()
    it = worker(log, state)
    it.drain()
    log.frames = opened(HISTORY)
    assert it.drain() == 30
    assert state.offset == 40


class Failing(MemoryState):
    """Fails to commit, once, at the second batch."""

    failures = 1

    def commit(self, writes, expected_offset, offset):
        if expected_offset and self.failures:
            self.failures -= 1
            raise Unavailable("The disk is full.")
        super().commit(writes, expected_offset, offset)


def test_a_failed_commit_is_repeated_with_the_same_effect():
    log, state, whole = Log(HISTORY), Failing(), MemoryState()
    it = worker(log, state)
    with pytest.raises(Unavailable):
        it.drain()
    it.drain()
    worker(Log(HISTORY), whole).drain()
    assert state_hash(state) == state_hash(whole)


class Tidied(MemoryState):
    """Counts how often it was tidied, and behind which offset."""

    def __init__(self) -> None:
        super().__init__()
        self.tidied: list[int] = []

    def tidy(self):
        self.tidied.append(self.offset)


def test_what_can_wait_is_done_when_there_is_nothing_else_to_do():
    log, state = Log(HISTORY), Tidied()
    worker(log, state).drain()
    assert state.tidied == [state.offset]


class Overtaken(MemoryState):
    """Another worker commits the first batch between this one's reading and its commit."""

    def commit(self, writes, expected_offset, offset):
        if not self.offset:
            super().commit(writes, 0, offset)
        super().commit(writes, expected_offset, offset)


def test_an_overtaken_worker_is_fenced_and_goes_on_from_where_the_state_is():
    log, state, whole = Log(HISTORY), Overtaken(), MemoryState()
    it = worker(log, state)
    with pytest.raises(Fenced):
        it.run_once()
    it.drain()
    worker(Log(HISTORY), whole).drain()
    assert state_hash(state) == state_hash(whole)


def test_a_frame_larger_than_a_batch_is_taken_whole():
    log, state = Log(HISTORY[:3]), MemoryState()
    (_, first, _), *_ = log.frames
    events = tuple(frame[1].events[0] for frame in log.frames)
    bodies = [body for frame in log.frames for body in frame[2]]
    log.frames = [(1, structs.replace(first, events=events), bodies)]
    assert worker(log, state, 1).run_once() == 1
    assert len(list(state.walk())) >= len(events)


def test_what_is_remembered_of_people_goes_with_an_erasure():
    erasure = Saying("core", "party", "3", EventKind.ERASE, 50, 50, {})
    log, state = Log(HISTORY), MemoryState()
    worker(log, state).drain()
    assert name_tokens("Person 3") == ("person",)
    assert any(it.cache_info().currsize for it in MEMORIES)
    log.frames = opened([*HISTORY, erasure])
    worker(log, state).drain()
    assert not any(it.cache_info().currsize for it in MEMORIES)
