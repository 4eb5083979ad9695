"""What the functions of DuckDB say that the library of Splink uses, as DuckDB 2.0 says it.

Every function here gets values alone: where one is null the answer is, and nothing is called. Distances are
of the same library as DuckDB's own (rapidfuzz), so they agree to the last bit. DuckDB 1 takes them between
the bytes of UTF-8 and DuckDB 2 between code points, which is not the same for `Müller` and `Muller`; so those
of bytes have names of their own (`BY_BYTES`).

What differs: a regular expression is Python's, which takes what RE2 takes in common use; numbers with a point
are binary, not decimal; and where DuckDB would stop (the Jaccard index of an empty text) the answer is null.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from rapidfuzz.distance import DamerauLevenshtein, Jaro, JaroWinkler, Levenshtein

from onefold.customer.identity.splink.sql import SqlError

Function = Callable[..., Any]
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - a TIMESTAMP of SQL has no zone


def _comparable(one: Any, other: Any) -> tuple[Any, Any]:
    """Two values as DuckDB compares them; text beside a date is read as one."""
    if isinstance(one, str) != isinstance(other, str):
        text, value = (one, other) if isinstance(one, str) else (other, one)
        if not isinstance(value, date):
            raise SqlError("compares a text with what is none")
        read = cast(text, "timestamp" if isinstance(value, datetime) else "date")
        return (read, value) if text is one else (value, read)
    if isinstance(one, datetime) != isinstance(other, datetime):
        return instant(one), instant(other)
    return one, other


def instant(value: Any) -> datetime:
    """A day as its midnight; an instant of a zone as UTC."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date):
        return _EPOCH + timedelta(days=(value - _EPOCH.date()).days)
    raise SqlError("takes what is no date for one")


def equal(one: Any, other: Any) -> bool:
    """Whether two values are equal."""
    left, right = _comparable(one, other)
    return bool(left == right)


def _less(one: Any, other: Any) -> bool:
    left, right = _comparable(one, other)
    return bool(left < right)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise SqlError("takes what is no text for one")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SqlError("takes what is no number for one")
    return value


def _list(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, tuple):
        raise SqlError("takes what is no list for one")
    return value


def _difference(one: Any, other: Any) -> Any:
    if isinstance(one, date) and isinstance(other, date):
        if isinstance(one, datetime) or isinstance(other, datetime):
            raise SqlError("takes one instant from another; write epoch() around each")
        return (one - other).days
    return _number(one) - _number(other)


def _quotient(one: Any, other: Any) -> float | None:
    if other:
        return float(_number(one) / _number(other))
    return math.copysign(math.inf, one) if _number(one) else None


def _rest(one: Any, other: Any) -> Any:
    """With the sign of the dividend, as in C."""
    if not _number(other):
        return None
    if isinstance(one, int) and isinstance(other, int):
        return int(math.copysign(abs(one) % abs(other), one))
    return math.fmod(_number(one), other)


def _whole_quotient(one: Any, other: Any) -> int | None:
    return None if not _number(other) else math.trunc(_number(one) / other)


def _substring(text: str, start: int, length: int | None = None) -> str:
    """From a place, 1 being the first, or counted from the end where it is below 0."""
    at = start - 1 if start >= 0 else max(len(_text(text)) + start, 0)
    if length is not None and length < 0:
        raise SqlError("asks for a text of less than no letters")
    end = len(_text(text)) if length is None else at + length
    return text[max(at, 0) : max(end, 0)]


def _without_accents(text: str) -> str:
    return "".join(it for it in unicodedata.normalize("NFD", _text(text)) if not unicodedata.combining(it))


def _jaro(one: str, other: str) -> float:
    return Jaro.similarity(_text(one), _text(other)) if one or other else 0.0


def _jaro_winkler(one: str, other: str) -> float:
    return JaroWinkler.similarity(_text(one), _text(other)) if one or other else 0.0


def _jaccard(one: str, other: str) -> float | None:
    ones, others = set(_text(one)), set(_text(other))
    return len(ones & others) / len(ones | others) if ones and others else None


@lru_cache(maxsize=1_000)
def _pattern(pattern: str, options: str = "") -> re.Pattern[str]:
    flags = re.ASCII | (re.IGNORECASE if "i" in options else 0)
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        raise SqlError("has a regular expression that is none") from error


def _extracted(text: str, pattern: str, group: int = 0, options: str = "") -> str:
    found = _pattern(pattern, options).search(_text(text))
    if found is None:
        return ""
    if group > found.re.groups:
        raise SqlError("asks for a group that its regular expression does not have")
    return found.group(group) or ""


def _replaced(text: str, pattern: str, by: str, options: str = "") -> str:
    return _pattern(pattern, options).sub(by, _text(text), count=0 if "g" in options else 1)


@lru_cache(maxsize=1_000)
def _like(pattern: str) -> re.Pattern[str]:
    made = (".*" if it == "%" else "." if it == "_" else re.escape(it) for it in pattern)
    return re.compile("".join(made), re.DOTALL)


