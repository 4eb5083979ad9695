"""A segment's rule as sentences, made from the expression itself so that they cannot say something else."""

from __future__ import annotations

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

_MEASURES = {
    "balance": "sum of stated balances",
    "balances": "number of stated balances",
    "credit": "money in",
    "debit": "money out",
    "movements": "number of transactions",
    "logins": "number of logins",
    "interactions": "number of contacts",
}
_COMPARED = {"less": "is less than", "at_most": "is at most", "equal": "equals"}
_JOINED = {"plus": "plus", "minus": "minus", "times": "×"}


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
        return f"{quantity_text(rule.left)} {_COMPARED[rule.operator]} {quantity_text(rule.right)}"
    if isinstance(rule, Not):
        return f"it is not so that ({condition_text(rule.of)})"
    if isinstance(rule, AnyAccount):
        return f"for one of their accounts: {condition_text(rule.condition)}"
    word = " and " if isinstance(rule, All) else " or "
    assert isinstance(rule, All | Any)
    if not rule.of:
        return "always" if isinstance(rule, All) else "never"
    return word.join(_part(part) for part in rule.of)


def _part(rule: Condition) -> str:
    text = condition_text(rule)
    return f"({text})" if isinstance(rule, All | Any | AnyAccount) else text


def quantity_text(quantity: Quantity) -> str:
    """A number in words."""
    if isinstance(quantity, Number):
        return str(quantity.value)
    if isinstance(quantity, Sum):
        return f"{_MEASURES[quantity.measure]} {_window(quantity.window)}"
    assert isinstance(quantity, Arithmetic)
    left, right = (_bracketed(it) for it in (quantity.left, quantity.right))
    return f"{left} {_JOINED[quantity.operator]} {right}"


def _bracketed(quantity: Quantity) -> str:
    text = quantity_text(quantity)
    return f"({text})" if isinstance(quantity, Arithmetic) else text


def _window(window: Window) -> str:
    """`[-30, 0]` is the last 30 days; `[-60, -30]` the 30 days that ended 30 days ago."""
    if window.after is None:
        return "ever" if window.to == 0 else f"until {_ago(window.to)}"
    days = window.to - window.after
    return f"in the last {days} days" if window.to == 0 else f"in the {days} days until {_ago(window.to)}"


def _ago(day: int) -> str:
    return f"{-day} days ago" if day < 0 else f"{day} days ahead"
