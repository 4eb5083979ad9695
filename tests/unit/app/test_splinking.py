"""Linking by a model of Splink: its weights to a millionth of a bit, whatever the order of the records."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from onefold import SplinkResolver
from onefold.kernel.errors import CallerError
from tests import splink
from tests.splink import level, settings

EQUAL = level('"name_l" = "name_r"', 0.8, 0.01)
SOME = pa.table({"unique_id": ["1", "2", "3"], "name": ["anna", "anna", "boris"]})


def by_pair(found):
    return {(it["record_id_l"], it["record_id_r"]): it["match_weight"] for it in found.pairs.to_pylist()}


def customers(found):
    return {it["record_id"]: it["customer_id"] for it in found.table.to_pylist()}


def test_weights_are_those_of_splink():
    ours = by_pair(SplinkResolver(splink.model()).resolve(splink.records()))
    theirs = splink.weights()
    assert ours.keys() == theirs.keys()
    assert len(theirs) > 100
    assert max(abs(ours[it] - bits) for it, bits in theirs.items()) < 1e-6


def test_the_order_of_records_changes_nothing():
    table = splink.records()
    order = random.Random(7).sample(range(table.num_rows), table.num_rows)
    one, other = (SplinkResolver(splink.model()).resolve(it) for it in (table, table.take(pa.array(order))))
    assert by_pair(one) == by_pair(other)
    assert customers(one) == customers(other)
    assert len(set(customers(one).values())) < table.num_rows


def test_customers_are_those_whose_mean_weight_is_above_the_threshold():
    found = SplinkResolver(settings(EQUAL)).resolve(SOME)
    ids = customers(found)
    assert ids["1"] == ids["2"] != ids["3"]
    assert found.pairs.column_names[-2:] == ["match_weight", "match_probability"]
    strict = SplinkResolver(settings(EQUAL), threshold=0.999).resolve(SOME)
    assert len(set(customers(strict).values())) == 3


def test_a_truth_measures():
    table = SOME.append_column("who", pa.array(["a", "a", "b"]))
    found = SplinkResolver(settings(EQUAL), truth="who").resolve(table)
    assert (found.measures.precision, found.measures.recall) == (1, 1)


def test_two_tables_are_linked_by_name_and_id():
    model = settings(EQUAL, link_type="link_only")
    found = SplinkResolver(model).resolve(SOME, SOME, sources=["crm", "branch"])
    assert {it["source_l"] for it in found.pairs.to_pylist()} == {"branch"}
    assert found.pairs.num_rows == 5


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ([SOME, SOME], "dedupe_only, and 2 tables"),
        ([SOME.drop_columns(["name"])], "has no column name"),
        ([SOME.slice(0, 1)], "fewer than two"),
        ([SOME.set_column(0, "unique_id", pa.array(["1", "1", "2"]))], "repeat another"),
        ([SOME.append_column("NAME", SOME["name"])], "one name"),
    ],
)
def test_tables_that_the_model_is_not_about_are_refused(tables, why):
    with pytest.raises(CallerError) as told:
        SplinkResolver(settings(EQUAL)).resolve(*tables)
    assert why in str(told.value)
