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
            limits.take(source, rate, now_ms)
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
    limits.take("app", rate, 0)
    with pytest.raises(TooManyRequests) as told:
        limits.take("app", rate, 0)
    assert told.value.retry_after_seconds == wait
    assert told.value.status == 429
    limits.take("app", rate, wait * 1000)


def test_a_clock_that_is_set_back_locks_nobody_out():
    limits = Limits()
    assert taken(limits, 3, 3_600_000) == 3
    assert taken(limits, 10, 0) == 0
    assert taken(limits, 10, 1_000) == 2
