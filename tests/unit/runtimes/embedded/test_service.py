"""The worker's thread: it follows, it can be waited for, it says what keeps it."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from onefold.kernel.errors import Damaged, OnefoldError, Unavailable
from onefold.runtimes.embedded.service import WorkerThread


class Steps:
    """A worker that follows a number; `error` is raised once at the next step."""

    def __init__(self) -> None:
        self.offset = 0
        self.end = 0
        self.error: OnefoldError | None = None
        self.gate = Event()
        self.gate.set()

    def run_once(self) -> int:
        self.gate.wait(5)
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        taken = min(1, self.end - self.offset)
        self.offset += taken
        return taken


@contextmanager
def running(steps: Steps):
    """The thread over it, stopped at the end."""
    stepping: Any = steps
    thread = WorkerThread(stepping, pause_seconds=0.01)
    thread.start()
    try:
        yield thread
    finally:
        steps.gate.set()
        thread.stop()


def test_waiting_ends_when_the_state_has_the_sequence():
    steps = Steps()
    with running(steps) as thread:
        steps.end = 5
        thread.wait_for(5, timeout_seconds=5)
        assert steps.offset == 5


def test_waiting_for_what_does_not_come_in_time_says_so():
    steps = Steps()
    with running(steps) as thread:
        steps.gate.clear()
        steps.end = 1
        with pytest.raises(Unavailable):
            thread.wait_for(1, timeout_seconds=0.05)


def test_an_unavailable_dependency_is_tried_again():
    steps = Steps()
    steps.error = Unavailable("The disk is full.")
    steps.end = 1
    with running(steps) as thread:
        thread.wait_for(1, timeout_seconds=5)
        assert thread.failure is None


def test_damage_ends_the_work_and_whoever_waits_is_told():
    steps = Steps()
    steps.error = Damaged("A frame cannot be read.")
    with running(steps) as thread, pytest.raises(Unavailable, match="A frame cannot be read"):
        thread.wait_for(1, timeout_seconds=5)


def test_stopping_lets_the_step_at_hand_end():
    steps = Steps()
    steps.end = 3
    with running(steps) as thread:
        thread.wait_for(3, timeout_seconds=5)
    assert steps.offset == 3
