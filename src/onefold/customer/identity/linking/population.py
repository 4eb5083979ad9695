"""Every pair of a table, counted by its pattern of levels: candidates one by one, the rest by a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.candidates import Candidates
from onefold.customer.identity.linking.columns import Floats, Ints, Levels
from onefold.customer.identity.linking.comparing import compare, compared_names
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.levels import Scale, scale_of

SAMPLED_PAIRS = 300_000
_GOLDEN = (math.sqrt(5) - 1) / 2


class Population(NamedTuple):
    """Patterns of candidates and of other pairs.

    `near` and `far` hold one array a field: the level in each distinct pattern. `near_counts` counts
    candidates; `far_counts` are the sampled others, scaled up to as many as there are. `pairs` is their
    sum.
    """

    names: tuple[tuple[str, str], ...]
    near: list[Levels]
    near_counts: Floats
    far: list[Levels]
    far_counts: Floats
    pairs: float

    def scale(self, at: int) -> Scale:
        """The scale of a field."""
        return scale_of(*self.names[at])

    def size(self, at: int) -> int:
        """How many levels a field has, `missing` among them."""
        return len(self.scale(at).names) + 1


def population_of(
    fields: Sequence[Field], candidates: Candidates, levels: Sequence[Levels], sources: Ints | None
) -> Population:
    """Counts candidates, and a sample of the other pairs; with `sources`, of pairs across them."""
    rows = len(fields[0].column.codes)
    names = tuple(compared_names(fields))
    sizes = [len(scale_of(*it).names) + 1 for it in names]
    left, right = _sample(rows)
    if sources is not None:
        across = sources[left] != sources[right]
        left, right = left[across], right[across]
    known = np.isin(left * rows + right, candidates.left * rows + candidates.right)
    left, right = left[~known], right[~known]
    total = _pairs_in_all(rows, sources)
    others = max(0.0, total - len(candidates.left))
    near, near_counts = _patterns(levels, sizes)
    far, far_counts = _patterns(compare(fields, left, right), sizes)
    scaled = far_counts * (others / len(left)) if len(left) else far_counts
    return Population(names, near, near_counts, far, scaled, total)


def _pairs_in_all(rows: int, sources: Ints | None) -> float:
    total = rows * (rows - 1) / 2
    if sources is None:
        return total
    sizes = np.bincount(sources).astype(np.float64)
    return float(total - (sizes * (sizes - 1) / 2).sum())


def _sample(rows: int) -> tuple[Ints, Ints]:
    """Pairs of rows, all of them where they are few; the same ones for the same number of rows."""
    if rows * (rows - 1) // 2 <= SAMPLED_PAIRS:
        one, other = np.triu_indices(rows, 1)
        return one.astype(np.int64), other.astype(np.int64)
    each = np.arange(SAMPLED_PAIRS, dtype=np.int64)
    left = (each * 7919) % rows
    shift = 1 + (np.modf(each * _GOLDEN)[0] * (rows - 1)).astype(np.int64)
    right = (left + shift) % rows
    keys = np.unique(np.minimum(left, right) * rows + np.maximum(left, right))
    return keys // rows, keys % rows


def _patterns(levels: Sequence[Levels], sizes: Sequence[int]) -> tuple[list[Levels], Floats]:
    key = np.zeros(len(levels[0]), dtype=np.int64)
    for level, size in zip(levels, sizes, strict=True):
        key = key * size + level
    distinct, counts = np.unique(key, return_counts=True)
    found: list[Levels] = []
    for size in reversed(sizes):
        found.append((distinct % size).astype(np.uint8))
        distinct = distinct // size
    return found[::-1], counts.astype(np.float64)
