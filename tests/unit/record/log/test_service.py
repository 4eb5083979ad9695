"""Group commit: who is acknowledged, when, and in whose group."""

from __future__ import annotations

import threading

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.log import service
from onefold.record.log.service import GroupCommit
from onefold.testing.segments import MemorySegments
from tests.logs import entries


class SlowLog(MemorySegments):
    """A log whose appends wait until they are let through, and are remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.writing = threading.Event()
        self.groups: list[int] = []
        self.failures: list[BaseException] = []
        self.inside = 0

    def append(self, entries):
        self.inside += 1
        assert self.inside == 1, "one writer at a time"
        self.writing.set()
        self.gate.wait(10)
        self.inside -= 1
        self.groups.append(len(entries))
        if self.failures:
            raise self.failures.pop(0)
        return super().append(entries)


def appender(commit: GroupCommit, results: dict, name, given):
    """A started thread that appends and notes what came of it."""

    def run():
        try:
            results[name] = commit.append(given)
        except (Unavailable, KeyboardInterrupt) as error:
            results[name] = error

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_until(condition) -> None:
    """Until the other threads came so far."""
    for _ in range(5000):
        if condition():
            return
        threading.Event().wait(0.001)
    raise AssertionError("the other threads did not come so far")


@pytest.fixture
def log():
    return SlowLog()


@pytest.fixture
def results() -> dict:
    return {}


def test_a_lone_caller_gets_the_sequence_of_its_last_entry():
    commit = GroupCommit(MemorySegments())
    assert commit.append(entries(3)) == 3
    assert commit.append(entries(2)) == 5
    assert commit.append([]) == 5
    assert commit.last_sequence == 5


def test_who_waits_during_a_write_is_written_together_by_the_next_leader(log, results):
    commit = GroupCommit(log)
    threads = [appender(commit, results, "first", entries(1))]
    log.writing.wait(10)
    threads += [appender(commit, results, number, entries(2)) for number in range(5)]
    wait_until(lambda: len(commit._waiting) == 5)
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert log.groups == [1, 10]
    assert results.pop("first") == 1
    assert sorted(results.values()) == [3, 5, 7, 9, 11]


def test_entries_of_one_call_stand_side_by_side_in_their_order(results):
    log = MemorySegments()
    commit = GroupCommit(log)
    threads = [
        appender(
            commit, results, (worker, turn), [(b"%d %d %d" % (worker, turn, it), b"") for it in range(3)]
        )
        for worker in range(8)
        for turn in range(20)
    ]
    for thread in threads:
        thread.join(10)
    headers = [record.header for record in log.scan()]
    assert len(headers) == 8 * 20 * 3
    for (worker, turn), last in results.items():
        assert headers[last - 3 : last] == [b"%d %d %d" % (worker, turn, it) for it in range(3)]


def test_a_group_takes_no_more_than_its_bytes_except_for_one_large_append(log, results):
    commit = GroupCommit(log, group_bytes_max=100)
    threads = [appender(commit, results, "first", entries(1))]
    log.writing.wait(10)
    for number, size in enumerate((30, 30, 30, 500, 30)):
        threads.append(appender(commit, results, number, [(b"", bytes(size))]))
        wait_until(lambda number=number: len(commit._waiting) == number + 1)
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert log.groups == [1, 3, 1, 1]


def test_a_full_queue_turns_callers_away_and_takes_them_again_later(log, results):
    commit = GroupCommit(log, waiting_bytes_max=100)
    threads = [appender(commit, results, "first", [(b"", bytes(90))])]
    log.writing.wait(10)
    threads.append(appender(commit, results, "second", [(b"", bytes(90))]))
    wait_until(lambda: commit._waiting)
    with pytest.raises(Unavailable) as refused:
        commit.append([(b"", bytes(90))])
    assert refused.value.retry_after_seconds == 1
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert commit.append([(b"", bytes(90))]) == 3
    assert results == {"first": 1, "second": 2}


def test_when_a_write_fails_everyone_in_its_group_is_told_and_nobody_else(log, results):
    commit = GroupCommit(log)
    log.failures = [Unavailable("disk")]
    threads = [appender(commit, results, "first", entries(1))]
    log.writing.wait(10)
    threads += [appender(commit, results, number, entries(1)) for number in range(3)]
    wait_until(lambda: len(commit._waiting) == 3)
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert isinstance(results.pop("first"), Unavailable)
    assert sorted(results.values()) == [1, 2, 3]


def test_followers_of_a_failed_group_are_told_too(log, results):
    commit = GroupCommit(log)
    threads = [appender(commit, results, "first", entries(1))]
    log.writing.wait(10)
    threads += [appender(commit, results, number, entries(1)) for number in range(3)]
    wait_until(lambda: len(commit._waiting) == 3)
    log.failures = []
    fail_second = log.failures
    original = log.append

    def append(given):
        if len(given) == 3:
            fail_second.append(Unavailable("disk"))
        return original(given)

    log.append = append
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert results.pop("first") == 1
    assert [type(error) for error in results.values()] == [Unavailable] * 3


def test_an_interrupted_leader_leaves_nobody_waiting(log, results):
    commit = GroupCommit(log)
    log.failures = [KeyboardInterrupt()]
    threads = [appender(commit, results, "first", entries(1))]
    log.writing.wait(10)
    threads.append(appender(commit, results, "second", entries(1)))
    wait_until(lambda: commit._waiting)
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert isinstance(results["first"], KeyboardInterrupt)
    assert results["second"] == 1
    assert commit.append(entries(1)) == 2


def test_nothing_is_acknowledged_before_it_is_written(log, results):
    commit = GroupCommit(log)
    thread = appender(commit, results, "only", entries(1))
    log.writing.wait(10)
    assert results == {}
    log.gate.set()
    thread.join(10)
    assert results == {"only": 1}


def test_a_caller_that_is_interrupted_while_it_waits_is_not_written_and_blocks_nobody(
    log, results, monkeypatch
):
    class Interrupted(service._Ticket):
        def __init__(self, *given) -> None:
            super().__init__(*given)
            self.wake = InterruptedLock()  # type: ignore[assignment]

    class InterruptedLock:
        def acquire(self) -> None:
            raise KeyboardInterrupt

        def release(self) -> None:
            raise AssertionError("nobody hands anything to who has left")

    commit = GroupCommit(log)
    threads = [appender(commit, results, "first", entries(1))]
    log.writing.wait(10)
    with monkeypatch.context() as patch:
        patch.setattr(service, "_Ticket", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            commit.append(entries(1, start=1))
    threads.append(appender(commit, results, "third", entries(1, start=2)))
    wait_until(lambda: commit._waiting)
    log.gate.set()
    for thread in threads:
        thread.join(10)
    assert results == {"first": 1, "third": 2}
    assert [record.header for record in log.scan()] == [b"header 0", b"header 2"]
