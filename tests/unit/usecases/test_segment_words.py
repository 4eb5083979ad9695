"""A rule in words says what the expression says."""

from __future__ import annotations

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


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Number(-4), "-4"),
        (LOGINS, "number of logins in the last 30 days"),
        (Sum("credit", Window(-60, -30)), "money in in the 30 days until 30 days ago"),
        (Sum("debit", Window(None, 0)), "money out ever"),
        (Sum("movements", Window(None, -7)), "number of transactions until 7 days ago"),
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
        (FEW, "number of logins in the last 30 days is less than 3"),
        (Not(FEW), "it is not so that (number of logins in the last 30 days is less than 3)"),
        (Any((Comparison("equal", Number(1), Number(2)), All((FEW, MANY)))), None),
        (AnyAccount(Comparison("equal", Number(1), Number(1))), "for one of their accounts: 1 equals 1"),
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


def test_what_must_all_hold_is_a_sentence_each():
    assert len(sentences(All((FEW, MANY)))) == 2
    assert sentences(FEW) == ("Number of logins in the last 30 days is less than 3.",)


def test_every_shipped_segment_can_be_read():
    for segment in shipped_segments().values():
        assert all(it.endswith(".") for it in sentences(segment.rule))
