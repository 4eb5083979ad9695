"""Evaluates a segment's rule for one customer: the live compiler of law L7. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from onefold.insight.segments.model import (
    All,
    Any,
    AnyAccount,
    Arithmetic,
    Comparison,
    Condition,
    Not,
    Number,
    Quantity,
    Sum,
)

Buckets = Callable[[Sequence[bytes], str, int, int], int]
"""Sum of a measure over owners, first day included, last day excluded."""

_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class Holdings:
    """What belongs to one customer: owners of account buckets, and of the customer's own doings."""

    __slots__ = ("accounts", "persons")

    def __init__(self, accounts: Sequence[bytes], persons: Sequence[bytes]) -> None:
        self.accounts = accounts
        self.persons = persons


def holds(rule: Condition, holdings: Holdings, buckets: Buckets, as_of: int) -> bool:
    """Whether the customer is a member on the day `as_of`; unknown is not a member."""
    return _truth(rule, holdings, holdings.persons, buckets, as_of) is True


def _truth(
    rule: Condition, holdings: Holdings, owners: Sequence[bytes], buckets: Buckets, as_of: int
) -> bool | None:
    if isinstance(rule, Comparison):
        left = _number(rule.left, owners, buckets, as_of)
        right = _number(rule.right, owners, buckets, as_of)
        return _compared(rule.operator, left, right)
    if isinstance(rule, Not):
        inner = _truth(rule.of, holdings, owners, buckets, as_of)
        return None if inner is None else not inner
    if isinstance(rule, AnyAccount):
        return _one([_truth(rule.condition, holdings, (it,), buckets, as_of) for it in holdings.accounts])
    parts = [_truth(part, holdings, owners, buckets, as_of) for part in rule.of]
    if isinstance(rule, Any):
        return _one(parts)
    assert isinstance(rule, All)
    refuted = _one([None if part is None else not part for part in parts])
    return None if refuted is None else not refuted


def _one(parts: Sequence[bool | None]) -> bool | None:
    """Kleene's or: true beats unknown beats false."""
    if True in parts:
        return True
    return None if None in parts else False


def _compared(operator: str, left: int | None, right: int | None) -> bool | None:
    if left is None or right is None:
        return None
    if operator == "less":
        return left < right
    if operator == "at_most":
        return left <= right
    assert operator == "equal"
    return left == right


def _number(quantity: Quantity, owners: Sequence[bytes], buckets: Buckets, as_of: int) -> int | None:
    if isinstance(quantity, Number):
        return quantity.value
    if isinstance(quantity, Sum):
        first, behind = quantity.window.days(as_of)
        return _kept(buckets(owners, quantity.measure, first, behind))
    assert isinstance(quantity, Arithmetic)
    left = _number(quantity.left, owners, buckets, as_of)
    right = _number(quantity.right, owners, buckets, as_of)
    if left is None or right is None:
        return None
    if quantity.operator == "plus":
        return _kept(left + right)
    if quantity.operator == "minus":
        return _kept(left - right)
    assert quantity.operator == "times"
    return _kept(left * right)


def _kept(value: int) -> int | None:
    """Unknown where 64 bits do not hold it, as every SQL engine would have it."""
    return value if _LEAST <= value <= _MOST else None
