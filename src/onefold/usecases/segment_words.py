"""A segment's rule as sentences, made from the expression itself so that they cannot say something else.

Most rules are of few shapes: a count against a number, one sum against a share of another, one average
against a share of another. Each of those has words of its own; whatever has none is said as it is calculated.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

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
    Window,
)

_COUNTED = {
    "balances": ("stated balance", "stated balances"),
    "movements": ("transaction", "transactions"),
    "logins": ("login", "logins"),
    "interactions": ("contact", "contacts"),
}
_MONEY = {"balance": "the sum of stated balances", "credit": "money in", "debit": "money out"}
_AVERAGES = {("balance", "balances"): "average balance"}
_NEVER_NEGATIVE = frozenset((*_COUNTED, "credit", "debit"))
_COMPARED = {"less": "is less than", "at_most": "is at most", "equal": "equals"}
_TURNED = {"less": "is more than", "at_most": "is at least", "equal": "equals"}
_JOINED = {"plus": "plus", "minus": "minus", "times": "×"}
_PARTS = {Fraction(1, 2): "half", Fraction(1, 3): "a third", Fraction(1, 4): "a quarter"}


class _Mean(NamedTuple):
    """The average of a measure over a window: a sum divided by how many there are."""

    name: str
    window: Window


_Thing = Sum | _Mean


class _Scaled(NamedTuple):
    """`times` × what is measured."""

    times: int
    thing: _Thing


def sentences(rule: Condition) -> tuple[str, ...]:
    """One sentence for each condition that must hold."""
    parts = rule.of if isinstance(rule, All) else (rule,)
    return tuple(_sentence(part) for part in parts)


def _sentence(rule: Condition) -> str:
    text = condition_text(rule)
    return text[:1].upper() + text[1:] + "."


def condition_text(rule: Condition) -> str:
    """A condition in words; brackets where there would be two ways to read it."""
    if isinstance(rule, Comparison):
        return _in_a_shape(rule) or _as_calculated(rule)
    if isinstance(rule, Not):
        return f"it is not so that {_part(rule.of, always=True)}"
    if isinstance(rule, AnyAccount):
        return f"on one of their accounts, {condition_text(rule.condition)}"
    assert isinstance(rule, All | Any)
    if not rule.of:
        return "always" if isinstance(rule, All) else "never"
    parts = [_part(part) for part in rule.of]
    word = "and" if isinstance(rule, All) else "or"
    if len(parts) < 3:
        return f" {word} ".join(parts)
    return f"{', '.join(parts[:-1])}, {word} {parts[-1]}"


def _part(rule: Condition, *, always: bool = False) -> str:
    text = condition_text(rule)
    return f"({text})" if always or isinstance(rule, All | Any | AnyAccount) else text


def _as_calculated(rule: Comparison) -> str:
    if isinstance(rule.left, Number) and not isinstance(rule.right, Number):
        return f"{quantity_text(rule.right)} {_TURNED[rule.operator]} {quantity_text(rule.left)}"
    return f"{quantity_text(rule.left)} {_COMPARED[rule.operator]} {quantity_text(rule.right)}"


def _in_a_shape(rule: Comparison) -> str | None:
    """The condition as people say it; None for a shape that has no words of its own."""
    for of, other, turned in ((rule.left, rule.right, False), (rule.right, rule.left, True)):
        if isinstance(of, Sum) and isinstance(other, Number):
            return _limited(of, rule.operator, other.value, turned)
    sides = _means(rule) or _sums(rule)
    return None if sides is None else _against(rule.operator, *sides)


def _limited(of: Sum, operator: str, number: int, turned: bool) -> str | None:
    """A measure against a number: `logins < 3` is fewer than 3 logins, `0 < logins` at least one."""
    if of.measure not in _COUNTED:
        if number == 0:
            return None
        compared = (_TURNED if turned else _COMPARED)[operator]
        return f"{quantity_text(of)} {compared} {number} of the smallest units of its currency"
    one, many = _COUNTED[of.measure]
    amount = _amount(operator, number, turned)
    if amount is None:
        return None
    single = amount == "at least one" or amount.endswith(" 1")
    return f"there {'is' if single else 'are'} {amount} {one if single else many} {window_text(of.window)}"


def _amount(operator: str, number: int, turned: bool) -> str | None:
    """How many; None for what always or never holds."""
    if operator == "equal":
        return None if number < 0 else f"exactly {number}" if number else "no"
    if turned:
        least = number + (operator == "less")
        said = f"more than {number}" if operator == "less" else f"at least {number}"
        return None if least < 1 else "at least one" if least == 1 else said
    most = number - (operator == "less")
    said = f"fewer than {number}" if operator == "less" else f"at most {number}"
    return None if most < 0 else "no" if most == 0 else said


def _sums(rule: Comparison) -> tuple[_Scaled, _Scaled] | None:
    """Both sides as a number times one sum."""
    left, right = _scaled_sum(rule.left), _scaled_sum(rule.right)
    return None if left is None or right is None else (left, right)


def _scaled_sum(quantity: Quantity) -> _Scaled | None:
    times, factors = _product(quantity)
    return _Scaled(times, factors[0]) if times > 0 and len(factors) == 1 else None


def _means(rule: Comparison) -> tuple[_Scaled, _Scaled] | None:
    """`sum × other count < other sum × count` compares two averages, for there is no division.

    With `less` alone: where nothing was counted both sides are nothing, and an average that is not there is
    less than none.
    """
    (left_times, left), (right_times, right) = _product(rule.left), _product(rule.right)
    if rule.operator != "less" or min(left_times, right_times) <= 0 or len(left) != 2 or len(right) != 2:
        return None
    for one, other_count in (left, left[::-1]):
        for other, one_count in (right, right[::-1]):
            name = _AVERAGES.get((one.measure, one_count.measure))
            same = (one.measure, one_count.measure) == (other.measure, other_count.measure)
            if name and same and one.window == one_count.window and other.window == other_count.window:
                return (
                    _Scaled(left_times, _Mean(name, one.window)),
                    _Scaled(right_times, _Mean(name, other.window)),
                )
    return None


def _product(quantity: Quantity) -> tuple[int, list[Sum]]:
    """The numbers and the sums of a pure product; (0, []) for anything else."""
    if isinstance(quantity, Number):
        return quantity.value, []
    if isinstance(quantity, Sum):
        return 1, [quantity]
    if quantity.operator != "times":
        return 0, []
    (left_times, left), (right_times, right) = _product(quantity.left), _product(quantity.right)
    return left_times * right_times, [*left, *right]


def _against(operator: str, left: _Scaled, right: _Scaled) -> str | None:
    """`2 × a < b` is a against half of b; `10 × a < 7 × a before` is a fall by more than 30%."""
    share = Fraction(right.times, left.times)
    if share > 1:
        # The other way round reads better: more than half of it, rather than less than twice.
        left, right, share, compared = right, left, 1 / share, _TURNED[operator]
    else:
        compared = _COMPARED[operator]
    if (share * 100).denominator != 1 and share not in _PARTS:
        return None
    fall = _fall(operator, share, left.thing, right.thing) if compared == _COMPARED[operator] else None
    return fall or f"{_name(left.thing)} {compared} {_share(share)}{_than(left.thing, right.thing)}"


def _share(share: Fraction) -> str:
    if share == 1:
        return ""
    return f"{_PARTS[share]} of " if share in _PARTS else f"{float(share * 100):g}% of "


def _fall(operator: str, share: Fraction, now: _Thing, before: _Thing) -> str | None:
    """A fall against the days right before; only of what is never below zero."""
    if not isinstance(now, Sum) or not isinstance(before, Sum) or now.measure != before.measure:
        return None
    if now.measure not in _NEVER_NEGATIVE or operator == "equal" or not share < 1:
        return None
    if now.window.after is None or before.window.after is None or now.window.after != before.window.to:
        return None
    days = now.window.to - now.window.after
    if days != before.window.to - before.window.after:
        return None
    name = _MONEY.get(now.measure) or f"the number of {_COUNTED[now.measure][1]}"
    much = "more than " if operator == "less" else ""
    least = "" if operator == "less" else " or more"
    by = f"{much}half" if share == Fraction(1, 2) else f"{much}{float((1 - share) * 100):g}%"
    return f"{name} fell by {by}{least} {window_text(now.window)}, against the {days} days before"


def _name(thing: _Thing) -> str:
    if isinstance(thing, _Mean):
        return f"the {thing.name} {window_text(thing.window)}"
    return quantity_text(thing)


def _than(one: _Thing, other: _Thing) -> str:
    """What it is compared with, without saying the same words again."""
    told = isinstance(one, _Mean) or (not isinstance(other, _Mean) and one.measure == other.measure)
    after, before = one.window.after, other.window.after
    if told and after is not None and before is not None and after == other.window.to:
        return f"that in the {other.window.to - before} days before"
    return _name(other)


def quantity_text(quantity: Quantity) -> str:
    """A number in words."""
    if isinstance(quantity, Number):
        return str(quantity.value)
    if isinstance(quantity, Sum):
        name = _MONEY.get(quantity.measure) or f"the number of {_COUNTED[quantity.measure][1]}"
        return f"{name} {window_text(quantity.window)}"
    assert isinstance(quantity, Arithmetic)
    left, right = (_bracketed(it) for it in (quantity.left, quantity.right))
    return f"{left} {_JOINED[quantity.operator]} {right}"


def _bracketed(quantity: Quantity) -> str:
    text = quantity_text(quantity)
    return f"({text})" if isinstance(quantity, Arithmetic) else text


def window_text(window: Window) -> str:
    """`[-30, 0]` is the last 30 days; `[-60, -30]` the 30 days that ended 30 days ago."""
    if window.after is None:
        return "ever" if window.to == 0 else f"up to {_ago(window.to)}"
    days = window.to - window.after
    return f"in the last {days} days" if window.to == 0 else f"in the {days} days up to {_ago(window.to)}"


def _ago(day: int) -> str:
    return f"{-day} days ago" if day < 0 else f"{day} days ahead"
