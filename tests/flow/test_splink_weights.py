"""Our weights beside Splink's own, where `make bench-splink-env` has put it: the product has it nowhere."""

from __future__ import annotations

import pytest

from bench.identity_splink import interpreter
from bench.identity_weights import AGREED, answers_of_duckdb, greatest_difference, people, weighed_by_splink
from tests.splink import answers

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def python():
    """The Python of Splink's environment."""
    found = interpreter()
    if found is None:
        pytest.skip("make bench-splink-env makes Splink's environment")
    return found


def test_ten_thousand_pairs_weigh_what_splink_says(python):
    weighed = weighed_by_splink(python, people(14_000, seed=5))
    assert len(weighed.pairs) > 10_000
    assert greatest_difference(weighed) <= AGREED


def test_duckdb_still_says_what_the_fixture_holds(python):
    asked = answers()
    assert answers_of_duckdb(python, [it for it, _ in asked]) == [it for _, it in asked]
