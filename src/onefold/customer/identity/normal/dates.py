"""Days of birth in many spellings, how sure each part is, and which of them were typed to fill a field.

`03/04/1985` is a day in March or in April. One value cannot tell, its column can: wherever one of the two
numbers is above 12 in some row, that number is the day. `order_of` counts that evidence; without any, the
order that the caller says holds. A two-digit year is of the last hundred years before `today`, which the
caller says too: there is no clock here.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

import msgspec

from onefold.customer.identity.normal.scripts import romanised
from onefold.kernel.memory import remembered


class Order(StrEnum):
    """Which of two numbers comes first where both could be a month."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class DateState(StrEnum):
    """What is known of a date."""

    WHOLE = "whole"
    AMBIGUOUS = "ambiguous"
    PARTIAL = "partial"
    PLACEHOLDER = "placeholder"
    IMPOSSIBLE = "impossible"
    EMPTY = "empty"


class Day(msgspec.Struct, frozen=True, gc=False):
    """Year, month and day as far as they are said; 0 is not said. `other` is the second reading of two.

    A placeholder keeps its year, which may be true (1985-01-01), unless it is one that systems fill in.
    """

    state: DateState
    year: int = 0
    month: int = 0
    day: int = 0
    other: tuple[int, int] = (0, 0)

    @property
    def iso(self) -> str:
        """`1985-04-03`, `1985-04` or `1985`; empty where not even the year is said."""
        parts = [f"{self.year:04}"] if self.year else []
        if self.year and self.month:
            parts.append(f"{self.month:02}")
            if self.day:
                parts.append(f"{self.day:02}")
        return "-".join(parts)


_MONTHS = (
    "jan januar january janvier enero gennaio janeiro yanvar yanvarya sichnya ocak januari qantar",
    "feb februar february fevrier febrero febbraio fevereiro fevral fevralya lyutogo subat februari aqpan",
    "mar march marz maerz mars marzo marco mart marta bereznya maart nauryz",
    "apr april avril abril aprile aprel aprelya kvitnya nisan sauir",
    "may mai maj mayo maggio maio maya travnya mayis mei mamyr",
    "jun june juni juin junio giugno junho iyun iyunya chervnya haziran mausym",
    "jul july juli juillet julio luglio julho iyul iyulya lipnya temmuz shilde",
    "aug august aout agosto avgust avgusta serpnya agustos augustus tamyz",
    "sep sept september septembre septiembre settembre setembro sentyabr sentyabrya veresnya eylul qyrkuiek",
    "oct okt october oktober octobre octubre ottobre outubro oktyabr oktyabrya zhovtnya ekim oktyabr qazan",
    "nov november novembre noviembre novembro noyabr noyabrya listopada kasim qarasha",
    "dec dez december dezember decembre diciembre dicembre dezembro dekabr dekabrya grudnya aralik jeltoqsan",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_TIME = re.compile(r"[T\s]\s*\d{1,2}:\d{2}.*$")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_FLOAT_TAIL = re.compile(r"(?<=\d{4})\.0+$")
_ORDINALS = frozenset("st nd rd th de of del g god goda year y yil year the den".split())
_FILLED = frozenset(
    (
        (1900, 1, 1), (1901, 1, 1), (1800, 1, 1), (1970, 1, 1), (1753, 1, 1), (1904, 1, 1), (1899, 12, 30),
        (1899, 12, 31), (1111, 11, 11), (9999, 12, 31), (2099, 12, 31), (0, 0, 0),
    )
)  # fmt: skip
_FIRST_YEAR = 1000
"""Records of people long dead are told apart by their days too; a house that has none may be stricter."""

_FILLING_WORDS = frozenset("none null na nan nat unknown nodata".split())


def order_of(values: Iterable[str], default: Order = Order.DAY_FIRST) -> Order:
    """The order of a column: which of its first two numbers is above 12 more often; `default` if neither."""
    seen: Counter[Order] = Counter()
    for value in values:
        numbers = _PARTS.findall(_plain(value))[:3]
        if len(numbers) == 3 and all(it.isdecimal() and len(it) <= 2 for it in numbers[:2]):
            first, second = int(numbers[0]), int(numbers[1])
            if 12 < first <= 31 and second <= 12:
                seen[Order.DAY_FIRST] += 1
            elif 12 < second <= 31 and first <= 12:
                seen[Order.MONTH_FIRST] += 1
    if seen[Order.DAY_FIRST] == seen[Order.MONTH_FIRST]:
        return default
    return max(seen, key=lambda it: seen[it])


@remembered(65_536)
def day(text: str, today: date, order: Order | None = None) -> Day:
    """One value. Without an order, a value with two readings is `AMBIGUOUS`, day first. Raises nothing."""
    plain = _plain(text)
    if not plain or _PARTS.sub("", plain) == plain:
        return Day(DateState.EMPTY)
    parts = [it for it in _PARTS.findall(plain) if romanised(it) not in _ORDINALS]
    if not any(it.isdecimal() for it in parts):
        known = romanised("".join(parts)) in _FILLING_WORDS
        return Day(DateState.EMPTY if known else DateState.IMPOSSIBLE)
    named = [_MONTH_OF[name] for it in parts if (name := romanised(it)) in _MONTH_OF]
    numbers = [it for it in parts if it.isdecimal()]
    if len(named) > 1 or len(named) + len(numbers) != len(parts) or len(parts) > 3:
        return Day(DateState.IMPOSSIBLE)
    if len(parts) == 1:
        return _run_together(numbers[0], today, order)
    if named:
        return _with_month(named[0], numbers, today)
    return _of_numbers(numbers, today, order)


def _plain(text: str) -> str:
    """Decimal digits of any script as ASCII, without a time of day."""
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(it)) if it.isdecimal() else it for it in text)
    return _FLOAT_TAIL.sub("", _TIME.sub("", text.strip()))


