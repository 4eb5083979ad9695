"""Every pair of a table, counted by its pattern of levels: candidates one by one, the rest by a sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onefold.customer.identity.linking.candidates import Candidates
from onefold.customer.identity.linking.columns import Flags, Floats, Ints, Levels, distinct, numbered
from onefold.customer.identity.linking.comparing import compare, compared_names
from onefold.customer.identity.linking.fields import Field
from onefold.customer.identity.linking.levels import Scale, scale_of

SAMPLED_PAIRS = 300_000
_STRIDE = 7919


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
    left, right = sample(rows)
    if sources is not None:
        across = sources[left] != sources[right]
        left, right = left[across], right[across]
    known = _among(left * rows + right, candidates.left * rows + candidates.right)
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


def sample(rows: int) -> tuple[Ints, Ints]:
    """Pairs of rows, all of them where they are few; the same ones for the same number of rows.

    One side goes round all rows by a stride that shares no factor with their number, so each has its turn;
    the distance to the other is mixed from the number of the pair, so no two numbers can fall into step.
    """
    if rows * (rows - 1) // 2 <= SAMPLED_PAIRS:
        one, other = np.triu_indices(rows, 1)
        return one.astype(np.int64), other.astype(np.int64)
    each = np.arange(SAMPLED_PAIRS, dtype=np.int64)
    stride = next(it for it in count(_STRIDE) if math.gcd(it, rows) == 1)
    left = (each * stride) % rows
    right = (left + 1 + (_mixed(each) % np.uint64(rows - 1)).astype(np.int64)) % rows
    keys = np.unique(np.minimum(left, right) * rows + np.maximum(left, right))
    return keys // rows, keys % rows


def _mixed(numbers: Ints) -> npt.NDArray[np.uint64]:
    """Each number with its bits mixed (the finalizer of splitmix64, Steele and others 2014)."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _patterns(levels: Sequence[Levels], sizes: Sequence[int]) -> tuple[list[Levels], Floats]:
    """The distinct patterns in order, and how often each stands."""
    numbers = numbered(levels, sizes)
    first, inverse = distinct(numbers)
    return [it[first] for it in levels], np.bincount(inverse, minlength=len(first)).astype(np.float64)


def _among(asked: Ints, known: Ints) -> Flags:
    """Which of the numbers asked are among those known, which rise."""
    if len(known) == 0:
        return np.zeros(len(asked), dtype=np.bool_)
    return np.asarray(known[np.minimum(np.searchsorted(known, asked), len(known) - 1)] == asked)
