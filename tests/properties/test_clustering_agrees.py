"""Clusters decided at once are those that merging pair by pair comes to."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.customer.identity.linking import clustering
from onefold.customer.identity.linking.model import UNIT


def graph(seed, plenty):
    """Groups, some whole and strong and some not, rows in any order, weak pairs between."""
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(12), rng.integers(1, 6, 12))
    rng.shuffle(groups)
    left, right = np.triu_indices(len(groups), 1)
    near = groups[left] == groups[right]
    kept = rng.random(len(left)) < np.where(near, plenty, 0.05)
    bits = np.where(near, rng.integers(-1, 12, len(left)), rng.integers(-12, 2, len(left)))
    weights = bits * UNIT + rng.integers(-1, 2, len(left))
    chosen = rng.permutation(np.flatnonzero(kept))
    return len(groups), left[chosen], right[chosen], weights[chosen]


def one_by_one(rows, left, right, weights, threshold):
    """Every component merged pair by pair, none decided at once."""
    parts, _ = clustering._bounded(rows, left, right, weights, threshold)
    labels = np.arange(rows)
    for part in np.unique(parts):
        inside = (parts[left] == part) & (parts[right] == part)
        columns = (left[inside].tolist(), right[inside].tolist(), weights[inside].tolist())
        for member, label in clustering._merged(*columns, threshold).items():
            labels[member] = label
    return labels.tolist()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.5, 0.9, 1.0]), st.sampled_from([-UNIT, 0, UNIT]))
def test_components_decided_at_once_end_as_if_merged_pair_by_pair(seed, plenty, threshold):
    rows, left, right, weights = graph(seed, plenty)
    found = clustering.cluster(rows, left, right, weights, threshold)
    assert found.labels.tolist() == one_by_one(rows, left, right, weights, threshold)
