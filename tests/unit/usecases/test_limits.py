"""Rates of sources: a burst, then as many as the contract says, and nobody pays for another."""

from __future__ import annotations

import pytest

from onefold.record.contracts.model import Rate
from onefold.usecases.limits import Limits, TooManyRequests

RATE = Rate(2.0, 3)


def taken(limits: Limits, times: int, now_ms: int, source: str = "app", rate: Rate | None = RATE) -> int:
    done = 0
    for _ in range(times):
        try:
            limits.enter(source, rate, now_ms)
            done += 1
        except TooManyRequests:
            pass
    return done


def test_a_burst_then_the_rate():
    limits = Limits()
    assert taken(limits, 10, 1_000) == 3
    assert taken(limits, 10, 1_499) == 0
    assert taken(limits, 10, 1_500) == 1
    assert taken(limits, 10, 2_500) == 2
    assert taken(limits, 10, 99_000) == 3


def test_one_source_spends_nothing_of_another_and_one_without_a_rate_is_free():
    limits = Limits()
    assert taken(limits, 10, 0) == 3
    assert taken(limits, 10, 0, "other") == 3
    assert taken(limits, 1000, 0, "free", None) == 1000


@pytest.mark.parametrize(("rate", "wait"), [(Rate(2.0, 1), 1), (Rate(0.1, 1), 10), (Rate(100.0, 1), 1)])
def test_it_says_when_to_come_again(rate, wait):
    limits = Limits()
    limits.enter("app", rate, 0)
    with pytest.raises(TooManyRequests) as told:
        limits.enter("app", rate, 0)
    assert told.value.retry_after_seconds == wait
    assert told.value.status == 429
    limits.enter("app", rate, wait * 1000)


def test_a_clock_that_is_set_back_locks_nobody_out():
    limits = Limits()
    assert taken(limits, 3, 3_600_000) == 3
    assert taken(limits, 10, 0) == 0
    assert taken(limits, 10, 1_000) == 2


def test_every_event_of_a_batch_counts():
    limits = Limits()
    limits.enter("app", RATE, 0)
    limits.hold("app", RATE, 0, 3)
    assert taken(limits, 1, 0) == 0
    assert taken(limits, 9, 1_000) == 2


def test_a_batch_larger_than_the_burst_is_served_and_what_it_owes_is_waited_off():
    limits = Limits()
    limits.enter("app", RATE, 0)
    limits.hold("app", RATE, 0, 100)
    with pytest.raises(TooManyRequests) as told:
        limits.enter("app", RATE, 0)
    assert told.value.retry_after_seconds == 49, "97 owed and one to have, at two a second"
    assert taken(limits, 1, 48_499) == 0
    limits.enter("app", RATE, 49_000)
    limits.hold("app", RATE, 49_000, 100)


def test_of_batches_that_enter_together_one_is_served():
    limits = Limits()
    for _ in range(3):
        limits.enter("app", RATE, 0)
    limits.hold("app", RATE, 0, 100)
    for _ in range(2):
        with pytest.raises(TooManyRequests):
            limits.hold("app", RATE, 0, 100)
    limits.hold("app", RATE, 0, 1)


def test_over_time_nobody_gets_more_than_the_rate():
    limits, served = Limits(), 0
    for now_ms in range(0, 1_000_000, 100):
        try:
            limits.enter("app", RATE, now_ms)
            limits.hold("app", RATE, now_ms, 50)
            served += 50
        except TooManyRequests:
            pass
    assert 1_900 <= served <= 3 + 2 * 1_000 + 50
