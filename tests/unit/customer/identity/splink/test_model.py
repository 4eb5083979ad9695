"""Files of Splink: what is taken from them, and which cannot be used and why."""

from __future__ import annotations

import math

import pytest

from onefold.customer.identity.splink.model import condition_of, model_from_splink
from onefold.kernel.errors import CallerError
from tests import splink
from tests.splink import level, settings

EQUAL = level('"name_l" = "name_r"', 0.8, 0.01)


def test_what_splink_wrote_is_read():
    model = model_from_splink(splink.model())
    assert (model.link_type, model.id_column) == ("dedupe_only", "unique_id")
    assert [it.name for it in model.comparisons][:2] == ["given_name", "given_name_family_name"]
    assert {"city", "email", "family_name", "given_name"} == set(model.terms)
    assert {"numbers", "lat", "national_id"} <= set(model.columns)
    assert len(model.digest) == 64


def test_a_level_says_the_log_of_its_shares_and_nulls_say_nothing():
    null = level("name_l IS NULL OR name_r IS NULL", is_null_level=True)
    (comparison,) = model_from_splink(settings(null, EQUAL)).comparisons
    bits = [it.bits for it in comparison.levels]
    assert bits == pytest.approx([0, math.log2(80), math.log2(1 / 9)])
    assert model_from_splink(settings(EQUAL)).prior == pytest.approx(-2)


def test_what_was_not_trained_has_the_defaults_of_splink_and_is_named():
    """Splink 5.0.0 gives three levels without shares these: asked with Splink itself."""
    levels = (level("name_l = name_r"), level("levenshtein(name_l, name_r) < 2"), level("ELSE"))
    model = model_from_splink(settings(*levels))
    assert [it.bits for it in model.comparisons[0].levels] == pytest.approx([10, 3, -5])
    assert len(model.untrained) == 3
    assert model.untrained[0] == "name: name_l = name_r"


def test_a_term_is_held_against_the_level_of_equality():
    near = level(
        "levenshtein(name_l, name_r) < 2", 0.1, 0.02, tf_adjustment_column='"Name"', tf_adjustment_weight=0.5,
        tf_minimum_u_value=0.001,
    )  # fmt: skip
    (comparison,) = model_from_splink(settings(near, EQUAL)).comparisons
    assert comparison.levels[0].term == ("name", 0.5, math.log2(0.01), 0.001)
    with pytest.raises(CallerError, match="no level is equality"):
        model_from_splink(settings(near))
    alone = near | {"disable_tf_exact_match_detection": True}
    (comparison,) = model_from_splink(settings(alone)).comparisons
    assert comparison.levels[0].term.log2_u == math.log2(0.02)


def test_rules_come_apart_into_equalities_and_the_rest():
    model = model_from_splink(settings(EQUAL, rules=("l.a = r.a and r.b = l.c and l.d > r.d or l.e = r.e",)))
    first, second = model.rules
    assert [len(it.equal) for it in model.rules] == [2, 1]
    assert (first.rest is None, second.rest is None) == (False, True)
    assert set(model.columns) == {"a", "b", "c", "d", "e", "name", "unique_id"}


def test_distances_of_duckdb_1_are_between_bytes():
    """Splink 4.0.17 on DuckDB 1.5.6 says 2 and 0.25, Splink 5.0.0 on DuckDB 2.0.1 says 1 and a third."""
    scope = {("l", "name"): "éa", ("r", "name"): "ea"}
    near = level("levenshtein(name_l, name_r) = 1 and jaccard(name_l, name_r) > 0.3", 0.5, 0.1)

    def holds(text, duckdb=None):
        return condition_of(model_from_splink(text, duckdb).comparisons[0].levels[0])(scope)

    of_splink_5 = settings(near, match_weight_column_prefix="mw_")
    assert (holds(settings(near)), holds(of_splink_5)) == (False, True)
    assert (holds(settings(near), 2), holds(of_splink_5, 1)) == (True, False)
    with pytest.raises(CallerError, match="DuckDB 1"):
        model_from_splink(of_splink_5, 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{}", "no model of Splink"),
        (settings(EQUAL, sql_dialect="spark"), "of spark"),
        (settings(EQUAL, probability_two_random_records_match=1), "no share"),
        (settings(EQUAL, rules=()), "no blocking rules"),
        (settings(EQUAL, rules=("l.a > r.a",)), "'l.a > r.a' has no equality"),
        (settings(EQUAL, rules=("l.a = 1",)), "no equality"),
        (settings(EQUAL, rules=({"blocking_rule": "l.a = r.a", "arrays_to_explode": ["a"]},)), "lists apart"),
        (settings(level("f(name_l)", label_for_charts="odd")), "Level 'odd' of comparison 'name' uses f,"),
        (settings(level("name = 1")), "neither record"),
        (settings(EQUAL).replace(b'"ELSE"', b'"1 = 1"'), "not ELSE"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_says_why(text, why):
    with pytest.raises(CallerError) as told:
        model_from_splink(text)
    assert why in str(told.value)