def _parsed(text: str, form: str) -> datetime | None:
    """Null where there is no such day. Unlike Python, DuckDB takes years of fewer than four figures."""
    said = _text(text).strip()
    if form.startswith("%Y") and (year := re.match(r"\d{1,3}(?!\d)", said)):
        said = f"{int(year.group()):04}{said[year.end() :]}"
    try:
        return datetime.strptime(said, form)  # noqa: DTZ007 - as above
    except ValueError:
        return None


def epoch(value: Any) -> float:
    """Seconds since 1970."""
    return (instant(value) - _EPOCH).total_seconds()


def _apart(unit: str, one: Any, other: Any) -> int:
    """Borders of days, months or years that lie between."""
    start, end = instant(one), instant(other)
    if unit in ("day", "days"):
        return (end.date() - start.date()).days
    if unit in ("month", "months"):
        return (end.year - start.year) * 12 + end.month - start.month
    if unit in ("year", "years"):
        return end.year - start.year
    raise SqlError("counts something else than days, months or years between dates")


def _shared(one: Any, other: Any) -> tuple[Any, ...]:
    others = set(_list(other)) - {None}
    return tuple(it for it in dict.fromkeys(_list(one)) if it in others)


def _at(values: Any, place: int) -> Any:
    """Of a list, or the letter of a text; 1 is the first, and -1 the last."""
    held = values if isinstance(values, str) else _list(values)
    at = place - 1 if place > 0 else len(held) + place
    return held[at] if place and 0 <= at < len(held) else "" if isinstance(values, str) else None


def _cosine(one: Any, other: Any) -> float | None:
    left, right = np.array(_list(one), dtype=np.float64), np.array(_list(other), dtype=np.float64)
    if left.shape != right.shape:
        raise SqlError("compares lists of different lengths")
    size = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / size if size else None


def _greatest(values: Any, of: Callable[[list[Any]], Any]) -> Any:
    said = [it for it in _list(values) if it is not None]
    return of(said) if said else None


def _flat(values: Any) -> tuple[Any, ...]:
    return tuple(part for it in _list(values) if it is not None for part in _list(it))


def cast(value: Any, kind: str) -> Any:
    """A value of another type; `SqlError` where it cannot be one."""
    try:
        return _CASTS[kind](value)
    except KeyError as error:
        raise SqlError(f"casts to {kind}, which is not known here") from error
    except (ValueError, OverflowError) as error:
        raise SqlError(f"casts to {kind} what cannot be one") from error


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (str, int, float)):
        return str(value)
    return value.isoformat() if isinstance(value, date) else _text(value)


def _as_whole(value: Any) -> int:
    """A half of a number goes to the even one, as in hardware; that of a text away from zero."""
    if not isinstance(value, str):
        whole: int = round(value)
        return whole
    number = float(value)
    return int(math.copysign(math.floor(abs(number) + 0.5), number))


def _capital(letter: str) -> str:
    """One letter for one: what has a capital of several stays, but for the sharp s, which has one now."""
    capital = "\u1e9e" if letter == "\u00df" else letter.upper()
    return capital if len(capital) == 1 else letter


def _as_day(value: Any) -> date:
    return date.fromisoformat(value.strip()) if isinstance(value, str) else instant(value).date()


def _as_instant(value: Any) -> datetime:
    return instant(datetime.fromisoformat(value.strip()) if isinstance(value, str) else value)


_CASTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("text", "varchar", "string", "char", "character"), _as_text),
    **dict.fromkeys(("int", "integer", "bigint", "smallint", "int4", "int8", "hugeint"), _as_whole),
    **dict.fromkeys(("double", "float8", "numeric", "decimal"), float),
    **dict.fromkeys(("float", "float4", "real"), lambda it: float(np.float32(it))),
    "date": _as_day,
    **dict.fromkeys(("timestamp", "datetime"), _as_instant),
}

