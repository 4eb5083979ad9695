"""Wrong passwords lock a login for a while, longer each time, whoever it is."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from onefold.kernel.errors import Unauthenticated
from onefold.usecases.attempts import (
    ADDRESS_FAILURES_MAX,
    FAILURES_MAX,
    LOCK_SECONDS_FIRST,
    LOCK_SECONDS_MAX,
    Attempts,
    LockedOut,
)
from onefold.usecases.sign_in import sign_in
from onefold.usecases.ways import Ways
from tests.unit.gate.bank import StoppedClock


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def attempts(clock):
    return Attempts(clock)


def fail(attempts, times: int) -> None:
    """So many wrong passwords, each as soon as the login may be tried."""
    for _ in range(times):
        try:
            attempts.begin("rm")
        except LockedOut as locked:
            attempts._logins._clock.now += locked.retry_after_seconds * 1000
            attempts.begin("rm")


def wait_of(attempts) -> int:
    with pytest.raises(LockedOut) as caught:
        attempts.begin("rm")
    assert caught.value.status == 429
    return caught.value.retry_after_seconds


def test_a_few_slips_are_forgiven(attempts):
    fail(attempts, FAILURES_MAX - 1)
    attempts.begin("rm")


def test_one_more_locks_and_the_lock_ends_by_itself(attempts, clock):
    fail(attempts, FAILURES_MAX)
    assert wait_of(attempts) == LOCK_SECONDS_FIRST + 1
    clock.now += LOCK_SECONDS_FIRST * 1000
    attempts.begin("rm")


def test_each_failure_after_that_locks_twice_as_long_up_to_a_limit(attempts):
    fail(attempts, FAILURES_MAX + 2)
    assert wait_of(attempts) == LOCK_SECONDS_FIRST * 4 + 1
    fail(attempts, 60)
    assert wait_of(attempts) == LOCK_SECONDS_MAX + 1


def test_a_right_password_is_a_new_start(attempts):
    fail(attempts, FAILURES_MAX - 1)
    attempts.succeeded("rm")
    fail(attempts, FAILURES_MAX - 1)
    attempts.begin("rm")


def test_what_is_turned_away_does_not_count(attempts):
    fail(attempts, FAILURES_MAX)
    assert {wait_of(attempts) for _ in range(50)} == {LOCK_SECONDS_FIRST + 1}


def test_no_more_wrong_passwords_are_looked_at_when_all_are_sent_at_once(attempts):
    """Every password is hashed only after all of the attempts have begun: the worst order there is."""
    looked_at: list[str] = []
    hashing, turned_away = threading.Event(), threading.Barrier(40 - FAILURES_MAX + 1)

    def verify(login: str, password: str) -> None:
        looked_at.append(password)
        assert hashing.wait(10)

    rooms: Any = SimpleNamespace(
        attempts=attempts,
        users=SimpleNamespace(verify=verify, find=lambda login: None, epoch=lambda login: ""),
        gate=SimpleNamespace(note=lambda *_: None),
        ways=Ways(),
    )

    def attempt(number: int) -> type[Exception]:
        try:
            sign_in(rooms, "rm", f"guess {number}")
        except LockedOut:
            turned_away.wait(10)
            return LockedOut
        except Unauthenticated:
            return Unauthenticated
        raise AssertionError("nobody has that password")

    with ThreadPoolExecutor(40) as pool:
        tasks = [pool.submit(attempt, number) for number in range(40)]
        try:
            turned_away.wait(10)
        finally:
            hashing.set()
        ends = Counter(task.result() for task in tasks)
    assert len(looked_at) == FAILURES_MAX
    assert ends == {Unauthenticated: FAILURES_MAX, LockedOut: 40 - FAILURES_MAX}


def test_others_are_not_locked_out_with_it(attempts):
    fail(attempts, FAILURES_MAX)
    attempts.begin("agent")


def test_a_flood_of_logins_does_not_fill_the_memory(attempts):
    for number in range(10_500):
        attempts.begin(f"login-{number}")
    assert len(attempts._logins) == 10_000


def test_many_logins_from_one_address_lock_the_address_and_no_other(attempts, clock):
    for number in range(ADDRESS_FAILURES_MAX):
        attempts.begin(f"login-{number}", "203.0.113.7")
    with pytest.raises(LockedOut, match="address"):
        attempts.begin("one more", "203.0.113.7")
    attempts.begin("one more", "203.0.113.8")
    attempts.begin("and another")
    clock.now += LOCK_SECONDS_FIRST * 1000
    attempts.begin("one more still", "203.0.113.7")


def test_whoever_signs_in_well_does_not_lock_the_address_they_share(attempts):
    for number in range(ADDRESS_FAILURES_MAX * 3):
        attempts.begin(f"login-{number}", "203.0.113.7")
        attempts.succeeded(f"login-{number}", "203.0.113.7")
    assert len(attempts._logins) == 0


def test_failures_of_an_address_are_forgotten_after_a_while_without_any(attempts, clock):
    for number in range(ADDRESS_FAILURES_MAX):
        attempts.begin(f"login-{number}", "203.0.113.7")
    clock.now += (LOCK_SECONDS_FIRST + LOCK_SECONDS_MAX + 1) * 1000
    for number in range(ADDRESS_FAILURES_MAX):
        attempts.begin(f"other-{number}", "203.0.113.7")
    with pytest.raises(LockedOut, match="address"):
        attempts.begin("one more", "203.0.113.7")
