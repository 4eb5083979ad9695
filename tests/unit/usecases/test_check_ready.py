"""Readiness: what makes a server one to send nothing to, and that no word of it is personal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from onefold.kernel.errors import Damaged, OnefoldError, Unavailable
from onefold.testing.clock import SetClock
from onefold.usecases.check_ready import Ready, check_ready
from onefold.usecases.pulse import LATE_SECONDS, Pulse

LATE_MS = LATE_SECONDS * 1000


def rooms(*, fault: str = "", failure: OnefoldError | None = None, log: int = 7, state: int = 7) -> Any:
    """Rooms where all is well, but for what is given."""
    return SimpleNamespace(
        clock=SetClock(),
        log=SimpleNamespace(last_sequence=log),
        reader=SimpleNamespace(offset=state),
        barrier=SimpleNamespace(failure=failure),
        writing=SimpleNamespace(fault=lambda: fault),
        pulse=Pulse(),
    )


def test_a_server_that_is_well_says_so():
    assert check_ready(rooms()) == Ready("ok")


def test_a_log_that_cannot_be_written_is_said_with_why():
    with pytest.raises(Unavailable, match=r"not well.*The disk is full") as told:
        check_ready(rooms(fault="The disk is full: nothing was added to the log."))
    assert told.value.status == 503


def test_a_worker_that_cannot_go_on_is_said_without_what_it_was_at():
    with pytest.raises(Unavailable, match="do not follow the log") as told:
        check_ready(rooms(failure=Damaged("Row of Una Karimova.")))
    assert "Una" not in str(told.value)


def test_profiles_that_lag_are_said_once_it_takes_too_long_and_no_longer_when_they_have_caught_up():
    house = rooms(log=9, state=7)
    assert check_ready(house) == Ready()
    house.clock.advance(LATE_MS + 1)
    with pytest.raises(Unavailable, match=f"more than {LATE_SECONDS} seconds behind"):
        check_ready(house)
    house.reader.offset = 9
    assert check_ready(house) == Ready()


def test_a_worker_that_is_behind_and_moves_in_time_is_well():
    pulse = Pulse()
    for turn in range(10):
        assert not pulse.is_late(log=1000 + 100 * turn, state=1000 + 100 * (turn - 1), now_ms=turn * LATE_MS)


def test_what_was_not_asked_for_long_says_nothing_of_a_worker_that_kept_up():
    pulse = Pulse()
    assert not pulse.is_late(log=10, state=9, now_ms=0)
    assert not pulse.is_late(log=500, state=499, now_ms=100 * LATE_MS)
