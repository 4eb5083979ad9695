"""The weight of pairs under a model, in whole units, and what probability a weight stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from onefold.customer.identity.linking.columns import Floats, Ints, Levels
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.levels import EXACT
from onefold.customer.identity.linking.model import SHARE, UNIT, Model, rarities
from onefold.customer.identity.linking.training import HOMES


def weigh(
    model: Model,
    fields: Sequence[Field],
    levels: Sequence[Levels],
    left: Ints,
    rare: Mapping[str, Ints] | None = None,
) -> Ints:
    """log2 odds of each pair in units: the prior, each field's level, and how rare a value is both have.

    Against them stands what is likelier of two: strangers, or relatives who share a home or a name. `rare`
    gives, by name of field, the `rarities` of its values to whoever has them already.
    """
    weights = np.full(len(left), model.prior, dtype=np.int64)
    relatives = np.full(len(left), model.relatives_prior, dtype=np.int64)
    columns = {it.name: it.column for it in fields}
    for at, field in enumerate(model.fields):
        table = np.array(field.weights, dtype=np.int64)
        above = levels[field.parent] if field.parent >= 0 else np.zeros(len(left), dtype=np.uint8)
        weights += table[above, levels[at]]
        shared = np.array(field.relatives, dtype=np.int64)
        relatives += shared[above, levels[at]]
        equal = np.flatnonzero(levels[at] == EXACT)
        if any(field.shares) and len(equal):
            column = columns[field.name]
            shares = np.array(field.shares, dtype=np.int64)[above[equal]]
            bits = rarities(field, column) if rare is None else rare[field.name]
            surplus = bits[column.codes[left[equal]]] + field.surprise
            counted = (surplus * shares) // SHARE
            weights[equal] += counted
            if shared.any():
                relatives[equal] += counted
    return weights - np.maximum(relatives, 0) if any_home(model) else weights


def any_home(model: Model) -> bool:
    """Whether relatives can be told from people of one town."""
    return not HOMES.isdisjoint(it.kind for it in model.fields)


def probability(weights: Ints) -> Floats:
    """What the model itself makes of weights."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(weights / UNIT, -100, 100))))


def calibrated(model: Model, weights: Ints) -> Floats:
    """The probability that weights stand for, by the model's calibration."""
    return between(model.calibration, weights)


def between(knots: Sequence[tuple[int, float]], weights: Ints) -> Floats:
    """The probability of weights by knots: straight in odds between them, and the model's own outside."""
    if not knots:
        return probability(weights)
    at = np.array([it for it, _ in knots], dtype=np.float64)
    odds = np.array([_bits(it) for _, it in knots])
    inside = np.interp(weights / 1.0, at, odds)
    outside = (weights < at[0]) | (weights > at[-1])
    return np.where(outside, probability(weights), np.asarray(1 / (1 + np.exp2(-inside))))


def _bits(share: float) -> float:
    kept = min(max(share, 1e-9), 1 - 1e-9)
    return float(np.log2(kept / (1 - kept)))
