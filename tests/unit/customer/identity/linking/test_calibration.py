"""Probabilities that hold: what stewards said corrects them, whatever the order, and moves no weight."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest

from bench.identity_judged import compared
from onefold.customer.identity.linking.calibration import Judged, calibration_of, correction
from onefold.customer.identity.linking.candidates import candidates
from onefold.customer.identity.linking.linker import Word, link
from onefold.customer.identity.linking.model import UNIT
from tests.linking import people

FIELDS = people(120, seed=4)


def words(count):
    """On some candidates, by turns."""
    found = candidates(FIELDS)
    step = len(found.left) // count
    return [Word(int(found.left[at * step]), int(found.right[at * step]), at % 2 == 0) for at in range(count)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pairs_that_nobody_judged_are_told_better_after_a_queue_and_customers_stay(seed):
    """`python -m bench.bench_identity --only judged` shows more seeds, and larger ones."""
    bare, told = compared("people", 300, 100, seed)
    assert told.f1 == bare.f1
    assert told.surprise_bits < bare.surprise_bits


def test_many_words_are_followed_and_few_are_not():
    """Of pairs whose odds are said to be even, nine of ten are of one party: 2.2 in natural log odds."""
    even = np.zeros(10_000)
    shift, slope = correction(even, np.arange(10_000) % 10 > 0)
    assert shift == pytest.approx(np.log(9), abs=0.01)
    assert slope == 1
    assert 0 < correction(even[:10], np.arange(10) % 10 > 0)[0] < 1.5


def test_who_chooses_uncertain_pairs_does_no_harm():
    """Odds that are half of what they should be are found out from the uncertain ones as from all."""
    draw = np.random.default_rng(3)
    told = draw.normal(0, 2, 100_000)
    same = draw.random(100_000) < 1 / (1 + np.exp(-(0.5 + 1.5 * told)))
    queue = np.abs(told) < 1
    for chosen in (queue, np.ones_like(queue)):
        assert correction(told[chosen], same[chosen]) == pytest.approx((0.5, 1.5), abs=0.1)
    # Their bare share is another one.
    assert abs(same[queue].mean() - same.mean()) > 0.01


def test_probabilities_rise_with_weights_whatever_is_said():
    weights = np.repeat(np.arange(-8, 8) * UNIT, 20)
    judged = Judged(np.arange(0, 320, 3), weights[np.arange(0, 320, 3)] < 0)
    knots = calibration_of(weights, weights > 0, judged)
    assert [it for _, it in knots] == sorted(it for _, it in knots)
    assert calibration_of(weights, weights > 0) != knots


def test_the_order_of_words_changes_nothing_and_another_word_is_another_model():
    said = words(40)
    one = link(FIELDS, None, 0.5, words=said)
    other = link(FIELDS, None, 0.5, words=random.Random(5).sample(said, len(said)))
    bare = link(FIELDS, None, 0.5)
    assert one.model.to_json() == other.model.to_json()
    assert one.model.judged == 40
    assert one.model.version != bare.model.version
    assert one.model.fields == bare.model.fields
    assert np.array_equal(one.labels, bare.labels)
    turned = [said[0]._replace(same=not said[0].same), *said[1:]]
    assert link(FIELDS, None, 0.5, words=turned).model.version != one.model.version


def test_a_word_on_a_pair_that_no_key_brings_together_is_not_counted():
    found = candidates(FIELDS)
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    rows = len(FIELDS[0].column.codes)
    apart = next((0, it) for it in range(1, rows) if (0, it) not in pairs)
    model = link(FIELDS, None, 0.5, words=[Word(*apart, same=False)]).model
    bare = link(FIELDS, None, 0.5).model
    digests = {"version": "", "data_digest": ""}
    assert model.judged == 0
    assert msgspec.structs.replace(model, **digests) == msgspec.structs.replace(bare, **digests)
