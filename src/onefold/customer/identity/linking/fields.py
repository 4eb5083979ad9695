"""What records say, field by field, in comparable form: the kinds of fields and how each is normalised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from onefold.customer.identity.linking.columns import Column, combined, mapped, shared
from onefold.customer.identity.names import skeleton

KINDS = (
    *("given_name", "middle_name", "family_name", "full_name", "organisation", "birth_date", "gender"),
    *("email", "phone", "identifier", "street", "city", "postcode", "region", "country", "category"),
)
"""What a column of a table can be. Several columns may be of one kind."""

_APOSTROPHES = re.compile("['`´ʻʼʹʿ‘’′]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_NOT_WORDS = re.compile(r"[\W_]+")
_NOT_DIGITS = re.compile(r"\D+")
_TITLES = frozenset("mr mrs ms miss dr prof sir rev lord lady".split())
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_GENDERS = {"m": "m", "male": "m", "man": "m", "f": "f", "female": "f", "woman": "f"}
_YEAR_PIVOT = 30


class Field(NamedTuple):
    """One thing that records are compared by: its name, how it is compared, what each record says."""

    name: str
    kind: str
    column: Column


def fields_of(columns: Mapping[str, Sequence[tuple[str, Column]]]) -> list[Field]:
    """The fields of raw columns, given by kind with their names.

    Whole names and their parts say one thing, so they become one given, one middle and one family name.
    """
    found = _person(columns)
    simple: tuple[tuple[str, Callable[[str], str]], ...] = (
        *(("organisation", words), ("gender", gender), ("email", email), ("phone", phone)),
        *(("street", words), ("city", words), ("postcode", postcode), ("region", words), ("country", words)),
    )
    for kind, change in simple:
        given = [mapped(column, change) for _, column in columns.get(kind, ())]
        if given:
            found.append(Field(kind, kind, _first_said(given)))
    births = [mapped(column, reading(column.values)) for _, column in columns.get("birth_date", ())]
    if births:
        found.append(Field("birth_date", "birth_date", _first_said(births)))
    for kind, change in (("identifier", identifier), ("category", words)):
        found += [Field(name, kind, mapped(column, change)) for name, column in columns.get(kind, ())]
    return found


def folded(text: str) -> str:
    """Lower case, without accents and apostrophes."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(it for it in decomposed if not unicodedata.combining(it))
    return _APOSTROPHES.sub("", text.casefold())


def words(text: str) -> str:
    """The words and numbers of a text, one space between them."""
    return " ".join(_NOT_WORDS.sub(" ", folded(text)).split())


def names(text: str) -> str:
    """The words of a name as they sound (`skeleton`), without titles and numbers."""
    found = _NOT_LETTERS.sub(" ", folded(text)).split()
    return " ".join(skeleton(it) or it for it in [it for it in found if it not in _TITLES] or found)


def gender(text: str) -> str:
    """`m`, `f`, or what else was said."""
    said = words(text)
    return _GENDERS.get(said, said)


def email(text: str) -> str:
    """The address alone, in lower case; nothing where there is none."""
    bare = text.rsplit("<", 1)[-1].strip(" <>\"'").casefold()
    return bare if "@" in bare else ""


def phone(text: str) -> str:
    """The last nine digits at most: with or without a country code."""
    digits = _NOT_DIGITS.sub("", text)
    return digits[-9:] if len(digits) >= 5 else ""


def postcode(text: str) -> str:
    """Letters and digits; the place of a space is kept, since it parts area from street."""
    return " ".join(re.sub(r"[^\w]+", " ", text.casefold()).split())


def identifier(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


def reading(values: Sequence[str]) -> Callable[[str], str]:
    """How the dates of one column are read.

    Where numbers alone stand before the year, the day comes first if more dates can only be read so.
    """
    day_first = month_first = 0
    for value in values:
        parts = re.split(r"\D+", value.strip())
        if len(parts) >= 3 and len(parts[0]) <= 2 and all(parts[:2]):
            day_first += int(parts[0]) > 12
            month_first += int(parts[1]) > 12

    def read(text: str) -> str:
        return date(text, day_first=day_first > month_first)

    return read


def date(text: str, *, day_first: bool) -> str:
    """Eight digits, year first; what is no date keeps its digits; fewer where less was said."""
    low = text.strip().casefold()
    parts = re.findall(r"\d+|[a-z]+", low.split("t00:")[0].split(" 00:")[0])
    named = [_MONTHS[it[:3]] for it in parts if it.isalpha() and it[:3] in _MONTHS]
    numbers = [it for it in parts if it.isdigit()]
    if named and len(numbers) == 2:
        year, day = numbers if len(numbers[0]) == 4 else (numbers[1], numbers[0])
        return _eight(year, str(named[0]), day)
    if len(numbers) >= 3:
        if len(numbers[0]) == 4:
            return _eight(*numbers[:3])
        one, two, year = numbers[:3]
        swap = day_first if max(int(one), int(two)) <= 12 else int(one) > 12
        return _eight(year, *((two, one) if swap else (one, two)))
    return "".join(numbers)


def _eight(year: str, month: str, day: str) -> str:
    if len(year) == 2:
        year = ("20" if int(year) < _YEAR_PIVOT else "19") + year
    return f"{year:0>4}{month:0>2}{day:0>2}"


def _first_said(columns: Sequence[Column]) -> Column:
    """The first of several columns that says something."""
    if len(columns) == 1:
        return columns[0]
    return combined(columns, lambda said: next((it for it in said if it), ""))


def _person(columns: Mapping[str, Sequence[tuple[str, Column]]]) -> list[Field]:
    """Given, middle and family name, from whichever columns there are."""
    kinds = ("given_name", "middle_name", "family_name", "full_name")
    parts = [(kind, column) for kind in kinds for _, column in columns.get(kind, ())]
    if not parts:
        return []
    order = [kind for kind, _ in parts]
    cleaned = [mapped(column, _full if kind == "full_name" else names) for kind, column in parts]

    def part(at: int) -> Callable[[tuple[str, ...]], str]:
        return lambda said: _parted(order, said)[at]

    found = shared([combined(cleaned, part(at)) for at in range(3)])
    kept = zip(("given_name", "middle_name", "family_name"), found, strict=True)
    return [Field(name, "name", column) for name, column in kept if column.codes.any()]


def _full(text: str) -> str:
    """A whole name; `Family, Given` is turned round where the comma parts two short halves."""
    halves = text.split(",")
    if len(halves) == 2 and len(halves[0].split()) == 1 and halves[1].strip():
        text = f"{halves[1]} {halves[0]}"
    return names(text)


def _parted(order: Sequence[str], said: Sequence[str]) -> tuple[str, str, str]:
    """Given, middle and family name; words of a whole name that its parts do not hold are middle names."""
    by_kind: dict[str, list[str]] = {}
    for kind, text in zip(order, said, strict=True):
        by_kind.setdefault(kind, []).extend(it for it in text.split() if it not in by_kind.get(kind, ()))
    given, middle = by_kind.get("given_name", []), by_kind.get("middle_name", [])
    family, full = by_kind.get("family_name", []), by_kind.get("full_name", [])
    if full and not given and not family:
        given, family = (full[:1], full[-1:]) if len(full) > 1 else ([], full)
    known = {*given, *family}
    rest = sorted({it for it in (*middle, *full) if it not in known})
    return " ".join(given), " ".join(rest), " ".join(family)
