"""Pairs that blocking rules bring: each once, in the order of ids, and none by what is not said."""

from __future__ import annotations

import numpy as np
import pytest

from onefold.customer.identity.splink import tables
from onefold.customer.identity.splink.model import model_from_splink
from onefold.customer.identity.splink.tables import blocked, said_of
from onefold.kernel.errors import CallerError
from tests.splink import level, settings

EQUAL = level('"name_l" = "name_r"', 0.8, 0.01)


def pairs(*rules, sources=None, link_type="dedupe_only", **columns):
    """What the rules bring together among rows that are in the order of their ids."""
    model = model_from_splink(settings(EQUAL, rules=rules, link_type=link_type))
    rows = len(next(iter(columns.values())))
    records = {name: said_of(it) for name, it in columns.items()}
    source = np.zeros(rows, dtype=np.int64) if sources is None else np.array(sources)
    left, right = blocked(model, records, np.arange(rows), source)
    return list(zip(left.tolist(), right.tolist(), strict=True))


def test_equal_values_meet_and_nulls_do_not():
    assert pairs("l.a = r.a", a=["x", None, "x", None, "y", "x"]) == [(0, 2), (0, 5), (2, 5)]


def test_each_pair_comes_once_whatever_rules_bring_it():
    assert pairs("l.a = r.a", "l.b = r.b", a=[1, 1, 2], b=[7, 7, 7]) == [(0, 1), (0, 2), (1, 2)]


def test_columns_may_cross_and_both_ways_count():
    assert pairs("l.a = r.b", a=["x", "y", "z"], b=["y", "x", "q"]) == [(0, 1)]


def test_every_equality_and_the_rest_must_hold():
    assert pairs("l.a = r.a and l.b = r.b", a=[1, 1, 1], b=[5, 6, 5]) == [(0, 2)]
    assert pairs("l.a = r.a and l.b < r.b", a=[1, 1, 1], b=[5, 6, 5]) == [(0, 1)]
    assert pairs("l.a = r.a and l.b < r.b", a=[1, 1], b=[None, 6]) == []


def test_expressions_are_keys():
    assert pairs("substr(lower(l.a), 1, 2) = substr(lower(r.a), 1, 2)", a=["Anna", "ANton", "Boris"]) == [
        (0, 1)
    ]


def test_records_of_one_table_are_not_linked_with_each_other():
    assert pairs("l.a = r.a", sources=[0, 0, 1], link_type="link_only", a=[1, 1, 1]) == [(0, 2), (1, 2)]


def test_a_rule_that_brings_too_many_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "PAIRS_MOST", 8)
    with pytest.raises(CallerError, match="more than 8"):
        pairs("l.a = r.a", a=[1, 1, 1])


def test_values_of_the_wrong_type_are_told_by_the_rule():
    with pytest.raises(CallerError, match=r"'lower.*takes what is no text"):
        pairs("lower(l.a) = lower(r.a)", a=[1, 2])
