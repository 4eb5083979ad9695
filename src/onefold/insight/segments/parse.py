"""Reads a segment definition from YAML into the expression, and refuses what has no one meaning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any as Json

from onefold.insight.segments.errors import BadSegment
from onefold.insight.segments.model import (
    ACCOUNT_MEASURES,
    CUSTOMER_MEASURES,
    DEPTH_MOST,
    All,
    Any,
    AnyAccount,
    Arithmetic,
    Comparison,
    Condition,
    Not,
    Number,
    Quantity,
    Segment,
    Sum,
    Window,
)
from onefold.record.canon.entities import ENTITIES, FieldClass
from onefold.record.canon.groups import GROUPS
from onefold.record.contracts.odcs import read_yaml

_ARITHMETIC = ("plus", "minus", "times")
_COMPARISONS = ("less", "at_most", "equal")
_CONDITIONS_DEEP_MOST = 50
_WORDS = ("id", "version", "title", "about", "owner", "rule")
_NUMBER_MOST = (1 << 63) - 1
_DAYS_MOST = 36_600
_NEVER_ASKED = frozenset(
    {it.value for it in GROUPS}
    | {it.field for it in GROUPS.values()}
    | {
        name
        for entity in ENTITIES.values()
        for name, field in entity.fields.items()
        if field.field_class in (FieldClass.SPECIAL, FieldClass.SECRET)
    }
)
"""Groups, the fields they are known by, and every field of a class that no definition may look at."""


def segment_from_yaml(text: str) -> Segment:
    """The definition in a YAML text; `BadSegment` names the place and what would be right."""
    raw, fault = read_yaml(text.encode("utf-8", "replace"))
    if fault is not None:
        line = f"Line {fault.line}." if fault.line else ""
        raise BadSegment("The definition is not YAML.", detail=line, hint="Check the indentation.")
    if not isinstance(raw, dict) or set(raw) != set(_WORDS):
        raise BadSegment("A definition has " + ", ".join(_WORDS) + ", and nothing else.")
    if not isinstance(raw["version"], int):
        raise BadSegment("A version is a whole number.", detail="At version.")
    for word in ("id", "title", "about", "owner"):
        if not isinstance(raw[word], str) or not raw[word].strip():
            raise BadSegment("Text is missing.", detail=f"At {word}.")
    rule = _condition(raw["rule"], "rule", None)
    return Segment(raw["id"], raw["version"], raw["title"], raw["about"].strip(), raw["owner"], rule)


def _refuse_groups(words: Iterable[Json], at: str) -> None:
    """`BadSegment` where a definition asks for a sensitive group, or for what would tell one."""
    for word in words:
        if isinstance(word, str) and word.strip().casefold() in _NEVER_ASKED:
            raise BadSegment(
                "Nobody is sought out for a sensitive group.",
                detail=f"At {at}.",
                hint="A definition may not ask who is of one; policies keep them from what is not for them.",
            )


def _only(raw: Json, at: str, words: tuple[str, ...]) -> tuple[str, Json]:
    """The one word of a map, which must be one of those that may stand here."""
    _refuse_groups(raw if isinstance(raw, dict) else [raw], at)
    if not isinstance(raw, dict) or len(raw) != 1 or next(iter(raw)) not in words:
        raise BadSegment(
            "This is not a part of a rule.", detail=f"At {at}.", hint="One of: " + ", ".join(words) + "."
        )
    word, inner = next(iter(raw.items()))
    return str(word), inner


def _condition(raw: Json, at: str, account: bool | None) -> Condition:
    """`account` is True inside any_account."""
    words = ("all", "any", "not", "any_account", *_COMPARISONS)
    word, inner = _only(raw, at, words)
    at = f"{at}.{word}"
    if at.count(".") > _CONDITIONS_DEEP_MOST:
        raise BadSegment(f"Conditions nest at most {_CONDITIONS_DEEP_MOST} deep.", detail="At rule.")
    if word in ("all", "any"):
        if not isinstance(inner, list) or not inner:
            raise BadSegment("A list of conditions is missing.", detail=f"At {at}.")
        parts = tuple(_condition(part, f"{at}[{n}]", account) for n, part in enumerate(inner))
        return All(parts) if word == "all" else Any(parts)
    if word == "not":
        return Not(_condition(inner, at, account))
    if word == "any_account":
        if account:
            raise BadSegment("any_account cannot stand inside any_account.", detail=f"At {at}.")
        return AnyAccount(_condition(inner, at, True))
    left, right = _pair(inner, at, bool(account), 1)
    return Comparison(word, left, right)


def _pair(raw: Json, at: str, account: bool, depth: int) -> tuple[Quantity, Quantity]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise BadSegment("Two numbers are needed, as a list.", detail=f"At {at}.")
    return _quantity(raw[0], f"{at}[0]", account, depth), _quantity(raw[1], f"{at}[1]", account, depth)


def _quantity(raw: Json, at: str, account: bool, depth: int) -> Quantity:
    if depth > DEPTH_MOST:
        raise BadSegment(f"Arithmetic nests at most {DEPTH_MOST} deep.", detail=f"At {at}.")
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= _NUMBER_MOST:
        return Number(raw)
    if isinstance(raw, dict) and set(raw) == {"sum", "days"}:
        return _sum(raw["sum"], raw["days"], at, account)
    word, inner = _only(raw, at, (*_ARITHMETIC, "sum + days"))
    left, right = _pair(inner, f"{at}.{word}", account, depth + 1)
    return Arithmetic(word, left, right)


def _sum(measure: Json, days: Json, at: str, account: bool) -> Sum:
    _refuse_groups([measure], at)
    known = ACCOUNT_MEASURES if account else CUSTOMER_MEASURES
    if not isinstance(measure, str) or measure not in known:
        place = "inside any_account" if account else "outside any_account"
        hint = f"Measures {place}: " + ", ".join(sorted(known)) + "."
        raise BadSegment("This measure cannot be asked here.", detail=f"At {at}.", hint=hint)
    return Sum(str(measure), _window(days, at))


def _window(days: Json, at: str) -> Window:
    if isinstance(days, list) and any(isinstance(day, bool) for day in days):
        days = None
    match days:
        case [None, int(to)] if abs(to) <= _DAYS_MOST:
            return Window(None, to)
        case [int(after), int(to)] if -_DAYS_MOST <= after < to <= _DAYS_MOST:
            return Window(after, to)
    raise BadSegment(
        "A window is [after, to] in days from as_of, after < to.",
        detail=f"At {at}.",
        hint="[-30, 0] is the last thirty days; [null, 0] is from the beginning.",
    )
