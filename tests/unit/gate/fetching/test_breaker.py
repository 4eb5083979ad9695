"""A source that fails is left alone, and tried again carefully."""

from __future__ import annotations

import pytest

from onefold.gate.fetching.breaker import FAILURES, REST_SECONDS, Breaker


class Hands:
    """A clock of hands."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def tired(hands):
    breaker = Breaker(hands)
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    return breaker


def test_some_failures_are_forgiven(hands):
    breaker = Breaker(hands)
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.allows()
    breaker.succeeded()
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert breaker.allows(), "only failures in a row count"


def test_after_many_in_a_row_it_rests(tired, hands):
    assert not tired.allows()
    hands.at += REST_SECONDS - 0.1
    assert not tired.allows()


def test_after_the_rest_one_question_is_let_through(tired, hands):
    hands.at += REST_SECONDS
    assert tired.allows()
    assert not tired.allows(), "one, not all who wait"


def test_one_success_ends_the_rest(tired, hands):
    hands.at += REST_SECONDS
    assert tired.allows()
    tired.succeeded()
    assert all(tired.allows() for _ in range(10))


def test_one_more_failure_begins_another_rest(tired, hands):
    hands.at += REST_SECONDS
    assert tired.allows()
    tired.failed()
    hands.at += REST_SECONDS - 0.1
    assert not tired.allows()


def test_a_trial_that_never_ends_bars_nobody_for_ever(tired, hands):
    hands.at += REST_SECONDS
    assert tired.allows()
    hands.at += REST_SECONDS
    assert tired.allows()
