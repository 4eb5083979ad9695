"""The clock goes forward only, whatever the machine's does."""

from __future__ import annotations

import pytest

from onefold.app import clock
from onefold.app.clock import SystemClock

START_MS = 1_750_000_000_000
HOUR_MS = 3_600_000


class Machine:
    """What the clock asks the machine for."""

    def __init__(self) -> None:
        self.wall_ms = START_MS
        self.steady_ms = 5_000

    def time_ns(self) -> int:
        return self.wall_ms * clock.MS

    def monotonic_ns(self) -> int:
        return self.steady_ms * clock.MS

    def passes(self, ms: int) -> None:
        self.wall_ms += ms
        self.steady_ms += ms


@pytest.fixture
def machine(monkeypatch):
    found = Machine()
    monkeypatch.setattr(clock, "time", found)
    return found


def test_it_is_the_machines_time(machine):
    told = SystemClock()
    assert told.now_ms() == START_MS
    machine.passes(1500)
    assert told.now_ms() == START_MS + 1500


def test_a_jump_back_does_not_make_later_earlier_and_is_made_up_for(machine):
    told = SystemClock()
    machine.wall_ms -= HOUR_MS
    instants = []
    for _ in range(5):
        machine.passes(60_000)
        instants.append(told.now_ms())
    assert instants == [START_MS + 30_000 * it for it in range(1, 6)]
    machine.passes(2 * HOUR_MS)
    assert told.now_ms() == machine.wall_ms


def test_a_jump_forward_is_followed(machine):
    told = SystemClock()
    machine.wall_ms += HOUR_MS
    assert told.now_ms() == START_MS + HOUR_MS


def test_after_a_restart_it_goes_on_from_what_was_told_last(machine):
    told = SystemClock()
    told.go_on_from(START_MS + HOUR_MS)
    machine.passes(2_000)
    assert told.now_ms() == START_MS + HOUR_MS + 1_000
    told.go_on_from(START_MS)
    assert told.now_ms() == START_MS + HOUR_MS + 1_000


def test_an_instant_days_ahead_was_a_mistake_and_is_not_gone_on_from(machine):
    told = SystemClock()
    told.go_on_from(START_MS + 30 * 24 * HOUR_MS)
    assert told.now_ms() == START_MS
