"""Customers over sources, on eight records whose customers are known."""

from __future__ import annotations

import numpy as np
import pytest

from onefold.customer.identity.diagnostics.model import SourceFacts, Together
from onefold.customer.identity.diagnostics.overlaps import held, matched, sizes_of, sources_of, together_in

LABELS = np.array([0, 0, 0, 3, 3, 5, 6, 6])
SOURCES = np.array([0, 0, 1, 0, 1, 1, 0, 0])
NAMES = ("crm", "shop")


@pytest.fixture
def table():
    """Customer 0 has two records in crm and one in shop, 3 one in each, 5 one in shop, 6 two in crm."""
    return held(LABELS, SOURCES, 2)


def test_records_are_counted_by_customer_and_source(table):
    assert table.tolist() == [[2, 1], [1, 1], [0, 1], [2, 0]]


def test_versions_of_a_customer_are_counted(table):
    assert sizes_of(table) == ((1, 1), (2, 2), (3, 1))


def test_a_record_is_alone_or_has_company_in_one_place_or_both(table):
    assert sources_of(table, NAMES) == (
        SourceFacts("crm", records=5, customers=3, alone=0, inside=2, across=1, both=2),
        SourceFacts("shop", records=3, customers=3, alone=1, inside=0, across=2, both=0),
    )


def test_customers_are_counted_by_exactly_which_sources_they_are_in(table):
    assert together_in(table) == (Together((0, 1), 2), Together((0,), 1), Together((1,), 1))


def test_a_match_rate_is_of_records_and_leaves_the_record_itself_out(table):
    assert matched(table) == ((4 / 5, 3 / 5), (2 / 3, 0.0))
