"""The levels of many pairs at once: each pair of distinct values is compared once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onefold.customer.identity.linking.columns import Column, Ints, Levels, distinct
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.levels import EXACT, MISSING, Compare, Pairs, scale_of

GIVEN, FAMILY, ORDER = "given_name", "family_name", "name_order"
STRAIGHT, EXCHANGED = 1, 2
COMPARED_AT_ONCE = 4_000_000


def compared_names(fields: Sequence[Field]) -> list[tuple[str, str]]:
    """Name and kind of everything that pairs are compared by; the order of names is a thing of its own."""
    found = [(it.name, it.kind) for it in fields]
    if {GIVEN, FAMILY} <= {name for name, _ in found}:
        found.append((ORDER, "name_order"))
    return found


def compare(fields: Sequence[Field], left: Ints, right: Ints) -> list[Levels]:
    """The level of each field (in the order of `compared_names`) for each pair of rows."""
    by_name = {it.name: at for at, it in enumerate(fields)}
    found = [_levels(it, it.column, it.column, left, right) for it in fields]
    if GIVEN in by_name and FAMILY in by_name:
        at = by_name[GIVEN], by_name[FAMILY]
        given, family = fields[at[0]], fields[at[1]]
        found[at[0]], found[at[1]], order = _exchanged(given, family, found[at[0]], found[at[1]], left, right)
        found.append(order)
    return found


def _levels(field: Field, one: Column, other: Column, left: Ints, right: Ints) -> Levels:
    """Levels of `one` at the left rows against `other` at the right rows; both share their values."""
    scale = scale_of(field.name, field.kind)
    a, b = one.codes[left].astype(np.int64), other.codes[right].astype(np.int64)
    low, high = np.minimum(a, b), np.maximum(a, b)
    levels = np.zeros(len(left), dtype=np.uint8)
    levels[(low == high) & (low > 0)] = EXACT
    differ = np.flatnonzero((low != high) & (low > 0))
    if len(differ):
        levels[differ] = _distinct(one.values, scale.compare, low[differ], high[differ])
    return levels


def _distinct(values: Sequence[str], how: Compare, low: Ints, high: Ints) -> Levels:
    numbers = low * len(values) + high
    first, inverse = distinct(numbers)
    keys = numbers[first]
    parts = [keys[at : at + COMPARED_AT_ONCE] for at in range(0, len(keys), COMPARED_AT_ONCE)]
    levels = [how(Pairs(values, it // len(values), it % len(values))) for it in parts]
    return np.asarray(np.concatenate(levels)[inverse])


def _exchanged(
    given: Field, family: Field, givens: Levels, families: Levels, left: Ints, right: Ints
) -> tuple[Levels, Levels, Levels]:
    """Given and family names compared crosswise where that agrees better."""
    worst = len(scale_of(given.name, given.kind).names)
    givens, families = givens.copy(), families.copy()
    agrees = ((givens != MISSING) & (givens < worst)) | ((families != MISSING) & (families < worst))
    order = np.where(agrees, STRAIGHT, MISSING).astype(np.uint8)
    unlike = ((it > EXACT + 1) | (it == MISSING) for it in (givens, families))
    open_ = np.flatnonzero(np.logical_and(*unlike))
    if len(open_) == 0:
        return givens, families, order
    one = _levels(given, given.column, family.column, left[open_], right[open_])
    two = _levels(family, family.column, given.column, left[open_], right[open_])
    straight = _strength(givens[open_], worst) + _strength(families[open_], worst)
    better = _strength(one, worst) + _strength(two, worst) > straight + 1
    at = open_[better]
    givens[at], families[at], order[at] = one[better], two[better], EXCHANGED
    return givens, families, order


def _strength(levels: Levels, worst: int) -> Ints:
    return np.where(levels == MISSING, 0, worst - levels.astype(np.int64))
