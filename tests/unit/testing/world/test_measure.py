"""The judge of an assignment."""

from __future__ import annotations

import pytest

from onefold.testing.world.measure import Score, pairwise, read_truth, wrong_joins
from tests.unit.testing.world.made import world

TRUE = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "c1": "c"}


def test_the_truth_itself_is_perfect():
    assert pairwise(TRUE, TRUE) == Score(1.0, 1.0, 1.0)


def test_nobody_joined_is_precise_and_finds_nothing():
    assert pairwise(TRUE, {record: record for record in TRUE}) == Score(1.0, 0.0, 0.0)
    assert pairwise(TRUE, {}) == Score(1.0, 0.0, 0.0)


def test_everybody_joined_finds_all_and_is_imprecise():
    score = pairwise(TRUE, dict.fromkeys(TRUE, "one"))
    assert score.recall == 1.0
    assert score.precision == pytest.approx(4 / 15)


def test_a_mixed_assignment_counts_pairs():
    assignment = {"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 3, "c1": 4}
    assert pairwise(TRUE, assignment) == Score(1 / 2, 1 / 4, 1 / 3)


def test_records_unknown_to_the_truth_do_not_count():
    assert pairwise(TRUE, TRUE | {"x": "a", "y": "a"}) == Score(1.0, 1.0, 1.0)


def test_wrong_joins_are_the_pairs_behind_lost_precision():
    assignment = {"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 3, "c1": 4}
    assert list(wrong_joins(TRUE, assignment)) == [("a3", "b1")]


def test_the_truth_of_a_world_names_every_record():
    folder, summary = world()
    true = read_truth(folder)
    assert len(true) == summary.records
    assert {source for source, _ in true} == {"core-banking", "crm", "telecom", "digital", "marketing"}
