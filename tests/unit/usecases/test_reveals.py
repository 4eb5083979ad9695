"""Turning tokens back is for cases, not for lists: so many an hour, for each who asks."""

from __future__ import annotations

import threading

import pytest

from onefold.usecases.limits import TooManyRequests
from onefold.usecases.reveals import AN_HOUR_MAX, HOUR_MS, Reveals

NOW = 1_700_000_000_000


def test_so_many_an_hour_and_no_more_and_what_is_refused_counts_nothing():
    reveals = Reveals()
    reveals.take("anna", AN_HOUR_MAX - 1, NOW)
    with pytest.raises(TooManyRequests):
        reveals.take("anna", 2, NOW)
    reveals.take("anna", 1, NOW)
    with pytest.raises(TooManyRequests):
        reveals.take("anna", 1, NOW)


def test_one_person_keeps_nobody_else_waiting():
    reveals = Reveals()
    reveals.take("anna", AN_HOUR_MAX, NOW)
    with pytest.raises(TooManyRequests):
        reveals.take("anna", 1, NOW)
    reveals.take("boris", AN_HOUR_MAX, NOW)


def test_after_an_hour_the_first_ones_count_no_more_and_the_wait_is_said():
    reveals = Reveals()
    reveals.take("anna", AN_HOUR_MAX - 10, NOW)
    reveals.take("anna", 10, NOW + 60_000)
    with pytest.raises(TooManyRequests) as told:
        reveals.take("anna", 1, NOW + 60_000)
    wait_ms = told.value.retry_after_seconds * 1000
    assert HOUR_MS - 60_000 <= wait_ms <= HOUR_MS - 58_000
    with pytest.raises(TooManyRequests):
        reveals.take("anna", 1, NOW + HOUR_MS - 1)
    reveals.take("anna", AN_HOUR_MAX - 10, NOW + HOUR_MS)
    with pytest.raises(TooManyRequests):
        reveals.take("anna", 1, NOW + HOUR_MS)


def test_many_at_once_are_counted_one_after_the_other():
    reveals, allowed = Reveals(), []

    def ask() -> None:
        try:
            reveals.take("anna", 10, NOW)
        except TooManyRequests:
            return
        allowed.append(10)

    threads = [threading.Thread(target=ask) for _ in range(40)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    assert sum(allowed) == AN_HOUR_MAX
