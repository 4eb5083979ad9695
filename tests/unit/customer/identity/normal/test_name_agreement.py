"""Agreement of two names of people, token by token."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.agreement import Level
from onefold.customer.identity.normal.name_agreement import names_agree
from onefold.customer.identity.normal.person_names import person_name
from tests.shared_data import shared_data

WORDS = st.lists(
    st.sampled_from(
        "Aziz Karimov Каримов Rustamovich Иванович van J Bob Robert محمد Abdul Rahman Abdurahman".split()
    ),
    max_size=5,
).map(" ".join)


def agreed(one, other):
    return names_agree(person_name(one), person_name(other))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Aziz Karimov", "Karimov, Aziz", Level.SAME),
        ("Aziz Karimov", "КАРИМОВ АЗИЗ РУСТАМОВИЧ", Level.SAME),
        ("Mr Robert Smith", "Bob Smith", Level.NICKNAME),
        ("J. Smith", "John Smith", Level.INITIAL),
        ("Abdul Rahman Khan", "Abdulrahman Khan", Level.SAME),
        ("Hasan Karimov", "Husan Karimov", Level.CLOSE),
        ("Aziz Karimov", "Nodir Karimov", Level.DIFFERENT),
        ("", "Aziz Karimov", Level.DIFFERENT),
    ],
)
def test_two_names_agree_as_far_as_their_worst_tokens(one, other, level):
    assert agreed(one, other).level is level


def test_two_sons_of_two_fathers_are_told():
    same = agreed("Komil Jasur o'g'li To'rayev", "Комил Жасурович Тўраев")
    other = agreed("Komil Jasur o'g'li To'rayev", "Комил Рустамович Тўраев")
    assert same.fathers is not None
    assert same.fathers >= Level.SPELLING
    assert other.fathers is Level.DIFFERENT
    assert other.score < same.score


def test_one_common_token_is_worth_less_than_two():
    assert agreed("Karimov", "Aziz Karimov").score < agreed("Aziz Karimov", "Aziz Karimov").score


@given(WORDS, WORDS)
def test_names_agree_the_same_both_ways_and_in_any_order(one, other):
    found = agreed(one, other)
    assert found == agreed(other, one)
    assert 0.0 <= found.score <= 1.0


def test_names_of_a_public_set_are_judged_as_its_verdicts_say():
    """Verdicts of others on pairs of names; nothing here was set by them, and the bench prints the figure."""
    with (shared_data("er") / "nk_name_cases.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["schema"] == "Person"]
    right = sum(
        (agreed(row["name1"], row["name2"]).score >= 0.8) == (row["is_match"] == "true") for row in rows
    )
    assert right / len(rows) >= 0.78
