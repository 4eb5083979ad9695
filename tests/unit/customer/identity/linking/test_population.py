"""Populations: patterns of any number of fields, and a sample that leans on no row."""

from __future__ import annotations

import random

import numpy as np
import pytest

from onefold.customer.identity.linking.candidates import candidates
from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.fields import Field, fields_of
from onefold.customer.identity.linking.linker import link
from onefold.customer.identity.linking.population import SAMPLED_PAIRS, population_of, sample
from tests.linking import people

MANY = 40


def many_fields(persons: int) -> list[Field]:
    """Two records of each of some people in many columns."""
    draw = random.Random(3)
    said = [[str(draw.randrange(10**6)) for _ in range(MANY - 3)] for _ in range(persons)]
    names = [f"column{at}" for at in range(MANY - 3)]
    given = [f"Given{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(persons)]
    return fields_of(
        {
            "given_name": [("given_name", column_of(2 * given))],
            "family_name": [("family_name", column_of(["Lee"] * 2 * persons))],
            "identifier": [(name, column_of(2 * [row[at] for row in said])) for at, name in enumerate(names)],
        }
    )


def test_patterns_of_forty_fields_are_counted_as_they_are():
    fields = many_fields(30)
    assert len(fields) == MANY
    found = candidates(fields)
    levels = compare(fields, found.left, found.right)
    population = population_of(fields, found, levels, None)
    rows = {tuple(row) for row in np.stack(levels, axis=1).tolist()}
    assert {tuple(row) for row in np.stack(population.near, axis=1).tolist()} == rows
    assert population.near_counts.sum() == len(found.left)


def test_people_of_forty_fields_are_kept_apart():
    labels = link(many_fields(200), None, 0.5).labels
    assert len(set(labels.tolist())) == 200
    assert (labels[:200] == labels[200:]).all()


def test_patterns_of_a_table_are_each_there_once():
    fields = people(60, seed=2)
    found = candidates(fields)
    levels = compare(fields, found.left, found.right)
    population = population_of(fields, found, levels, None)
    distinct, counts = np.unique(np.stack(levels, axis=1), axis=0, return_counts=True)
    assert np.array_equal(np.stack(population.near, axis=1), distinct)
    assert np.array_equal(population.near_counts, counts)


@pytest.mark.parametrize("rows", [7919, 2 * 7919, 7920, 20_732, 1_000_003, 1000])
def test_no_row_stands_in_more_of_the_sample_than_its_share(rows):
    left, right = sample(rows)
    assert (left < right).all()
    assert len(np.unique(left * rows + right)) == len(left) > 0.6 * SAMPLED_PAIRS
    often = np.bincount(np.concatenate([left, right]), minlength=rows)
    fair = 2 * SAMPLED_PAIRS / rows
    assert often.max() < 2 * fair + 40
