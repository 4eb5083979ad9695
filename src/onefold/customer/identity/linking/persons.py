"""Names of persons as a given, a middle and a family name, from whichever columns there are.

Theory
------
Words are what `normal` makes of them: script-independent skeletons, without titles, suffixes and particles.
A patronymic is the father's name alone (`Jasurovich` and `Jasur o'g'li` are both `jasur`) and a middle name.
What order a whole name has is asked of the name alone: of a comma, of a patronymic (`Ivanov Anton
Timurovich`, `Anton Timurovich Ivanov`), of given names that a table knows and of endings of family names;
else the given name comes first. Where that is the wrong guess, comparing finds the better order
(`comparing.py`); that it was no more than a guess is told with the name.

A record can have several names: a maiden name beside a married one, a native name beside a Latin one. They
stand in one value as alternatives, `APART` between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from onefold.customer.identity.linking.columns import Column, alternatives, mapped, parted
from onefold.customer.identity.normal.nicknames import full_names
from onefold.customer.identity.normal.person_names import NameWord, Part, name_words

STATED, LIKELY, GUESSED = "stated", "likely", "guessed"
"""How it is known which word of a name is which; an ending of a family name makes it likely."""

PERSON_KINDS = ("given_name", "middle_name", "family_name", "full_name")
_FAMILY_ENDING = re.compile(r"(?:ova?|eva?|ski|skaia|enko|shvili|ian)$")
_WORD_OF_FATHER = "~"


class _Name(NamedTuple):
    given: list[str]
    middle: list[str]
    family: list[str]
    order: str


def persons(columns: Sequence[tuple[str, Column]]) -> tuple[list[tuple[str, Column]], Column]:
    """The columns of given, middle and family names, from columns with their kinds, as far as any says one.

    And how it is known which is which: `STATED`, `LIKELY`, `GUESSED`, or nothing where there is no name.
    """
    order = [kind for kind, _ in columns]
    cleaned = [mapped(column, CLEANED[kind]) for kind, column in columns]
    *found, known = parted(cleaned, lambda said: assembled(order, said), 4)
    kept = zip(("given_name", "middle_name", "family_name"), found, strict=True)
    return [(name, column) for name, column in kept if column.codes.any()], known


def _written(words: Sequence[NameWord]) -> str:
    """Words as text; one of a father is marked."""
    return " ".join(_WORD_OF_FATHER + it.stem if it.part is Part.PATRONYMIC else it.skeleton for it in words)


def _part(text: str) -> str:
    """A name that has a column of its own."""
    return _written(name_words(text, whole=False))


def _middle(text: str) -> str:
    """A middle name: what ends like a patronymic is one."""
    return " ".join(it.stem for it in name_words(text, whole=False))


def _family(text: str) -> str:
    """A family name: what ends like a patronymic is none."""
    return " ".join(it.skeleton for it in name_words(text, whole=False))


def _full(text: str) -> str:
    """A whole name with its parts in order: given, middle and family and how that is known, a line each."""
    before, comma, after = text.partition(",")
    if comma and len(before.split()) <= 2 and (given := name_words(after, whole=False)):
        found = _ordered([*given, *name_words(before, whole=False)])._replace(order=STATED)
    else:
        found = _ordered(name_words(text, whole=True))
    return "\n".join((*(" ".join(it) for it in found[:3]), found.order)) if any(found[:3]) else ""


CLEANED = {"given_name": _part, "middle_name": _middle, "family_name": _family, "full_name": _full}
"""What each kind of name is made of before names are put together (`assembled`)."""


def _ordered(words: Sequence[NameWord]) -> _Name:
    """Which word of a whole name is which."""
    fathers = [at for at, it in enumerate(words) if it.part is Part.PATRONYMIC]
    middle = [words[at].stem for at in fathers]
    rest = [it.skeleton for it in words if it.part is not Part.PATRONYMIC]
    if len(rest) < 2:
        return _Name(rest, middle, [], STATED) if fathers else _Name([], middle, rest, GUESSED)
    front, order = _family_first(rest)
    if fathers:
        front, order = fathers[-1] == len(words) - 1, STATED
    if front:
        family, given, *more = rest
    else:
        given, *more, family = rest
    return _Name([given], [*middle, *more], [family], order)


def _family_first(words: Sequence[str]) -> tuple[bool, str]:
    """Whether the words themselves say that the family name stands in front, and how that is known."""
    first, second, last = words[0], words[1], words[-1]
    ends = bool(_FAMILY_ENDING.search(first)), bool(_FAMILY_ENDING.search(last))
    if ends[0] != ends[1]:
        return ends[0], LIKELY
    return not full_names(first) and bool(full_names(second)), GUESSED


def assembled(order: Sequence[str], said: Sequence[str]) -> tuple[str, str, str, str]:
    """Given, middle and family name, each perhaps with alternatives, and how it is known which is which.

    `said` are names as `CLEANED` makes them, of the kinds that `order` gives.
    """
    parts: dict[str, list[list[str]]] = {"given_name": [], "middle_name": [], "family_name": []}
    whole: list[_Name] = []
    for kind, text in zip(order, said, strict=True):
        if kind == "full_name" and text:
            front, inner, back, sure = text.split("\n")
            whole.append(_Name(front.split(), inner.split(), back.split(), sure))
        elif text:
            words = text.split()
            fathers = [it[1:] for it in words if it.startswith(_WORD_OF_FATHER)]
            if kind == "given_name" and fathers and len(words) > len(fathers):
                parts["middle_name"].append(fathers)
                words = [it for it in words if not it.startswith(_WORD_OF_FATHER)]
            parts[kind].append([it.removeprefix(_WORD_OF_FATHER) for it in words])
    given, middle, family = parts.values()
    stated = {it for name in (*given, *family) for it in name}
    orders = {STATED} if stated else {it.order for it in whole}
    known = next((it for it in (STATED, LIKELY, GUESSED) if it in orders), "")
    for name in whole:
        words = [*name.given, *name.middle, *name.family]
        told = stated | {it for other in middle for it in other}
        if stated and not stated.isdisjoint(words):
            if more := sorted({*words} - told):
                middle = [sorted({*more, *(it for other in middle for it in other)})]
        else:
            given, middle, family = [*given, name.given], [*middle, name.middle], [*family, name.family]
    return _alternatives(given), _alternatives(middle), _alternatives(family), known


def _alternatives(names: Sequence[Sequence[str]]) -> str:
    return alternatives(" ".join(it) for it in names)
