"""What a definition may say, and how a wrong one is refused."""

from __future__ import annotations

import pytest

from onefold.insight.segments.errors import BadSegment
from onefold.insight.segments.model import AnyAccount, Comparison, Number, Sum, Window
from onefold.insight.segments.parse import segment_from_yaml
from onefold.insight.segments.service import shipped_segments

HEAD = "id: a\nversion: 1\ntitle: A\nabout: A\nowner: me\nrule:\n"


def refusal(rule: str) -> str:
    with pytest.raises(BadSegment) as caught:
        segment_from_yaml(HEAD + rule)
    return str(caught.value)


def test_a_definition_becomes_an_expression() -> None:
    segment = segment_from_yaml(HEAD + "  any_account:\n    less: [{sum: debit, days: [-30, 0]}, 5]\n")
    assert segment.rule == AnyAccount(Comparison("less", Sum("debit", Window(-30, 0)), Number(5)))


def test_a_window_ends_with_the_day_asked_for() -> None:
    assert Window(-30, 0).days(100) == (71, 101)


def test_money_is_not_summed_over_accounts() -> None:
    text = refusal("  less: [{sum: debit, days: [-30, 0]}, 5]\n")
    assert "rule.less[0]" in text
    assert "logins" in text


def test_logins_are_not_asked_of_an_account() -> None:
    assert "cannot be asked here" in refusal("  any_account: {less: [{sum: logins, days: [-3, 0]}, 5]}\n")


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("  less: [1]\n", "Two numbers"),
        ("  fewer: [1, 2]\n", "not a part of a rule"),
        ("  all: []\n", "list of conditions"),
        ("  less: [{sum: logins, days: [0, -3]}, 1]\n", "after < to"),
        ("  less: [{sum: logins, days: [true, 3]}, 1]\n", "after < to"),
        ("  less: [1.5, 1]\n", "not a part of a rule"),
        ("  any_account: {any_account: {less: [1, 2]}}\n", "inside any_account"),
        ("  less: [" + "{plus: [1, " * 9 + "1" + "]}" * 9 + ", 1]\n", "nests at most"),
        ("  less: [9223372036854775808, 1]\n", "not a part of a rule"),
        ("  [\n", "not YAML"),
        ("  less: [2024-13-45, 1]\n", "not YAML"),
        ("  &a {not: *a}\n", "not YAML"),
        ("  " + "{not: " * 52 + "{less: [1, 2]}" + "}" * 52 + "\n", "Conditions nest at most"),
        ("  less: [{sum: [logins], days: [-3, 0]}, 1]\n", "measure cannot be asked"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(rule: str, words: str) -> None:
    assert words in refusal(rule)


def test_an_unknown_word_beside_the_rule_is_refused() -> None:
    with pytest.raises(BadSegment):
        segment_from_yaml(HEAD + "  less: [1, 2]\nextra: 1\n")


def test_every_shipped_definition_reads() -> None:
    segments = shipped_segments()
    assert "balance-dip-fewer-logins" in segments
    assert all(it.about and it.owner for it in segments.values())


@pytest.mark.parametrize(
    "rule",
    [
        "  less: [{sum: vulnerable, days: [-3, 0]}, 1]\n",
        "  any_account: {less: [{sum: Birth_Date, days: [-3, 0]}, 1]}\n",
        "  minor: true\n",
        "  all: [{less: [1, 2]}, {equal: [gender, 1]}]\n",
        "  not: {protected: [1, 2]}\n",
        "  any: [senior]\n",
        "  less: [{plus: [{sum: score, days: [-3, 0]}, 1]}, 1]\n",
    ],
)
def test_nobody_is_sought_out_for_a_sensitive_group_or_what_would_tell_one(rule: str) -> None:
    assert "Nobody is sought out for a sensitive group" in refusal(rule)
