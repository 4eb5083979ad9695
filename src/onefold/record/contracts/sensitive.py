"""What values look like, whatever their column is called: cards, accounts, ids of persons, addresses, keys.

A contract declares the class of each property, and masks follow from that class. A column declared harmless
that holds card numbers would be shown to everybody, so rows are looked at where they come in, and whoever
delivers or keeps the contract is told.

Most numbers carry a check digit, and a column of order numbers passes it as often as chance has it: one in
ten for Luhn. So a column is told only when it passes clearly more often than that. With `n` different values
of a shape and a chance of `p` for each, `n * p` pass by chance, give or take `sqrt(n * p * (1 - p))`; what is
beyond four of these is no chance. Different values are counted, not rows: one number that happens to pass
proves no more when it stands in a thousand rows. Shapes that nothing has by chance (an e-mail address) need
three values, or all there are.

Values are looked at and forgotten; digests of those with a shape are kept as long as the delivery is read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from stdnum import iban, luhn
from stdnum.cz import rc
from stdnum.in_ import aadhaar
from stdnum.in_ import pan as tax_id
from stdnum.pl import pesel
from stdnum.ru import inn

from onefold.record.canon.entities import FieldClass
from onefold.record.contracts.access import getter
from onefold.record.contracts.model import ObjectContract, Property, Store

TEXT_CHARACTERS_MAX = 2_000
"""Of one value, as much is looked at."""
ROWS_ALL = 2_000
"""So many rows of a delivery are looked at one after the other, and every `ROWS_STEP`th of those behind."""
ROWS_STEP = 97
DISTINCT_MAX = 20_000
_SIGMAS = 4.0
_LEAST = 3


class Kind(NamedTuple):
    """One kind of value: how it is found in a text, what it must pass, how often others pass it by chance."""

    name: str
    field_class: FieldClass
    shape: re.Pattern[str]
    passes: Callable[[str], bool]
    chance: float


class Suspicion(NamedTuple):
    """A property whose values look like something stricter than it is declared to be.

    `values` of the `of` different values with that shape pass. Nothing of them is repeated.
    """

    object: str
    property: str
    declared: FieldClass
    looks_like: str
    field_class: FieldClass
    values: int
    of: int

    def __str__(self) -> str:
        """One sentence, with what to do."""
        return (
            f"{self.object}.{self.property} is declared {self.declared}, and {self.values:,} of {self.of:,} "
            f"different values look like {self.looks_like}: declare it {self.field_class}, "
            f"or say `cleared: [{word_of(self.looks_like)}]`"
        )


def _is_card(text: str) -> bool:
    digits = re.sub("[ -]", "", text)
    return len(set(digits)) > 2 and luhn.is_valid(digits)


def _anything(_: str) -> bool:
    return True


def _is_pinfl(text: str) -> bool:
    """The last digit is that of ICAO 9303: weights 7, 3, 1, modulo 10."""
    *digits, last = map(int, text)
    return sum(digit * (7, 3, 1)[at % 3] for at, digit in enumerate(digits)) % 10 == last


_BEFORE, _BEHIND = r"(?<![\w.,+-])", r"(?![\w-]|[.,]\d)"


def _number(shape: str) -> re.Pattern[str]:
    """Digits that stand alone, so no part of a longer number, a decimal or an id with letters."""
    return re.compile(_BEFORE + shape + _BEHIND)


_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"

# What of a shape is no check digit stands in its pattern: ids that are counted up have a date in common, and
# only the check digit of one says nothing of that of the next.
KINDS = (
    Kind("card numbers", FieldClass.PCI, _number(r"[2-6]\d{3}(?:[ -]?\d){9,15}"), _is_card, 0.1),
    Kind(
        "bank accounts (IBAN)",
        FieldClass.PCI,
        _number(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"),
        iban.is_valid,
        0.01,
    ),
    Kind("Aadhaar numbers", FieldClass.PII, _number(r"[2-9]\d{3} ?\d{4} ?\d{4}"), aadhaar.is_valid, 0.1),
    Kind("Indian tax ids (PAN)", FieldClass.PII, _number(r"[A-Z]{5}\d{4}[A-Z]"), tax_id.is_valid, 0.4),
    Kind(
        "Uzbek personal numbers (PINFL)",
        FieldClass.PII,
        _number(rf"[1-6]{_DAY}{_MONTH}\d{{9}}"),
        _is_pinfl,
        0.1,
    ),
    Kind("Russian tax ids (INN)", FieldClass.PII, _number(r"\d{12}"), inn.is_valid, 0.01),
    Kind(
        "Czech birth numbers",
        FieldClass.PII,
        _number(rf"\d\d(?:[05][1-9]|[16][0-2]){_DAY}/?\d{{4}}"),
        rc.is_valid,
        0.1,
    ),
    Kind(
        "Polish birth numbers (PESEL)",
        FieldClass.PII,
        _number(rf"\d\d(?:[02468][1-9]|[13579][0-2]){_DAY}\d{{5}}"),
        pesel.is_valid,
        0.1,
    ),
    Kind(
        "e-mail addresses",
        FieldClass.PII,
        re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24}\b"),
        _anything,
        0.0,
    ),
    Kind(
        "phone numbers",
        FieldClass.PII,
        re.compile(r"(?<![\w+])\+[1-9]\d{0,2}(?:[ ()-]{0,2}\d){7,12}(?!\d)"),
        _anything,
        0.0,
    ),
    Kind(
        "keys or tokens",
        FieldClass.SECRET,
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|\bAKIA[0-9A-Z]{16}\b"
        ),
        _anything,
        0.0,
    ),
)


def word_of(name: str) -> str:
    """A kind as a contract writes it where it clears a property: `card_numbers`."""
    return re.sub(r"[^a-z]+", "_", name.lower()).strip("_")


WORDS = frozenset(word_of(it.name) for it in KINDS)


class _Watched:
    """One property, and the different values of each kind that were seen in it."""

    __slots__ = ("get", "kinds", "passed", "property", "seen")

    def __init__(self, item: Property, flat: bool) -> None:
        self.property = item
        self.get = getter(item.path, flat=flat)
        self.kinds = [it for it in KINDS if _is_stricter(it, item)]
        self.seen: list[set[int]] = [set() for _ in self.kinds]
        self.passed = [0] * len(self.kinds)

    def look(self, text: str) -> None:
        """Counts what the text holds of each kind."""
        for at, kind in enumerate(self.kinds):
            seen = self.seen[at]
            for found in kind.shape.finditer(text):
                value = found.group()
                digest = hash(value)
                if digest not in seen and len(seen) < DISTINCT_MAX:
                    seen.add(digest)
                    self.passed[at] += kind.passes(value)


class Suspecting:
    """Looks at the rows of one delivery of an object; fed by `add`, asked by `results`."""

    def __init__(self, item: ObjectContract) -> None:
        self._name = item.name
        self._rows = 0
        watched = (
            _Watched(it, item.flat) for it in item.properties if it.store is Store.KEEP and not it.allowed
        )
        self._watched = [it for it in watched if it.kinds]

    def add(self, row: dict[str, Any]) -> None:
        """Takes one row as it was offered."""
        self._rows += 1
        if self._rows > ROWS_ALL and self._rows % ROWS_STEP:
            return
        for it in self._watched:
            value = it.get(row)
            if isinstance(value, str):
                it.look(value[:TEXT_CHARACTERS_MAX])
            elif isinstance(value, int) and value > 99_999_999:
                it.look(str(value))

    def results(self) -> tuple[Suspicion, ...]:
        """Properties that look stricter than they are declared, each for its likeliest kind."""
        found = (self._likeliest(it) for it in self._watched)
        return tuple(it for it in found if it is not None)

    def _likeliest(self, watched: _Watched) -> Suspicion | None:
        """Of the kinds that are no chance the one with the most values beyond it."""
        best, most = None, 0.0
        for kind, seen, passed in zip(watched.kinds, watched.seen, watched.passed, strict=True):
            by_chance = len(seen) * kind.chance
            if is_no_chance(passed, len(seen), kind.chance) and passed - by_chance > most:
                most = passed - by_chance
                item = watched.property
                best = Suspicion(
                    self._name, item.path, item.field_class, kind.name, kind.field_class, passed, len(seen)
                )
        return best


def is_no_chance(passed: int, of: int, chance: float) -> bool:
    """Whether more of the values pass than chance lets pass; `chance` is that of one value."""
    if passed < min(_LEAST, of) or not passed:
        return False
    return passed > of * chance + _SIGMAS * math.sqrt(of * chance * (1 - chance))


def _is_stricter(kind: Kind, item: Property) -> bool:
    """Whether values of the kind ask for more than the property is declared to be."""
    if word_of(kind.name) in item.cleared:
        return False
    stricter = {
        FieldClass.PII: {FieldClass.OPEN, FieldClass.INTERNAL},
        FieldClass.PCI: {FieldClass.OPEN, FieldClass.INTERNAL, FieldClass.PII},
        FieldClass.SECRET: set(FieldClass) - {FieldClass.SECRET},
    }
    return item.field_class in stricter[kind.field_class]
