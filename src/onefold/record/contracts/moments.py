"""Transforms of days and instants: formats are spelled in letters, two-digit years have a stated pivot.

Formats: YYYY YY MM DD HH mm ss SSS, MON for an English month name of three letters; everything else is
literal. Parsed texts are remembered, because a column of dates repeats itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from onefold.kernel.time import MS_PER_DAY, day_from_date
from onefold.record.contracts.errors import BadOption, Reason, RowFault
from onefold.record.contracts.texts import Transform, plain

_WORDS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>\d{2})",
    "DD": r"(?P<day>\d{2})",
    "HH": r"(?P<hour>\d{2})",
    "mm": r"(?P<minute>\d{2})",
    "SSS": r"(?P<milli>\d{3})",
    "ss": r"(?P<second>\d{2})",
}
_PARTS = ("year", "short", "month", "name", "day", "hour", "minute", "second", "milli")
_SPLIT = re.compile("|".join(_WORDS))
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_REMEMBERED = 65_536
_FIRST_YEAR, _LAST_YEAR = 1800, 2200

# Written by systems, not by people: "always" and "not known". Never a fact about anything.
_NEVER = {date(1, 1, 1), date(9999, 12, 31)}
# What systems write when nobody was asked for a birth date: zero dates of databases and spreadsheets.
_BIRTH_PLACEHOLDERS = {
    date(1111, 11, 11), date(1753, 1, 1), date(1800, 1, 1), date(1899, 12, 30), date(1899, 12, 31),
    date(1900, 1, 1), date(1901, 1, 1), date(1970, 1, 1),
}  # fmt: skip


def compile_format(pattern: str) -> re.Pattern[str]:
    """A regular expression with a group for each word of a format; `BadOption` without a whole date."""
    parts, last = [], 0
    for word in _SPLIT.finditer(pattern):
        parts.append(re.escape(pattern[last : word.start()]) + _WORDS[word.group()])
        last = word.end()
    try:
        compiled = re.compile("".join(parts) + re.escape(pattern[last:]))
    except re.error:
        raise BadOption(f"{pattern} has a word twice") from None
    groups = set(compiled.groupindex)
    if not (groups & {"year", "short"} and groups & {"month", "name"} and "day" in groups):
        raise BadOption(f"{pattern} needs a year (YYYY or YY), a month (MM or MON) and a day (DD)")
    return compiled


def _parser(pattern: str, pivot: int) -> Callable[[str], datetime | None]:
    """A parser of one format, of ISO 8601 without one; None for texts that are not such a time."""
    if not pattern:
        return _iso
    compiled = compile_format(pattern)
    missing = "".join(f"(?P<{it}>)" for it in _PARTS if it not in compiled.groupindex)
    match = re.compile(compiled.pattern + missing).fullmatch

    def parse(written: str) -> datetime | None:
        found = match(written)
        if not found:
            return None
        year, short, month, name, of_month, hour, minute, second, milli = found.group(*_PARTS)
        whole_year = int(year) if year else int(short) + (2000 if int(short) < pivot else 1900)
        number = int(month) if month else _MONTHS.get(name.lower(), 0)
        try:
            # As it is written: what zone that is in is not for a parser to say.
            return datetime(  # noqa: DTZ001
                whole_year,
                number,
                int(of_month),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
                int(milli or 0) * 1000,
            )
        except ValueError:
            return None

    return parse


def _iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _written(raw: Any, width: int) -> str:
    """The text of a date; a number that lost its leading zeros gets them back."""
    return str(raw).zfill(width) if type(raw) is int else plain(raw)


def day(options: dict[str, Any]) -> Transform:
    """Days since 1970 of a date in `format` (default ISO; a time after it is ignored).

    `pivot`: two-digit years below it are 20yy, the others 19yy. Placeholders (`placeholders`, and for a
    birth date the usual zero dates) say nothing.
    """
    pattern = options.get("format", "")
    parse = _parser(pattern, options.get("pivot", 70))
    nothing = _placeholders(options)
    seen: dict[str, int | None] = {}

    def apply(raw: Any) -> int | None:
        written = raw if type(raw) is str else _written(raw, len(pattern))
        if written in seen:
            return seen[written]
        stripped = written.strip()
        if not stripped:
            return None
        parsed = parse(stripped)
        if parsed is None:
            raise RowFault(Reason.BAD_DATE)
        result = None if parsed.date() in nothing else _in_range(parsed.date())
        if len(seen) >= _REMEMBERED:
            seen.clear()
        seen[written] = result
        return result

    return apply


def _placeholders(options: dict[str, Any]) -> set[date]:
    try:
        stated = {date.fromisoformat(str(it)) for it in options.get("placeholders", ())}
    except ValueError:
        raise BadOption("placeholders must be dates such as 2000-01-01") from None
    return _NEVER | stated | (_BIRTH_PLACEHOLDERS if options.get("birth") else set())


def _in_range(parsed: date) -> int:
    if not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:
        raise RowFault(Reason.BAD_DATE)
    return day_from_date(parsed)


def zone(name: str) -> tzinfo:
    """A time zone by its IANA name; `BadOption` when the system does not know it."""
    if name in {"", "UTC"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise BadOption(f"{name} is not a time zone such as Asia/Tashkent") from None


_UNIT_MS = {"epoch_s": 1000, "epoch_ms": 1}


def instant(options: dict[str, Any]) -> Transform:
    """Milliseconds since 1970, UTC, of an ISO text, of `format`, or of `epoch_s` / `epoch_ms`.

    A text without an offset is taken in `zone` (default UTC).
    """
    pattern = options.get("format", "")
    here = zone(options.get("zone", ""))
    if pattern in _UNIT_MS:
        return _epoch(_UNIT_MS[pattern])
    parse = _parser(pattern, options.get("pivot", 70))
    has_time = not pattern or bool(set(compile_format(pattern).groupindex) & {"hour", "minute", "second"})
    seen: dict[str, int] = {}

    def apply(raw: Any) -> int | None:
        written = raw if type(raw) is str else _written(raw, len(pattern))
        if written in seen:
            return seen[written]
        stripped = written.strip()
        if not stripped:
            return None
        parsed = parse(stripped)
        if parsed is None or not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:
            raise RowFault(Reason.BAD_INSTANT)
        result = _milliseconds(parsed if parsed.tzinfo else parsed.replace(tzinfo=here))
        if not has_time:
            if len(seen) >= _REMEMBERED:
                seen.clear()
            seen[written] = result
        return result

    return apply


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _milliseconds(aware: datetime) -> int:
    since = aware - _EPOCH
    return since.days * MS_PER_DAY + since.seconds * 1000 + since.microseconds // 1000


def _epoch(unit_ms: int) -> Transform:
    latest = (_LAST_YEAR - 1970) * 366 * MS_PER_DAY

    def apply(raw: Any) -> int:
        try:
            result = int(float(plain(raw)) * unit_ms) if type(raw) is not int else raw * unit_ms
        except (ValueError, OverflowError):
            raise RowFault(Reason.BAD_INSTANT) from None
        if abs(result) > latest:
            raise RowFault(Reason.BAD_INSTANT)
        return result

    return apply


def czech_birth_number(options: dict[str, Any]) -> Transform:
    """The birth date or gender in a Czech birth number YYMMDD, whose month is 50 higher for women.

    Ten-digit numbers (since 1954) carry a serial after the date; with six digits the year is 19yy.
    """
    part = options["part"]

    def apply(raw: Any) -> Any:
        digits = _written(raw, 6).replace("/", "")
        if not digits:
            return None
        if not (digits.isascii() and digits.isdigit() and len(digits) in {6, 9, 10}):
            raise RowFault(Reason.BAD_DATE)
        year, month, of_month = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
        female = month > 50
        # Ten digits were first given in 1954: a year below 54 with ten digits is in this century.
        century = 2000 if len(digits) == 10 and year < 54 else 1900
        try:
            born = date(century + year, month % 50 if female else month, of_month)
        except ValueError:
            raise RowFault(Reason.BAD_DATE) from None
        if part == "gender":
            return "female" if female else "male"
        return day_from_date(born)

    return apply