FUNCTIONS: dict[str, tuple[int, int, Function]] = {
    "=": (2, 2, equal), "<>": (2, 2, lambda a, b: not equal(a, b)),
    "<": (2, 2, _less), ">": (2, 2, lambda a, b: _less(b, a)),
    "<=": (2, 2, lambda a, b: not _less(b, a)), ">=": (2, 2, lambda a, b: not _less(a, b)),
    "+": (2, 2, lambda a, b: _number(a) + _number(b)), "-": (2, 2, _difference),
    "*": (2, 2, lambda a, b: _number(a) * _number(b)), "/": (2, 2, _quotient), "%": (2, 2, _rest),
    "//": (2, 2, _whole_quotient), "negative": (1, 1, lambda a: -_number(a)),
    "||": (2, 2, lambda a, b: a + b if isinstance(a, tuple) else _as_text(a) + _as_text(b)),
    "like": (2, 2, lambda a, b: _like(_text(b)).fullmatch(_text(a)) is not None),
    "index": (2, 2, _at), "cast": (2, 2, cast),
    "abs": (1, 1, lambda a: abs(_number(a))), "round": (1, 1, lambda a: float(_as_whole(str(_number(a))))),
    "floor": (1, 1, lambda a: math.floor(_number(a))),
    "ceil": (1, 1, lambda a: math.ceil(_number(a))),
    "sqrt": (1, 1, lambda a: math.sqrt(_number(a)) if a >= 0 else math.nan),
    "ln": (1, 1, lambda a: math.log(a) if _number(a) > 0 else None),
    "log2": (1, 1, lambda a: math.log2(a) if _number(a) > 0 else None),
    "power": (2, 2, lambda a, b: float(_number(a)) ** _number(b)),
    "sin": (1, 1, math.sin), "cos": (1, 1, math.cos), "radians": (1, 1, lambda a: math.radians(_number(a))),
    "acos": (1, 1, lambda a: math.acos(a) if -1 <= _number(a) <= 1 else math.nan),
    "asin": (1, 1, lambda a: math.asin(a) if -1 <= _number(a) <= 1 else math.nan),
    "lower": (1, 1, lambda a: "".join(it.lower()[0] for it in _text(a))),
    "upper": (1, 1, lambda a: "".join(map(_capital, _text(a)))),
    "trim": (1, 1, lambda a: _text(a).strip(" ")), "ltrim": (1, 1, lambda a: _text(a).lstrip(" ")),
    "rtrim": (1, 1, lambda a: _text(a).rstrip(" ")),
    "length": (1, 1, lambda a: len(a) if isinstance(a, tuple) else len(_text(a))),
    "substring": (2, 3, _substring), "left": (2, 2, lambda a, n: a[:n]),
    "right": (2, 2, lambda a, n: a[-n:] if n > 0 else a[-n:] if n else ""),
    "replace": (3, 3, lambda a, b, c: _text(a).replace(b, c) if b else a),
    "reverse": (1, 1, lambda a: _text(a)[::-1]),
    "starts_with": (2, 2, lambda a, b: _text(a).startswith(b)),
    "contains": (2, 2, lambda a, b: b in a),
    "strip_accents": (1, 1, _without_accents),
    "split_part": (3, 3, lambda a, b, n: _at(tuple(_text(a).split(b)), n) or ""),
    "string_split": (2, 2, lambda a, b: tuple(_text(a).split(b))),
    "regexp_extract": (2, 4, _extracted), "regexp_replace": (3, 4, _replaced),
    "regexp_matches": (2, 3, lambda a, b, o="": _pattern(b, o).search(_text(a)) is not None),
    "levenshtein": (2, 2, lambda a, b: Levenshtein.distance(_text(a), _text(b))),
    "damerau_levenshtein": (2, 2, lambda a, b: DamerauLevenshtein.distance(_text(a), _text(b))),
    "jaro_similarity": (2, 2, _jaro), "jaro_winkler_similarity": (2, 2, _jaro_winkler),
    "jaccard": (2, 2, _jaccard),
    "try_strptime": (2, 2, _parsed), "epoch": (1, 1, epoch), "date_diff": (3, 3, _apart),
    "year": (1, 1, lambda a: instant(a).year), "month": (1, 1, lambda a: instant(a).month),
    "day": (1, 1, lambda a: instant(a).day),
    "list_intersect": (2, 2, _shared), "flatten": (1, 1, _flat),
    "list_contains": (2, 2, lambda a, b: b in _list(a)),
    "list_has_any": (2, 2, lambda a, b: bool(_shared(a, b))),
    "list_max": (1, 1, lambda a: _greatest(a, max)), "list_min": (1, 1, lambda a: _greatest(a, min)),
    "list_transform": (2, 2, lambda a, f: tuple(map(f, _list(a)))),
    "list_filter": (2, 2, lambda a, f: tuple(it for it in _list(a) if f(it))),
    "list_cosine_similarity": (2, 2, _cosine),
}  # fmt: skip
"""By name: the least and the most arguments, and what is called where none of them is null."""


def _of_bytes(function: Function) -> Function:
    """The function with each byte of UTF-8 for a letter."""
    return lambda one, other: function(*(_text(it).encode().decode("latin-1") for it in (one, other)))


BY_BYTES = {
    it: f"{it} of bytes"
    for it in ("levenshtein", "damerau_levenshtein", "jaro_similarity", "jaro_winkler_similarity", "jaccard")
}
"""What DuckDB 1 takes between bytes, and the name of that."""

FUNCTIONS |= {name: (2, 2, _of_bytes(FUNCTIONS[it][2])) for it, name in BY_BYTES.items()}

OTHER_NAMES = {
    "substr": "substring", "array_length": "length", "len": "length", "ceiling": "ceil", "pow": "power",
    "array_intersect": "list_intersect", "datediff": "date_diff", "lcase": "lower", "ucase": "upper",
    "array_extract": "index", "list_extract": "index", "list_element": "index", "list_has": "list_contains",
    "array_contains": "list_contains", "array_has_any": "list_has_any", "str_split": "string_split",
    "array_cosine_similarity": "list_cosine_similarity", "prefix": "starts_with",
    "array_transform": "list_transform", "apply": "list_transform", "list_apply": "list_transform",
}  # fmt: skip
"""Names that DuckDB has for a function of another name."""
