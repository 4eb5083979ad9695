"""Estimates without labels, held to the truth of made people, on several seeds."""

from __future__ import annotations

import numpy as np
import pytest

from onefold.customer.identity.diagnostics.estimates import chao, quality_of
from onefold.customer.identity.linking.linker import link
from onefold.customer.identity.linking.measures import measure
from tests.linking import people, truth_of

SEEDS = range(1, 9)


def diagnosed(seed: int):
    """The estimate and the measures of made people."""
    fields = people(200, seed)
    linked = link(fields, None, 0.5)
    found = linked.candidates
    truth = np.array(truth_of(200, seed)) + 1
    measured = measure(linked.labels, truth, found.left, found.right, linked.pair_probabilities)
    return quality_of(fields, linked), measured


@pytest.fixture(scope="module")
def worlds():
    """Several seeds, linked once."""
    return [diagnosed(seed) for seed in SEEDS]


def test_intervals_cover_the_truth_on_nearly_all_seeds(worlds):
    covered = [
        (
            it.precision.low <= measured.precision <= it.precision.high,
            it.recall.low <= measured.recall <= it.recall.high,
        )
        for it, measured in worlds
    ]
    assert sum(one for one, _ in covered) >= len(SEEDS) - 1
    assert sum(other for _, other in covered) >= len(SEEDS) - 1


def test_intervals_are_narrow_enough_to_tell_something(worlds):
    assert max(it.precision.high - it.precision.low for it, _ in worlds) < 0.06
    assert max(it.recall.high - it.recall.low for it, _ in worlds) < 0.25


def test_the_middle_is_near_the_truth(worlds):
    assert np.mean([abs(it.precision.middle - measured.precision) for it, measured in worlds]) < 0.01
    assert np.mean([abs(it.recall.middle - measured.recall) for it, measured in worlds]) < 0.05


def test_ends_are_in_order_and_shares(worlds):
    for it, _ in worlds:
        for one in (it.precision, it.recall):
            assert 0 <= one.low <= one.middle <= one.high <= 1
        for count in (it.wrong, it.apart, it.unseen):
            assert 0 <= count.low <= count.middle <= count.high


def test_pairs_that_are_cut_in_two_are_missed_in_the_estimate():
    fields = people(200, 1)
    linked = link(fields, None, 0.5)
    alone = linked._replace(labels=np.arange(len(linked.labels)))
    whole, cut = quality_of(fields, linked), quality_of(fields, alone)
    assert cut.joined == 0
    assert cut.precision.middle == 1.0
    assert cut.recall.high == 0.0
    assert cut.apart.middle > whole.joined / 2


def test_pairs_of_anybody_are_wrong_in_the_estimate():
    fields = people(100, 1)
    linked = link(fields, None, 0.5)
    crowd = quality_of(fields, linked._replace(labels=np.zeros(len(linked.labels), dtype=np.int64)))
    assert crowd.joined == len(linked.labels) * (len(linked.labels) - 1) // 2
    assert crowd.precision.low == 0
    assert crowd.precision.middle < 0.7


def test_copies_beyond_those_that_took_part_are_not_held_for_wrong():
    fields = people(60, 2)
    rows = np.concatenate([np.arange(len(fields[0].column.codes)), np.zeros(80, dtype=np.int64)])
    fields = [it._replace(column=it.column._replace(codes=it.column.codes[rows])) for it in fields]
    linked = link(fields, None, 0.5)
    assert np.bincount(linked.labels).max() >= 80
    assert quality_of(fields, linked).precision.low > 0.9


def test_what_was_found_once_and_twice_tells_of_what_was_not_found():
    ways = np.array([1] * 6 + [2] * 4 + [5] * 50)
    assert chao(ways, np.ones(60)) == pytest.approx(6 * 5 / (2 * 5))
    assert chao(np.array([3, 4]), np.ones(2)) == 0
    half = np.where(ways == 1, 0.5, 1.0)
    assert chao(ways, half) == pytest.approx(3 * 2 / (2 * 5))
