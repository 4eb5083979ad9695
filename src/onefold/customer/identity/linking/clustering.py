"""From weights of pairs to clusters: a deterministic function that no chain of weak links can lead astray.

Theory
------
Single linkage joins two crowds by one lucky pair. Here the two clusters with the greatest *mean* weight
over all pairs across are merged, until no mean is above the threshold (average linkage on log odds): what
most pairs say outvotes one. A pair across that shares no key counts as evidence against, `UNSEEN` units.
Sums are whole numbers and ties go to the smaller rows, so the order of records cannot matter as long as
rows are numbered by content.

Clusters cannot reach beyond the components of pairs above the threshold, so each is decided alone. In a
component of more than `COMPONENT_LIMIT` rows the threshold is raised a bit at a time until its parts are
small enough.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numpy as np

from onefold.customer.identity.linking.columns import Flags, Ints, ordered
from onefold.customer.identity.linking.model import UNIT

COMPONENT_LIMIT = 500
UNSEEN = -4 * UNIT


class Clusters(NamedTuple):
    """The least row of each row's cluster, and how many components had to be taken apart."""

    labels: Ints
    raised: int


def components(rows: int, left: Ints, right: Ints) -> Ints:
    """The least row that each row is connected to."""
    labels = np.arange(rows, dtype=np.int64)
    while True:
        before = labels.copy()
        least = np.minimum(labels[left], labels[right])
        np.minimum.at(labels, left, least)
        np.minimum.at(labels, right, least)
        labels = labels[labels]
        if np.array_equal(before, labels):
            return labels


def cluster(rows: int, left: Ints, right: Ints, weights: Ints, threshold: int) -> Clusters:
    """Clusters of rows 0 … rows-1 from weighted pairs (left < right)."""
    parts, raised = _bounded(rows, left, right, weights, threshold)
    within = np.flatnonzero(parts[left] == parts[right])
    by_part, owners = ordered(parts[left[within]])
    order = within[by_part]
    labels = np.arange(rows, dtype=np.int64)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    ends = np.append(starts[1:], len(order))
    whole = _agreed(
        np.bincount(parts, minlength=rows)[owners[starts]], starts, ends, weights[order], threshold
    )
    agreed = np.repeat(whole, ends - starts)
    labels[left[order[agreed]]] = labels[right[order[agreed]]] = owners[agreed]
    for start, end in zip(starts[~whole].tolist(), ends[~whole].tolist(), strict=True):
        part = order[start:end]
        ones, others, values = left[part].tolist(), right[part].tolist(), weights[part].tolist()
        for member, label in _merged(ones, others, values, threshold).items():
            labels[member] = label
    return Clusters(labels, raised)


def _agreed(sizes: Ints, starts: Ints, ends: Ints, weights: Ints, threshold: int) -> Flags:
    """In which components every pair is known and above the threshold: whatever is merged first, all is."""
    if len(starts) == 0:
        return np.zeros(0, dtype=np.bool_)
    least = np.minimum.reduceat(weights, starts)
    return np.asarray((ends - starts == sizes * (sizes - 1) // 2) & (least > threshold))


def _bounded(rows: int, left: Ints, right: Ints, weights: Ints, threshold: int) -> tuple[Ints, int]:
    """Components above the threshold; where one is too large, above a higher one."""
    strong: Flags = weights > threshold
    left, right, weights = left[strong], right[strong], weights[strong]
    labels = components(rows, left, right)
    large = np.bincount(labels, minlength=rows) > COMPONENT_LIMIT
    raised = int(large.sum())
    level = threshold
    while large.any() and len(left):
        level += UNIT
        kept = ~large[labels[left]] | (weights > level)
        left, right, weights = left[kept], right[kept], weights[kept]
        labels = components(rows, left, right)
        large = np.bincount(labels, minlength=rows) > COMPONENT_LIMIT
    return labels, raised


def _merged(ones: list[int], others: list[int], values: list[int], threshold: int) -> dict[int, int]:
    """The label of each row of one component."""
    near: dict[int, dict[int, tuple[int, int]]] = {}
    for one, other, value in zip(ones, others, values, strict=True):
        near.setdefault(one, {})[other] = (value, 1)
        near.setdefault(other, {})[one] = (value, 1)
    size = dict.fromkeys(near, 1)
    into: dict[int, int] = {}
    heap = [
        (-value, one, other)
        for one, other, value in zip(ones, others, values, strict=True)
        if value > threshold
    ]
    heapq.heapify(heap)
    while heap:
        mean, one, other = heapq.heappop(heap)
        if one not in size or other not in size:
            continue
        total, seen = near[one][other]
        if -mean != _mean(total, seen, size[one] * size[other]):
            continue
        _absorb(near, one, other)
        size[one] += size.pop(other)
        into[other] = one
        for it, (total, seen) in near[one].items():
            value = _mean(total, seen, size[one] * size[it])
            if value > threshold:
                heapq.heappush(heap, (-value, min(one, it), max(one, it)))
    return {row: _final(into, row) for row in (*size, *into)}


def _mean(total: int, seen: int, pairs: int) -> int:
    return (total + (pairs - seen) * UNSEEN) // pairs


def _absorb(near: dict[int, dict[int, tuple[int, int]]], one: int, other: int) -> None:
    """Moves what is known of `other` to `one`."""
    del near[one][other]
    for it, (total, seen) in near.pop(other).items():
        if it == one:
            continue
        known, counted = near[one].get(it, (0, 0))
        near[one][it] = near[it][one] = (known + total, counted + seen)
        del near[it][other]


def _final(into: dict[int, int], row: int) -> int:
    while row in into:
        row = into[row]
    return row
