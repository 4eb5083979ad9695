"""Truths are three-valued and numbers are exact."""

from __future__ import annotations

from collections.abc import Sequence

from onefold.insight.segments.model import (
    All,
    Any,
    AnyAccount,
    Arithmetic,
    Comparison,
    Condition,
    Not,
    Number,
    Sum,
    Window,
)
from onefold.insight.segments.rules import Holdings, holds

BIG = Number((1 << 63) - 1)
UNKNOWN = Comparison("equal", Arithmetic("plus", BIG, Number(1)), Number(0))
TRUE = Comparison("at_most", Number(1), Number(1))
FALSE = Comparison("less", Number(1), Number(1))
AMOUNTS = {(b"x", "debit"): 7, (b"y", "debit"): 3, (b"me", "logins"): 2, (b"phone", "logins"): 4}


def buckets(owners: Sequence[bytes], measure: str, first: int, behind: int) -> int:
    return sum(AMOUNTS.get((owner, measure), 0) for owner in owners) if first <= 10 < behind else 0


def member(rule: Condition) -> bool:
    return holds(rule, Holdings((b"x", b"y"), (b"me", b"phone")), buckets, 10)


def test_arithmetic_that_leaves_64_bits_is_unknown_and_so_is_its_opposite() -> None:
    assert not member(UNKNOWN)
    assert not member(Not(UNKNOWN))


def test_unknown_loses_against_what_decides() -> None:
    assert member(Any((UNKNOWN, TRUE)))
    assert member(Not(All((UNKNOWN, FALSE))))
    assert not member(All((UNKNOWN, TRUE)))
    assert not member(Not(Any((UNKNOWN, FALSE))))


def test_one_account_is_enough_and_accounts_are_never_added_up() -> None:
    debit = Sum("debit", Window(-1, 0))
    assert member(AnyAccount(Comparison("equal", debit, Number(7))))
    assert not member(AnyAccount(Comparison("equal", debit, Number(10))))


def test_doings_are_added_up_over_the_records_of_the_person() -> None:
    assert member(Comparison("equal", Sum("logins", Window(-1, 0)), Number(6)))


def test_a_window_before_the_day_does_not_see_it() -> None:
    assert member(Comparison("equal", Sum("logins", Window(-9, -1)), Number(0)))
