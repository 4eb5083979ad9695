"""Few threads for each connection, and few who wait for them."""

from __future__ import annotations

import threading

import pytest

from onefold.gate.fetching import lane
from onefold.gate.fetching.lane import WORKERS, Lane


@pytest.fixture
def gate():
    """Work that waits until it is told."""
    found = threading.Event()
    yield found
    found.set()


def test_no_more_than_so_many_work_at_once(gate):
    one = Lane("core")
    begun = threading.Semaphore(0)

    def work() -> str:
        begun.release()
        gate.wait(10)
        return threading.current_thread().name

    futures = [one.submit(work) for _ in range(WORKERS + 3)]
    assert all(begun.acquire(timeout=10) for _ in range(WORKERS))
    assert not begun.acquire(blocking=False)
    gate.set()
    assert len({it.result(10) for it in futures}) <= WORKERS
    one.close()


def test_when_too_many_wait_the_next_is_turned_away_at_once(gate, monkeypatch):
    monkeypatch.setattr(lane, "QUESTIONS_MAX", WORKERS + 1)
    one = Lane("core")
    taken = [one.submit(lambda: gate.wait(10)) for _ in range(WORKERS + 1)]
    assert None not in taken
    assert one.submit(lambda: None) is None
    gate.set()
    assert taken[-1].result(10)
    one.close()


def test_a_place_that_is_given_up_is_free_again(gate, monkeypatch):
    monkeypatch.setattr(lane, "QUESTIONS_MAX", WORKERS + 1)
    one = Lane("core")
    taken = [one.submit(lambda: gate.wait(10)) for _ in range(WORKERS + 1)]
    assert taken[-1].cancel()
    again = one.submit(lambda: gate.wait(10))
    assert again is not None
    gate.set()
    assert again.result(10)
    one.close()


def test_a_bug_in_the_work_comes_to_whoever_waits():
    one = Lane("core")

    def broken() -> None:
        raise AssertionError("a bug")

    with pytest.raises(AssertionError, match="a bug"):
        one.submit(broken).result(10)
    one.close()
