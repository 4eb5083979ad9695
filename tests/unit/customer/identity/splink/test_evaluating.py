"""Null in conditions, as SQL has it."""

from __future__ import annotations

import itertools

import pytest

from onefold.customer.identity.splink.evaluating import compiled
from onefold.customer.identity.splink.sql import SqlError, parse

WORTH = {"true": True, "false": False, "null": None}


def value(text):
    return compiled(parse(text))({})


@pytest.mark.parametrize(("one", "other"), [*itertools.product(WORTH, WORTH)])
def test_logic_has_three_values(one, other):
    """Kleene's: false is the least, null between, true the greatest."""
    order = [False, None, True]
    ranks = [order.index(WORTH[it]) for it in (one, other)]
    assert value(f"{one} and {other}") is order[min(ranks)]
    assert value(f"{one} or {other}") is order[max(ranks)]
    assert value(f"not {one}") is order[2 - ranks[0]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("null = null", None), ("null is null", True), ("1 is distinct from null", True),
        ("2 in (1, null)", None), ("1 in (1, null)", True), ("3 in (1, 2)", False), ("null in (1)", None),
        ("nullif('', '')", None), ("nullif('a', null)", "a"), ("coalesce(null, 2, 3)", 2),
        ("greatest(1, null, 3)", 3), ("least(null, null)", None), ("concat('a', null)", "a"),
        ("lower(null)", None), ("case when null then 1 else 2 end", 2), ("try_cast('x' as int)", None),
        ("list_transform([1, 2], x -> x * 10)[2]", 20), ("5 between 1 and null", None),
    ],
)  # fmt: skip
def test_what_null_comes_to(text, found):
    assert value(text) == found


def test_what_is_not_known_is_told_before_anything_is_asked():
    with pytest.raises(SqlError, match="uses my_udf, which is not known"):
        compiled(parse("case when false then my_udf(1) else 2 end"))
    with pytest.raises(SqlError, match="number of arguments"):
        compiled(parse("lower(1, 2)"))
