"""The levels of many pairs at once: each pair of distinct values is compared once.

Names are compared as they stand, and in the other orders where words of one part sound like words of
another: `Ivanov Anton` beside `Anton Ivanov`, `Wright Nancy Barbara` beside `Nancy Barbara Wright`. The best
order counts, and that it was another one is a level of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefold.customer.identity.linking.columns import Column, Flags, Ints, Levels, distinct
from onefold.customer.identity.linking.fields import ORDER, Field
from onefold.customer.identity.linking.levels import (
    COMPARED_AT_ONCE,
    CROSSED,
    EXACT,
    MISSING,
    SHARED,
    Compare,
    levels_of,
    scale_of,
)
from onefold.customer.identity.linking.persons import GUESSED
from onefold.customer.identity.normal.sounds import consonants_of
from onefold.kernel.memory import remembered

GIVEN, MIDDLE, FAMILY = "given_name", "middle_name", "family_name"
STRAIGHT, EXCHANGED, TURNED = 1, 2, 3
_SOUND_LETTERS = 4
_TABLE_OFTEN = 16
_TABLE_MOST = 1 << 27
"""Bytes of a table of all pairs of values."""
MARGIN = 3


def compared_names(fields: Sequence[Field]) -> list[tuple[str, str]]:
    """Name and kind of everything that pairs are compared by; the order of names is a thing of its own."""
    return [(it.name, it.kind) for it in fields]


def compare(fields: Sequence[Field], left: Ints, right: Ints) -> list[Levels]:
    """The level of each field (in the order of `compared_names`) for each pair of rows."""
    places = {it.name: at for at, it in enumerate(fields)}
    nothing = np.zeros(len(left), dtype=np.uint8)
    found = [nothing if it.kind == ORDER else _levels(it, it.column, it.column, left, right) for it in fields]
    if GIVEN in places and FAMILY in places and ORDER in places:
        at = [places[it] for it in (GIVEN, FAMILY, MIDDLE) if it in places]
        names, order = _ordered([fields[it] for it in at], [found[it] for it in at], left, right)
        known = fields[places[ORDER]].column
        guessed = np.array([it == GUESSED for it in known.values])[known.codes]
        _most_likely_of_a_family(names, guessed[left] | guessed[right])
        for place, levels in zip(at, names, strict=True):
            found[place] = levels
        found[places[ORDER]] = order
    return found


def _levels(field: Field, one: Column, other: Column, left: Ints, right: Ints) -> Levels:
    """Levels of `one` at the left rows against `other` at the right rows; both share their values."""
    scale = scale_of(field.name, field.kind)
    a, b = one.codes[left], other.codes[right]
    said = (a > 0) & (b > 0)
    same = a == b
    levels = np.where(said & same, np.uint8(EXACT), np.uint8(MISSING))
    differ = np.flatnonzero(said & ~same)
    if len(differ):
        a, b = a[differ].astype(np.int64), b[differ].astype(np.int64)
        levels[differ] = _distinct(one.values, scale.compare, np.minimum(a, b), np.maximum(a, b))
    return levels


def _distinct(values: Sequence[str], how: Compare, low: Ints, high: Ints) -> Levels:
    """Each pair of values is compared once: it is found in a table where few values make many pairs."""
    most = len(values) ** 2
    numbers = low * len(values) + high
    if most <= min(_TABLE_MOST, _TABLE_OFTEN * len(low)):
        table = np.zeros(most, dtype=np.uint8)
        table[numbers] = 1
        keys = np.flatnonzero(table)
        table[keys] = _compared(values, how, keys // len(values), keys % len(values))
        return np.asarray(table[numbers])
    first, inverse = distinct(numbers)
    keys = numbers[first]
    return np.asarray(_compared(values, how, keys // len(values), keys % len(values))[inverse])


def _compared(values: Sequence[str], how: Compare, low: Ints, high: Ints) -> Levels:
    """The level of each pair, some at a time."""
    found = np.empty(len(low), dtype=np.uint8)
    for start in range(0, len(low), COMPARED_AT_ONCE):
        part = slice(start, start + COMPARED_AT_ONCE)
        found[part] = levels_of(how, values, low[part], high[part])
    return found


def _ordered(
    names: Sequence[Field], straight: Sequence[Levels], left: Ints, right: Ints
) -> tuple[list[Levels], Levels]:
    """The levels of given, family and, if there is one, middle name in the best order; and which it was.

    Orders are looked at where a name does not agree and a word sounds like one of another name.
    """
    worst = len(scale_of(names[0].name, names[0].kind).names)
    found = [it.copy() for it in straight]
    agrees = np.any([(it != MISSING) & (it < CROSSED) for it in found], axis=0)
    order = np.where(agrees, STRAIGHT, MISSING).astype(np.uint8)
    unlike = [(it > SHARED + 1) | (it == MISSING) for it in found]
    open_ = np.flatnonzero(_crosswise(names, left, right) & (unlike[0] | unlike[1]))
    if len(open_) == 0:
        return found, order
    one, two = left[open_], right[open_]
    count = len(names)
    table = [
        [
            straight[mine][open_] if mine == theirs else _levels(a, a.column, b.column, one, two)
            for theirs, b in enumerate(names)
        ]
        for mine, a in enumerate(names)
    ]
    best = np.sum([_strength(table[at][at], worst) for at in range(count)], axis=0) + MARGIN
    for kind, turned in ORDERS[count]:
        strength = np.sum([_strength(table[at][turned[at]], worst) for at in range(count)], axis=0)
        better = np.flatnonzero(strength > best)
        best[better] = strength[better]
        order[open_[better]] = kind
        for at in range(count):
            found[at][open_[better]] = table[at][turned[at]][better]
    return found, order


def _most_likely_of_a_family(names: Sequence[Levels], guessed: Flags) -> None:
    """Where one name agrees and one does not, and which is which is a guess: the families agree.

    Relatives are many, and namesakes of two families are few.
    """
    given, family = names[:2]
    worst = len(scale_of(GIVEN, "name").names)
    at = np.flatnonzero(guessed & (given != MISSING) & (given < CROSSED) & (family == worst))
    family[at] = np.maximum(given[at], SHARED)
    given[at] = worst


ORDERS = {
    2: ((EXCHANGED, (1, 0)),),
    3: (
        (EXCHANGED, (1, 0, 2)), (TURNED, (1, 2, 0)), (TURNED, (2, 0, 1)),
        (TURNED, (2, 1, 0)), (TURNED, (0, 2, 1)),
    ),
}  # fmt: skip
"""By the number of names: the kind of each other order, and which name on the right answers to each one."""


def _crosswise(names: Sequence[Field], left: Ints, right: Ints) -> Flags:
    """Whether a part of one name sounds like another part of the other."""
    values = names[0].column.values
    place: dict[str, int] = {"": 0}
    heard = np.fromiter((place.setdefault(sound_of_name(it), len(place)) for it in values), dtype=np.int64)
    mine = [heard[it.column.codes[left]] for it in names]
    theirs = [heard[it.column.codes[right]] for it in names]
    found = np.zeros(len(left), dtype=np.bool_)
    for one, a in enumerate(mine):
        for other, b in enumerate(theirs):
            if one != other:
                found |= (a == b) & (a > 0)
    return found


@remembered(65_536)
def sound_of_name(name: str) -> str:
    """How the first word of a name begins to sound; nothing of an initial."""
    first = name.split()[0] if name else ""
    return consonants_of(first)[:_SOUND_LETTERS] if len(first) > 1 else ""


def _strength(levels: Levels, worst: int) -> Ints:
    return np.where(levels == MISSING, 0, worst - levels.astype(np.int64))
