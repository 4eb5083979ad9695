"""Weights by hand: the prior, the first level that holds, and how rare a value is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from onefold.customer.identity.splink.model import model_from_splink
from onefold.customer.identity.splink.tables import said_of
from onefold.customer.identity.splink.weighing import match_probability, match_weights
from onefold.kernel.errors import CallerError
from tests.splink import level, settings

LEVELS = (
    level("name_l IS NULL OR name_r IS NULL", is_null_level=True),
    level("name_l = name_r", 0.8, 0.01, tf_adjustment_column="name", tf_minimum_u_value=0.2),
    level(
        "levenshtein(name_l, name_r) <= 1", 0.1, 0.05, tf_adjustment_column="name", tf_adjustment_weight=0.5
    ),
)


def weights(names, *pairs, levels=LEVELS):
    model = model_from_splink(settings(*levels))
    records = {"name": said_of(names)}
    left, right = (np.array(it) for it in zip(*pairs, strict=True))
    return match_weights(model, records, left, right, {"name": records["name"].frequencies}).tolist()


def test_the_first_level_that_holds_counts():
    found = weights(["anna", "boris", None], (0, 1), (0, 2))
    assert found == pytest.approx([-2 + math.log2(0.1 / 0.9), -2])


def test_rare_values_say_more_down_to_the_least():
    names = ["anna"] * 6 + ["zeno"] * 2 + ["quin", "quim", None]
    common, rare, near = weights(names, (0, 1), (6, 7), (8, 9))
    assert common == pytest.approx(-2 + math.log2(80) + math.log2(0.01 / 0.6))
    assert rare == pytest.approx(-2 + math.log2(80) + math.log2(0.01 / 0.2))
    assert near == pytest.approx(-2 + math.log2(2) + 0.5 * math.log2(0.01 / 0.1))


def test_a_condition_that_meets_another_type_names_its_level():
    with pytest.raises(
        CallerError, match=r"Level 'levenshtein.*' of comparison 'name' takes what is no text"
    ):
        weights([1, 2], (0, 1))


def test_probability_is_what_the_weight_stands_for():
    assert match_probability(np.array([0.0, 2.0, -5_000.0])).tolist() == pytest.approx([0.5, 0.8, 0])