def _run_together(digits: str, today: date, order: Order | None) -> Day:
    """`19850403`, `03041985`, `850403`, `1985`."""
    if len(digits) == 8:
        as_year_first = _judged(int(digits[:4]), int(digits[4:6]), int(digits[6:]), today)
        if as_year_first.state is not DateState.IMPOSSIBLE:
            return as_year_first
        return _of_numbers([digits[:2], digits[2:4], digits[4:]], today, order)
    if len(digits) == 6:
        if _FIRST_YEAR <= int(digits[:4]) <= today.year and 1 <= int(digits[4:]) <= 12:
            return Day(DateState.PARTIAL, int(digits[:4]), int(digits[4:]))
        return _of_numbers([digits[:2], digits[2:4], digits[4:]], today, order)
    if len(digits) == 4 and _FIRST_YEAR <= int(digits) <= today.year:
        return Day(DateState.PARTIAL, int(digits))
    filled = len(digits) > 3 and len(set(digits)) == 1
    return Day(DateState.PLACEHOLDER if filled else DateState.IMPOSSIBLE)


def _with_month(month: int, numbers: list[str], today: date) -> Day:
    """`3 April 1985`, `April 3, 1985`, `1985-Apr-03`, `April 1985`."""
    if len(numbers) == 1:
        year = _year(numbers[0], today)
        known = _FIRST_YEAR <= year <= today.year and len(numbers[0]) in {2, 4}
        return Day(DateState.PARTIAL, year, month) if known else Day(DateState.IMPOSSIBLE)
    first, second = numbers
    if len(first) == 4:
        first, second = second, first
    return _judged(_year(second, today), month, int(first), today)


def _of_numbers(numbers: list[str], today: date, order: Order | None) -> Day:
    """Two or three numbers with something between them."""
    if len(numbers) == 2:
        written, month = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
        if len(written) != 4 or not 0 <= int(month) <= 12 or not _FIRST_YEAR <= int(written) <= today.year:
            return Day(DateState.IMPOSSIBLE)
        return Day(DateState.PARTIAL, int(written), int(month))
    if any(len(it) > 4 for it in numbers):
        return Day(DateState.IMPOSSIBLE)
    first, second, third = numbers
    if len(first) >= 3:
        one = _judged(int(first), int(second), int(third), today)
        other = _judged(int(first), int(third), int(second), today)
        return other if one.state is DateState.IMPOSSIBLE else one
    year = _year(third, today)
    by_day = _judged(year, int(second), int(first), today)
    by_month = _judged(year, int(first), int(second), today)
    if by_day.state is by_month.state is DateState.IMPOSSIBLE and len(third) <= 2:
        return _judged(_year(first, today), int(second), int(third), today)
    if by_day.state is DateState.IMPOSSIBLE or by_month.state is DateState.IMPOSSIBLE:
        return by_month if by_day.state is DateState.IMPOSSIBLE else by_day
    if order is not None or by_day == by_month:
        return by_month if order is Order.MONTH_FIRST else by_day
    return Day(DateState.AMBIGUOUS, year, by_day.month, by_day.day, (by_month.month, by_month.day))


def _year(digits: str, today: date) -> int:
    """Two digits are a year of the last hundred."""
    if len(digits) > 2:
        return int(digits)
    century = today.year // 100 * 100
    year = century + int(digits)
    return year if year <= today.year else year - 100


def _judged(year: int, month: int, day_of_month: int, today: date) -> Day:
    """What one reading is worth; zeros for month or day say that they are not known."""
    if (year, month, day_of_month) in _FILLED or year in {1111, 9999}:
        return Day(DateState.PLACEHOLDER)
    if not _FIRST_YEAR <= year <= today.year or not 0 <= month <= 12 or not 0 <= day_of_month <= 31:
        return Day(DateState.IMPOSSIBLE)
    if month == 0 or day_of_month == 0:
        return Day(DateState.PARTIAL, year, month)
    if day_of_month > calendar.monthrange(year, month)[1] or date(year, month, day_of_month) > today:
        return Day(DateState.IMPOSSIBLE)
    if (month, day_of_month) == (1, 1):
        return Day(DateState.PLACEHOLDER, year, 1, 1)
    return Day(DateState.WHOLE, year, month, day_of_month)
