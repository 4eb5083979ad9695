"""The weight of pairs under a model of Splink, in bits and in Splink's own order of terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from onefold.customer.identity.linking.columns import Floats, Ints
from onefold.customer.identity.splink.model import Comparison, Level, SplinkModel, condition_of, where
from onefold.customer.identity.splink.sql import SqlError
from onefold.customer.identity.splink.tables import TYPES_HINT, Records, evaluated
from onefold.kernel.errors import CallerError


def match_weights(
    model: SplinkModel,
    records: Records,
    left: Ints,
    right: Ints,
    frequencies: Mapping[str, Floats],
    *,
    strict: bool = True,
) -> Floats:
    """log2 odds of each pair of rows; `frequencies` has the share of each value of a column with terms.

    A condition that cannot be asked of two values is a `CallerError`; where not `strict`, it does not hold.
    """
    weights = np.full(len(left), model.prior)
    for comparison in model.comparisons:
        levels = levels_of(comparison, records, left, right, strict=strict)
        weights += np.array([it.bits for it in comparison.levels])[levels]
        for at, level in enumerate(comparison.levels):
            within = np.flatnonzero(levels == at)
            if level.term is not None and len(within):
                weights[within] += _rarity(level, records, left[within], right[within], frequencies)
    return weights


def levels_of(
    comparison: Comparison, records: Records, left: Ints, right: Ints, *, strict: bool = True
) -> Ints:
    """The place of the first level that holds, for each pair."""
    tests = [(at, it, condition_of(it)) for at, it in enumerate(comparison.levels)]

    def first(scope: Mapping[tuple[str, str], Any]) -> int:
        for at, level, holds in tests:
            try:
                if holds(scope) is True:
                    return at
            except (SqlError, TypeError) as error:
                if not strict:
                    continue
                reason = (
                    str(error) if isinstance(error, SqlError) else "takes values of a type it cannot take"
                )
                raise CallerError(
                    f"{where(comparison.name, level.label)} {reason}.", hint=TYPES_HINT
                ) from error
        raise AssertionError("the last level is the rest")

    return evaluated(records, (comparison.left, comparison.right), (left, right), first)


def _rarity(
    level: Level, records: Records, left: Ints, right: Ints, frequencies: Mapping[str, Floats]
) -> Floats:
    """What the term frequency adds; nothing where neither record has a value."""
    assert level.term is not None
    column, weight, log2_u, least = level.term
    codes, shares = records[column].codes, frequencies[column]
    share = np.maximum(shares[codes[left]], shares[codes[right]])
    known = share > 0
    counted = np.maximum(np.where(known, share, 1.0), least)
    return np.where(known, weight * (log2_u - np.log2(counted)), 0.0)


def match_probability(weights: Floats) -> Floats:
    """What a weight stands for."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(weights, -1_000, 1_000))))
