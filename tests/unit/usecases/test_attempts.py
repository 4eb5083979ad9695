"""Wrong passwords lock a login for a while, longer each time, whoever it is."""

from __future__ import annotations

import pytest

from onefold.usecases.attempts import FAILURES_MAX, LOCK_SECONDS_FIRST, LOCK_SECONDS_MAX, Attempts, LockedOut
from tests.unit.gate.bank import StoppedClock


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def attempts(clock):
    return Attempts(clock)


def fail(attempts, times: int) -> None:
    for _ in range(times):
        attempts.failed("rm")


def wait_of(attempts) -> int:
    with pytest.raises(LockedOut) as caught:
        attempts.check("rm")
    assert caught.value.status == 429
    return caught.value.retry_after_seconds


def test_a_few_slips_are_forgiven(attempts):
    fail(attempts, FAILURES_MAX - 1)
    attempts.check("rm")


def test_one_more_locks_and_the_lock_ends_by_itself(attempts, clock):
    fail(attempts, FAILURES_MAX)
    assert wait_of(attempts) == LOCK_SECONDS_FIRST + 1
    clock.now += LOCK_SECONDS_FIRST * 1000
    attempts.check("rm")


def test_each_failure_after_that_locks_twice_as_long_up_to_a_limit(attempts):
    fail(attempts, FAILURES_MAX + 2)
    assert wait_of(attempts) == LOCK_SECONDS_FIRST * 4 + 1
    fail(attempts, 60)
    assert wait_of(attempts) == LOCK_SECONDS_MAX + 1


def test_a_right_password_is_a_new_start(attempts):
    fail(attempts, FAILURES_MAX - 1)
    attempts.succeeded("rm")
    fail(attempts, FAILURES_MAX - 1)
    attempts.check("rm")


def test_others_are_not_locked_out_with_it(attempts):
    fail(attempts, FAILURES_MAX)
    attempts.check("agent")


def test_a_flood_of_logins_does_not_fill_the_memory(attempts):
    for number in range(10_500):
        attempts.failed(f"login-{number}")
    assert len(attempts._failures) == 10_000
