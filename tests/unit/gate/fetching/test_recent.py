"""Answers of the last seconds: bounded, never older than they may be, gone when something was taken away."""

from __future__ import annotations

import pytest

from onefold.gate.fetching import recent
from onefold.gate.fetching.recent import Recent
from tests.unit.gate.fetching.test_breaker import Hands


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def answers(hands):
    return Recent[str](hands)


def test_an_answer_is_there_for_its_seconds_and_not_longer(answers, hands):
    answers.keep("k", "v", hands.at + 10, 0)
    hands.at += 9.9
    assert answers.find("k") == "v"
    hands.at += 0.1
    assert answers.find("k") is None
    assert len(answers) == 0


def test_one_that_came_later_than_it_may_be_old_is_not_kept(answers, hands):
    answers.keep("k", "v", hands.at, 0)
    assert len(answers) == 0


def test_what_nobody_looks_for_again_is_swept_away(answers, hands):
    answers.keep("old", "v", hands.at + 1, 0)
    answers.keep("new", "v", hands.at + 5, 0)
    hands.at += 2
    answers.sweep()
    assert len(answers) == 1


def test_there_are_never_more_than_so_many(answers, hands, monkeypatch):
    monkeypatch.setattr(recent, "MOST", 3)
    for key in "abc":
        answers.keep(key, key, hands.at + 10, 0)
    answers.find("a")
    answers.keep("d", "d", hands.at + 10, 0)
    assert [answers.find(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_after_emptying_an_answer_to_an_earlier_question_is_not_kept(answers, hands):
    before = answers.generation
    answers.keep("there", "v", hands.at + 10, before)
    answers.empty()
    assert answers.find("there") is None
    answers.keep("late", "v", hands.at + 10, before)
    assert answers.find("late") is None
    answers.keep("fresh", "v", hands.at + 10, answers.generation)
    assert answers.find("fresh") == "v"
