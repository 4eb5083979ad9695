"""A rule in words says what the expression says."""

from __future__ import annotations

import re

import pytest

from onefold.insight.segments.model import (
    All,
    Any,
    AnyAccount,
    Arithmetic,
    Comparison,
    Not,
    Number,
    Sum,
    Window,
)
from onefold.insight.segments.service import shipped_segments
from onefold.usecases.segment_words import condition_text, quantity_text, sentences

LOGINS = Sum("logins", Window(-30, 0))
FEW = Comparison("less", LOGINS, Number(3))
MANY = Comparison("at_most", Number(9), LOGINS)


BEFORE = Sum("logins", Window(-60, -30))


def times(*factors):
    found = factors[0]
    for it in factors[1:]:
        found = Arithmetic("times", found, it)
    return found


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Number(-4), "-4"),
        (LOGINS, "the number of logins in the last 30 days"),
        (Sum("credit", Window(-60, -30)), "money in in the 30 days up to 30 days ago"),
        (Sum("debit", Window(None, 0)), "money out ever"),
        (Sum("movements", Window(None, -7)), "the number of transactions up to 7 days ago"),
        (
            Arithmetic("times", Number(2), Arithmetic("plus", Number(1), Number(3))),
            "2 × (1 plus 3)",
        ),
        (Arithmetic("minus", Number(2), Number(1)), "2 minus 1"),
    ],
)
def test_a_number_in_words(quantity, text):
    assert quantity_text(quantity) == text


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (FEW, "there are fewer than 3 logins in the last 30 days"),
        (Not(FEW), "it is not so that (there are fewer than 3 logins in the last 30 days)"),
        (Any((Comparison("equal", Number(1), Number(2)), All((FEW, MANY)))), None),
        (AnyAccount(Comparison("equal", Number(1), Number(1))), "on one of their accounts, 1 equals 1"),
        (All(()), "always"),
        (Any(()), "never"),
    ],
)
def test_a_condition_in_words(rule, text):
    said = condition_text(rule)
    if text is None:
        assert said == f"1 equals 2 or ({condition_text(FEW)} and {condition_text(MANY)})"
    else:
        assert said == text


@pytest.mark.parametrize(
    ("operator", "left", "right", "text"),
    [
        ("less", LOGINS, Number(1), "there are no logins"),
        ("less", LOGINS, Number(2), "there are fewer than 2 logins"),
        ("at_most", LOGINS, Number(0), "there are no logins"),
        ("at_most", LOGINS, Number(1), "there is at most 1 login"),
        ("equal", LOGINS, Number(0), "there are no logins"),
        ("equal", Number(1), LOGINS, "there is exactly 1 login"),
        ("less", Number(0), LOGINS, "there is at least one login"),
        ("less", Number(1), LOGINS, "there is more than 1 login"),
        ("at_most", Number(1), LOGINS, "there is at least one login"),
        ("at_most", Number(9), LOGINS, "there are at least 9 logins"),
        ("at_most", Number(0), LOGINS, "the number of logins in the last 30 days is at least 0"),
        ("less", LOGINS, Number(0), "the number of logins in the last 30 days is less than 0"),
        ("less", Number(-1), LOGINS, "the number of logins in the last 30 days is more than -1"),
    ],
)
def test_a_count_against_a_number(operator, left, right, text):
    said = condition_text(Comparison(operator, left, right))
    assert said == (text if "30 days" in text else f"{text} in the last 30 days")


@pytest.mark.parametrize(
    ("operator", "left", "right", "text"),
    [
        ("less", times(Number(2), LOGINS), BEFORE, "fell by more than half in the last 30 days, against"),
        ("less", times(Number(10), LOGINS), times(Number(7), BEFORE), "fell by more than 30% in the last"),
        ("at_most", times(Number(10), LOGINS), times(BEFORE, Number(7)), "fell by 30% or more in the last"),
        ("less", LOGINS, BEFORE, "in the last 30 days is less than that in the 30 days before"),
        ("less", BEFORE, LOGINS, "in the 30 days up to 30 days ago is less than the number of logins in"),
        ("less", LOGINS, times(Number(2), BEFORE), "up to 30 days ago is more than half of the number"),
        ("less", times(Number(7), LOGINS), times(Number(3), BEFORE), "7 × the number of logins in the last"),
        ("less", times(Number(-2), LOGINS), BEFORE, "-2 × the number of logins"),
    ],
)
def test_one_sum_against_a_share_of_another(operator, left, right, text):
    assert text in condition_text(Comparison(operator, left, right))


def test_a_balance_which_may_be_below_zero_does_not_fall_by_a_share():
    now, before = Sum("balance", Window(-30, 0)), Sum("balance", Window(-60, -30))
    said = condition_text(Comparison("less", times(Number(10), now), times(Number(7), before)))
    assert (
        said
        == "the sum of stated balances in the last 30 days is less than 70% of that in the 30 days before"
    )


def test_money_against_a_number_says_in_which_units():
    said = condition_text(Comparison("less", Number(500), Sum("credit", Window(-30, 0))))
    assert said == "money in in the last 30 days is more than 500 of the smallest units of its currency"
    nothing = condition_text(Comparison("less", Number(0), Sum("credit", Window(-30, 0))))
    assert nothing == "money in in the last 30 days is more than 0"


def test_averages_are_compared_as_averages_and_only_where_they_are_some():
    def balances(after, to):
        return Sum("balance", Window(after, to)), Sum("balances", Window(after, to))

    (now, now_count), (before, before_count) = balances(-31, 0), balances(-123, -31)
    half = Comparison("less", times(Number(2), times(now, before_count)), times(before, now_count))
    assert condition_text(half) == (
        "the average balance in the last 31 days is less than half of that in the 92 days before"
    )
    crossed = Comparison("less", times(Number(2), times(now, now_count)), times(before, before_count))
    unsure = Comparison("at_most", times(now, before_count), times(before, now_count))
    assert "average" not in condition_text(crossed) + condition_text(unsure)


def test_every_shape_says_what_the_rule_decides():
    """The words against the arithmetic, for every share that has words."""
    for p in range(1, 12):
        for q in range(1, 12):
            said = condition_text(Comparison("less", times(Number(p), LOGINS), times(Number(q), BEFORE)))
            found = re.search(r"fell by more than (half|[\d.]+%)", said)
            if found:
                share = 0.5 if found[1] == "half" else 1 - float(found[1][:-1]) / 100
                for now, before in ((3, 7), (5, 10), (1, 2), (9, 10), (7, 10)):
                    assert (p * now < q * before) == (now < round(share, 6) * before)


def test_what_must_all_hold_is_a_sentence_each():
    assert len(sentences(All((FEW, MANY)))) == 2
    assert sentences(FEW) == ("There are fewer than 3 logins in the last 30 days.",)


def test_every_shipped_segment_can_be_read():
    for segment in shipped_segments().values():
        assert all(it.endswith(".") for it in sentences(segment.rule))
