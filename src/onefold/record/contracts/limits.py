"""Limits that a contract states for the values of a property: `logicalTypeOptions` of ODCS 3.1.

Which options a type has, and of which type they are, the standard's own schema checks; here is what it cannot
say (a minimum above its maximum, a day that does not exist), what the options mean at the door, and what of
them a JSON Schema has a word for. Bytes, passwords, embeddings and formats of dates are for people.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from onefold.record.contracts.errors import BadOption, Reason
from onefold.record.contracts.patterns import matcher
from onefold.record.contracts.reading import Reader
from onefold.record.contracts.texts import plain

Limits = dict[str, Any]
Check = Callable[[Any], Reason | None]

NUMBERS = frozenset({"integer", "number"})
MOMENTS = frozenset({"date", "timestamp", "time"})
_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_COUNTS = {
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
    "object": ("minProperties", "maxProperties"),
}
_DIGITS_MAX = 40
_BITS = re.compile(r"([iu])(8|16|32|64|128)")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(?:\.[^@\s.]{1,63}){1,8}")
_HOST = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,20}\.?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:\S+")


def _is(made: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            made(text)
        except ValueError:
            return False
        return True

    return fits


FORMATS: dict[str, Callable[[str], bool]] = {
    "email": lambda text: _EMAIL.fullmatch(text) is not None,
    "hostname": lambda text: len(text) <= 253 and _HOST.fullmatch(text) is not None,
    "uri": lambda text: _URI.fullmatch(text) is not None,
    "uuid": lambda text: len(text) == 36 and _is(uuid.UUID)(text),
    "ipv4": _is(ipaddress.IPv4Address),
    "ipv6": _is(ipaddress.IPv6Address),
}
"""Formats of texts that are held; a contract may name others, which are for people."""

# ------------------------------------------------------------------ reading


def read_limits(item: Reader) -> Limits:
    """The options of a property, as they stand; a fault for each that nothing could be held to.

    Of what was published before they were held, one that cannot be held is left out.
    """
    stated = item.raw("logicalTypeOptions")
    if not isinstance(stated, dict) or not stated:
        return {}
    found = {str(name): value for name, value in stated.items()}
    kind, place = item.text("logicalType", "string"), item.at("logicalTypeOptions")

    def fault(name: str, what: str) -> None:
        item.faults.add(f"{place}.{name}", what)

    before = len(item.faults.found)
    _lint_values(found, kind, fault)
    if kind in MOMENTS:
        _lint_moments(found, kind, fault)
    if len(item.faults.found) == before:
        _lint_order(found, kind, fault)
    if len(item.faults.found) == before:
        return found
    if item.faults.published:
        del item.faults.found[before:]
    return {}


def _lint_values(found: Limits, kind: str, fault: Callable[[str, str], None]) -> None:
    if isinstance(found.get("pattern"), str):
        try:
            matcher(found["pattern"])
        except BadOption as error:
            fault(
                "pattern",
                f"is not read: {error.message}; write one without look-around and references to groups",
            )
    for name in (it for it in (*_BOUNDS, "multipleOf") if it in found and kind in NUMBERS):
        if not _is_number(found[name]) or (name == "multipleOf" and found[name] <= 0):
            fault(name, "must be a number" + (" above 0" if name == "multipleOf" else ""))
    wanted = found.get("required", [])
    if not isinstance(wanted, list) or not all(isinstance(it, str) for it in wanted):
        fault("required", "must be a list of names")
    for name in (it for names in _COUNTS.values() for it in names if it in found):
        if isinstance(found[name], bool) or not isinstance(found[name], int) or found[name] < 0:
            fault(name, "must be a whole number from 0 up")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _lint_moments(found: Limits, kind: str, fault: Callable[[str, str], None]) -> None:
    zone = zone_of(found)
    if zone is None:
        fault("defaultTimezone", "is no zone; write one such as Asia/Tashkent")
        return
    for name in (it for it in _BOUNDS if it in found):
        try:
            moment(kind, str(found[name]), zone)
        except ValueError:
            fault(name, f"is no {kind} in ISO 8601")


def _lint_order(found: Limits, kind: str, fault: Callable[[str, str], None]) -> None:
    pairs = [(low, high) for low in _BOUNDS[:2] for high in _BOUNDS[2:]]
    for low, high in (*pairs, *((it[0], it[1]) for it in _COUNTS.values())):
        if low in found and high in found:
            least, most = _measured(found[low], kind, found), _measured(found[high], kind, found)
            if least > most or (least == most and "exclusive" in low + high):
                fault(low, f"is above {high}, so no value would fit")


def zone_of(limits: Limits) -> tzinfo | None:
    """The zone of times that name none; None where there is no such zone."""
    try:
        return ZoneInfo(str(limits.get("defaultTimezone", "UTC")))
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return None


def moment(kind: str, text: str, zone: tzinfo | None = UTC) -> Any:
    """A day, a time or an instant as something that can be compared; `ValueError` for what is none."""
    if kind == "date":
        return date.fromisoformat(text.strip()[:10])
    if kind == "time":
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    found = datetime.fromisoformat(text.strip())
    return found.replace(tzinfo=zone) if found.tzinfo is None else found


def _measured(value: Any, kind: str, limits: Limits) -> Any:
    return moment(kind, str(value), zone_of(limits)) if kind in MOMENTS else Decimal(str(value))


# ------------------------------------------------------------------ at the door


def limit_check(kind: str, limits: Limits) -> Check:
    """Why a value that is there is not within its limits; None where it is."""
    checks: list[Callable[[Any], bool]] = []
    if kind in NUMBERS or kind in MOMENTS:
        return _of_measure(kind, limits)
    if kind == "array":
        checks.append(_counted(limits, "minItems", "maxItems", list))
        if limits.get("uniqueItems"):
            checks.append(lambda raw: not isinstance(raw, list) or len({repr(it) for it in raw}) == len(raw))
    elif kind in {"object", "map"}:
        checks.append(_counted(limits, "minProperties", "maxProperties", dict))
        wanted = [str(it) for it in limits.get("required") or ()]
        checks.append(lambda raw: not isinstance(raw, dict) or all(it in raw for it in wanted))
    else:
        checks += _of_text(limits)
    return lambda raw: None if all(fits(raw) for fits in checks) else Reason.BEYOND_LIMITS


def _counted(limits: Limits, low: str, high: str, kind: type) -> Callable[[Any], bool]:
    least, most = limits.get(low, 0), limits.get(high, float("inf"))

    def within(raw: Any) -> bool:
        if not isinstance(raw, list | dict) or type(raw) is not kind:
            return True
        return bool(least <= len(raw) <= most)

    return within


def _of_text(limits: Limits) -> list[Callable[[Any], bool]]:
    least, most = limits.get("minLength", 0), limits.get("maxLength", float("inf"))
    checks: list[Callable[[Any], bool]] = [lambda raw: least <= len(_text(raw)) <= most]
    if isinstance(limits.get("pattern"), str):
        fits = matcher(limits["pattern"])
        checks.append(lambda raw: fits(_text(raw)))
    known = FORMATS.get(str(limits.get("format", "")))
    if known is not None:
        checks.append(lambda raw: known(_text(raw)))
    return checks


def _text(raw: Any) -> str:
    return raw if isinstance(raw, str) else plain(raw)


def _of_measure(kind: str, limits: Limits) -> Check:
    zone = zone_of(limits)
    least, above, most, below = (
        _measured(limits[it], kind, limits) if it in limits else None for it in _BOUNDS
    )
    step = Decimal(str(limits["multipleOf"])) if "multipleOf" in limits else None
    if kind == "integer" and (bits := _BITS.fullmatch(str(limits.get("format", "")))):
        signed, size = bits[1] == "i", int(bits[2]) - (bits[1] == "i")
        low, high = Decimal(-(2**size) if signed else 0), Decimal(2**size - 1)
        least = low if least is None else max(least, low)
        most = high if most is None else min(most, high)
    if kind in MOMENTS and least is above is most is below is None:
        return lambda _: None

    def check(raw: Any) -> Reason | None:
        try:
            value = moment(kind, _text(raw), zone) if kind in MOMENTS else number(raw)
        except ValueError:
            return Reason.BAD_DATE
        if value is None:
            return Reason.BAD_TYPE
        fits = (
            (least is None or value >= least)
            and (above is None or value > above)
            and (most is None or value <= most)
            and (below is None or value < below)
            and (step is None or value % step == 0)
        )
        return None if fits else Reason.BEYOND_LIMITS

    return check


def number(raw: Any) -> Decimal | None:
    """A number as rows write it: `1 234,50` is one; None for what is none, or has endless digits."""
    text = _text(raw).strip().replace(" ", "").replace(",", ".")
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    sound = found.is_finite() and abs(found.adjusted()) <= _DIGITS_MAX and len(text) <= 2 * _DIGITS_MAX
    return found if sound else None


# ------------------------------------------------------------------ to others


def json_words(kind: str, limits: Limits) -> dict[str, Any]:
    """The limits in the words of JSON Schema; days and instants have none there."""
    if kind in MOMENTS:
        return {}
    words = {name: value for name, value in limits.items() if name in _JSON}
    if "pattern" in words:
        words["pattern"] = f"^(?:{words['pattern']})$"
    if limits.get("format") in FORMATS and kind == "string":
        words["format"] = limits["format"]
    return words


_JSON = frozenset(
    {
        *_BOUNDS, "minLength", "maxLength", "pattern", "multipleOf", "minItems", "maxItems", "uniqueItems",
        "minProperties", "maxProperties",
    }
)  # fmt: skip


def said(limits: Limits) -> str:
    """The limits in a few words: `minimum 0, maximum 10`."""
    return ", ".join(f"{name} {value}" for name, value in limits.items())


_FOR_PEOPLE = frozenset(
    {
        "timezone", "dimensions", "elementType", "distanceMetric", "embeddingModel", "embeddingModelVersion",
        "normalized",
    }
)  # fmt: skip
_RISING = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_FALLING = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


def changed(kind: str, old: Limits, new: Limits) -> tuple[list[str], list[str]]:
    """The options that became tighter, and those that became looser; both where nobody can tell."""
    tighter, looser = [], []
    for name in sorted((set(old) | set(new)) - _FOR_PEOPLE):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if now is None or (name == "uniqueItems" and not now):
            looser.append(name)
        elif was is None or (name == "uniqueItems" and not was):
            tighter.append(name)
        elif name in _RISING | _FALLING:
            rises = bool(_measured(now, kind, new) > _measured(was, kind, old))
            (tighter if rises == (name in _RISING) else looser).append(name)
        elif name == "required":
            tighter += [name] * bool(_names(now) - _names(was))
            looser += [name] * bool(_names(was) - _names(now))
        else:
            tighter.append(name)
            looser.append(name)
    return tighter, looser


def _names(value: Sequence[str]) -> set[str]:
    return set(value)
