"""Ten samples an hour that do not agree, for a customer; then everybody waits who brings one."""

from __future__ import annotations

import pytest

from onefold.usecases.limits import TooManyRequests
from onefold.usecases.tries import AN_HOUR_MAX, HOUR_MS, Tries

ANNA, BORIS = b"a" * 16, b"b" * 16


def used_up(at: int = 0) -> Tries:
    tries = Tries()
    for _ in range(AN_HOUR_MAX):
        tries.begin(ANNA, at)
    return tries


def test_past_the_limit_a_customer_waits_and_others_do_not():
    tries = used_up()
    with pytest.raises(TooManyRequests) as waiting:
        tries.begin(ANNA, 1_000)
    assert waiting.value.retry_after_seconds == HOUR_MS // 1000
    tries.begin(BORIS, 1_000)


def test_what_was_turned_away_is_not_counted_and_an_hour_later_all_is_forgotten():
    tries = used_up()
    for at in range(1, 100):
        with pytest.raises(TooManyRequests):
            tries.begin(ANNA, at)
    tries.begin(ANNA, HOUR_MS)
    tries.begin(BORIS, 3 * HOUR_MS)
    assert set(tries._failed) == {BORIS}


def test_who_agreed_begins_anew():
    tries = used_up()
    tries.agreed(ANNA)
    tries.agreed(BORIS)
    tries.begin(ANNA, 1)
    assert len(tries._failed[ANNA]) == 1


def test_what_nobody_could_tell_is_taken_back():
    tries = used_up()
    tries.undecided(ANNA)
    tries.undecided(BORIS)
    tries.begin(ANNA, 1)
    with pytest.raises(TooManyRequests):
        tries.begin(ANNA, 1)
