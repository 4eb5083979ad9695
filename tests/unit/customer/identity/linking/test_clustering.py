"""Clusters: no chain of weak links, no giant, no dependence on order."""

from __future__ import annotations

import numpy as np

from onefold.customer.identity.linking.clustering import COMPONENT_LIMIT, cluster, components
from onefold.customer.identity.linking.model import UNIT


def clustered(rows, edges, threshold=0):
    """Labels of rows from (left, right, bits)."""
    left, right, bits = (np.array(it) for it in zip(*edges, strict=True))
    return cluster(rows, left, right, (bits * UNIT).astype(np.int64), threshold).labels.tolist()


def test_a_pair_above_the_threshold_is_one_cluster_and_below_is_two():
    assert clustered(2, [(0, 1, 3)]) == [0, 0]
    assert clustered(2, [(0, 1, -1)]) == [0, 1]
    assert clustered(2, [(0, 1, 3)], threshold=4 * UNIT) == [0, 1]


def test_one_lucky_pair_does_not_join_two_crowds():
    crowds = [(0, 1, 9), (0, 2, 9), (1, 2, 9), (3, 4, 9), (3, 5, 9), (4, 5, 9)]
    assert clustered(6, [*crowds, (2, 3, 5)]) == [0, 0, 0, 3, 3, 3]


def test_evidence_against_outvotes_a_link():
    assert clustered(3, [(0, 1, 8), (1, 2, 6), (0, 2, -20)]) == [0, 0, 2]


def test_a_component_above_the_limit_is_taken_apart():
    rows = COMPONENT_LIMIT + 2
    chain = [(at, at + 1, 1 + at % 2) for at in range(rows - 1)]
    left, right, bits = (np.array(it) for it in zip(*chain, strict=True))
    found = cluster(rows, left, right, bits * UNIT, 0)
    assert found.raised == 1
    assert np.bincount(found.labels).max() <= 2


def test_components_are_named_by_their_least_row():
    assert components(5, np.array([3, 1]), np.array([4, 3])).tolist() == [0, 1, 2, 1, 1]
