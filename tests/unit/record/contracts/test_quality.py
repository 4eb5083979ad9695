"""Quality rules: what is measured, which row is kept out, which file is halted."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.errors import BrokenContract, Reason, RowFault
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.quality import Measuring, broken, stopping
from tests.unit.record.contracts.sample import compiled, contract, customers, document, prop


def ruled(*of_name: dict, of_table: tuple = (), **entries) -> dict:
    """The customer table with quality rules on `name`, and on the table."""
    found = customers()
    found["properties"][1] = prop("name", classification="pii", quality=list(of_name), **entries)
    if of_table:
        found["quality"] = list(of_table)
    return found


def measured(table: dict, *names: str | None):
    """The results over rows with these names."""
    item = contract(table).objects["customer"]
    run = Measuring(item)
    for number, name in enumerate(names):
        run.add({"id": str(number), "name": name})
    return run.results()


NAMES = ("Ann", "", None, "N/A", "Bob", "Ann", "Ann")


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"metric": "nullValues"}, 2),
        ({"metric": "missingValues"}, 2),
        ({"metric": "missingValues", "arguments": {"missingValues": ["N/A"]}}, 1),
        ({"metric": "invalidValues", "arguments": {"validValues": ["Ann", "Bob"]}}, 1),
        ({"metric": "invalidValues", "arguments": {"pattern": "[A-Z][a-z]+"}}, 1),
        ({"metric": "duplicateValues"}, 2),
        ({"metric": "nullValues", "unit": "percent"}, pytest.approx(100 * 2 / 7)),
    ],
)
def test_each_metric_counts_what_the_standard_says(rule, value):
    (found,) = measured(ruled(rule | {"mustBe": 0}), *NAMES)
    assert (found.value, found.rows, found.holds) == (value, 7, False)


@pytest.mark.parametrize(
    ("operator", "holds"),
    [
        ({"mustBe": 7}, True),
        ({"mustNotBe": 7}, False),
        ({"mustBeGreaterThan": 7}, False),
        ({"mustBeGreaterOrEqualTo": 7}, True),
        ({"mustBeLessThan": 8}, True),
        ({"mustBeLessOrEqualTo": 6}, False),
        ({"mustBeBetween": [5, 7]}, True),
        ({"mustNotBeBetween": [5, 7]}, False),
    ],
)
def test_each_operator_holds_as_the_standard_says(operator, holds):
    (found,) = measured(ruled(of_table=({"metric": "rowCount"} | operator,)), *NAMES)
    assert found.holds is holds
    assert bool(broken([found])) is not holds


def test_duplicates_are_counted_over_several_properties():
    rule = {"metric": "duplicateValues", "arguments": {"properties": ["id", "name"]}, "mustBe": 0}
    assert measured(ruled(of_table=(rule,)), "Ann", "Ann")[0].holds is True


STRICT = {
    "metric": "invalidValues",
    "arguments": {"validValues": ["Ann"]},
    "mustBe": 0,
    "severity": "error",
}


def test_a_row_that_breaks_a_rule_of_severity_error_is_kept_out_at_the_door():
    found = compiled(ruled(STRICT))
    assert found.check({"id": "1", "name": "Ann"})["name"] == "Ann"
    assert found.check({"id": "1", "name": ""})
    with pytest.raises(RowFault) as caught:
        found.check({"id": "1", "name": "Bob"})
    assert (caught.value.reason, caught.value.field) == (Reason.QUALITY_RULE, "name")
    assert not stopping(found.item)


def test_a_rule_of_severity_warning_keeps_nothing_out():
    found = compiled(ruled(STRICT | {"severity": "warning"}))
    assert found.check({"id": "1", "name": "Bob"})
    assert not stopping(found.item)


def test_a_rule_about_many_rows_of_severity_error_halts_the_file():
    shares = STRICT | {"mustBe": None, "mustBeLessThan": 5, "unit": "percent"}
    shares.pop("mustBe")
    assert stopping(compiled(ruled(shares)).item)
    counts = {"metric": "rowCount", "mustBeGreaterThan": 1, "severity": "error"}
    assert stopping(compiled(ruled(of_table=(counts,))).item)
    assert compiled(ruled(shares)).check({"id": "1", "name": "Bob"})


def test_a_pattern_with_many_ways_to_fail_is_as_fast_as_others():
    """An engine that tries them all would not be done before this test is given up."""
    rule = STRICT | {"metric": "invalidValues", "arguments": {"pattern": "(a+)+b"}}
    found = compiled(ruled(rule))
    assert found.check({"id": "1", "name": "a" * 40 + "b"})
    with pytest.raises(RowFault) as caught:
        found.check({"id": "1", "name": "a" * 4_000})
    assert caught.value.reason is Reason.QUALITY_RULE


def test_a_closed_list_of_values_keeps_others_out():
    found = compiled(ruled(enum=[{"value": "Ann"}, {"value": 7}]))
    assert found.check({"id": "1", "name": "7"})
    assert found.check({"id": "1", "name": None})
    with pytest.raises(RowFault) as caught:
        found.check({"id": "1", "name": "Bob"})
    assert (caught.value.reason, caught.value.field) == (Reason.UNKNOWN_VALUE, "name")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"metric": "nulValues", "mustBe": 0}, "nulValues"),
        ({"metric": "invalidValues", "mustBe": 0}, "says not what is valid"),
        ({"metric": "invalidValues", "arguments": {"pattern": "("}, "mustBe": 0}, "cannot be held"),
        ({"metric": "invalidValues", "arguments": {"pattern": r"(a)\1"}, "mustBe": 0}, "cannot be held"),
        ({"metric": "nullValues", "mustBe": "none"}, "must have one operator with a number"),
        ({"metric": "nullValues", "mustBe": 0, "unit": "litres"}, "there is no unit litres"),
        ({"metric": "nullValues", "mustBe": 0, "severity": "fatal"}, "fatal"),
        ({"metric": "nullValues", "arguments": {"validValues": ["a"]}, "mustBe": 0}, "there is no entry"),
    ],
)
def test_a_rule_that_cannot_be_run_is_told(rule, said):
    with pytest.raises(BrokenContract) as caught:
        parse_contract(json.dumps(document(ruled(rule))).encode(), "core.yaml")
    assert said in str(caught.value)


def test_rules_for_people_and_other_engines_are_left_alone():
    others = (
        {"type": "text", "description": "names are names"},
        {"type": "sql", "query": "SELECT 1", "mustBe": 1},
        {"type": "custom", "engine": "soda", "implementation": "checks: []"},
    )
    assert contract(ruled(*others)).objects["customer"].quality == ()


def test_what_serves_no_permitted_purpose_is_not_kept():
    table = customers(map={"full_name": "name"})
    serves = {"property": "purposes", "value": ["marketing"]}
    table["properties"][3]["customProperties"] = [serves]
    row = {"id": "1", "name": "Ann", "born": "", "mobile": "+998901234567"}
    assert compiled(table, purposes=["servicing", "marketing"]).check(row)["mobile"] == row["mobile"]
    assert "mobile" not in compiled(table, purposes=["servicing"]).check(row)


def test_what_must_not_be_stored_is_refused_whatever_it_would_serve():
    table = customers(map={"full_name": "name"})
    table["properties"][3]["customProperties"] = [
        {"property": "purposes", "value": ["marketing"]},
        {"property": "store", "value": "refuse"},
    ]
    with pytest.raises(RowFault) as caught:
        compiled(table, purposes=["servicing"]).check({"id": "1", "name": "Ann", "mobile": "1"})
    assert caught.value.reason is Reason.MUST_NOT_STORE


def test_a_map_of_what_no_permitted_purpose_keeps_is_told():
    table = customers()
    table["properties"][3]["customProperties"] = [{"property": "purposes", "value": ["marketing"]}]
    with pytest.raises(BrokenContract) as caught:
        parse_contract(json.dumps(document(table, purposes=["servicing"])).encode(), "core.yaml")
    assert "serves only marketing, which the contract does not permit" in str(caught.value)
