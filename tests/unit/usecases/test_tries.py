"""Ten samples an hour may not agree with a customer; then whoever brings one waits, as do who bring many."""

from __future__ import annotations

import pytest

from onefold.usecases.limits import TooManyRequests
from onefold.usecases.tries import AN_HOUR_MAX, HOUR_MS, OF_ONE_ASKER_MAX, Tries

ANNA, BORIS = b"a" * 16, b"b" * 16


def used_up(at: int = 0) -> Tries:
    tries = Tries()
    for _ in range(AN_HOUR_MAX):
        tries.begin(ANNA, "desk", at)
    return tries


def test_past_the_limit_a_customer_waits_and_others_do_not():
    tries = used_up()
    with pytest.raises(TooManyRequests) as waiting:
        tries.begin(ANNA, "desk", 1_000)
    assert waiting.value.retry_after_seconds == HOUR_MS // 1000
    tries.begin(BORIS, "desk", 1_000)


def test_what_was_turned_away_is_not_counted_and_an_hour_later_all_is_forgotten():
    tries = used_up()
    for at in range(1, 100):
        with pytest.raises(TooManyRequests):
            tries.begin(ANNA, "desk", at)
    tries.begin(ANNA, "desk", HOUR_MS)
    tries.begin(BORIS, "desk", 3 * HOUR_MS)
    assert set(tries._failed) == {BORIS}


def test_who_agreed_begins_anew():
    tries = used_up()
    tries.agreed(ANNA, "desk", 0)
    tries.agreed(BORIS, "desk", 0)
    tries.begin(ANNA, "desk", 1)
    assert len(tries._failed[ANNA]) == 1


def test_what_nobody_could_tell_is_taken_back():
    tries = used_up()
    tries.undecided(ANNA, "desk")
    tries.undecided(BORIS, "desk")
    tries.begin(ANNA, "desk", 1)
    with pytest.raises(TooManyRequests):
        tries.begin(ANNA, "desk", 1)


def nobody(at: int) -> bytes:
    """Some customer or other."""
    return at.to_bytes(16, "big")


def test_one_sample_is_not_tried_on_customer_after_customer_until_somebody_fits():
    tries = Tries()
    for at in range(OF_ONE_ASKER_MAX):
        tries.begin(nobody(at), "thief", at)
    with pytest.raises(TooManyRequests, match="anybody") as waiting:
        tries.begin(ANNA, "thief", 1_000)
    assert waiting.value.retry_after_seconds == HOUR_MS // 1000
    tries.begin(ANNA, "desk", 1_000)
    tries.begin(ANNA, "thief", HOUR_MS)


def test_who_serves_many_customers_who_agree_goes_on():
    tries = Tries()
    for at in range(10 * OF_ONE_ASKER_MAX):
        tries.begin(nobody(at), "line", at)
        if at % 3:
            tries.agreed(nobody(at), "line", at)
    assert len(tries._askers["line"].agreed) > 5 * OF_ONE_ASKER_MAX


def test_an_accomplice_who_agrees_again_and_again_makes_room_for_one_more_only():
    tries = Tries()
    for at in range(OF_ONE_ASKER_MAX):
        tries.begin(nobody(at), "thief", at)
        tries.begin(ANNA, "thief", at)
        tries.agreed(ANNA, "thief", at)
    tries.begin(BORIS, "thief", 1_000)
    with pytest.raises(TooManyRequests):
        tries.begin(BORIS, "thief", 1_001)


def test_what_nobody_could_tell_is_taken_back_from_who_asked_too():
    tries = Tries()
    for at in range(2 * OF_ONE_ASKER_MAX):
        tries.begin(nobody(at), "desk", at)
        tries.undecided(nobody(at), "desk")
    assert not tries._failed


def test_who_asked_nothing_for_an_hour_is_forgotten():
    tries = used_up()
    tries.begin(BORIS, "line", 2 * HOUR_MS)
    assert set(tries._askers) == {"line"}
