"""The library: tables in, customers out, whatever the tables are made of."""

from __future__ import annotations

import pyarrow as pa
import pytest

from onefold import Resolver
from onefold.kernel.errors import CallerError
from tests.linking import table


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return pa.table(table(150, seed=3))


def test_every_record_is_answered_in_the_order_given(rows):
    found = Resolver(truth="who").resolve(rows, sources=["crm"])
    assert found.table.column_names == ["source", "record_id", "customer_id", "probability"]
    assert found.table["record_id"].to_pylist() == rows["id"].to_pylist()
    assert set(found.table["source"].to_pylist()) == {"crm"}
    assert found.recognised == {
        "first_name": "given_name", "last_name": "family_name", "born": "birth_date", "mail": "email",
        "town": "city",
    }  # fmt: skip
    assert found.measures.f1 > 0.9


def test_the_truth_only_measures(rows):
    told = Resolver(truth="who").resolve(rows)
    untold = Resolver({"who": ""}).resolve(rows)
    assert told.table.equals(untold.table)


def test_columns_can_be_stated():
    columns = table(100, seed=4)
    hidden = {
        f"c{at}": columns[name] for at, name in enumerate(("first_name", "last_name", "born", "mail", "town"))
    }
    kinds = ("first_name", "surname", "dob", "email", "place")
    found = Resolver(dict(zip(hidden, kinds, strict=True))).resolve(pa.table(hidden))
    known = ["given_name", "family_name", "birth_date", "email", "city"]
    assert found.recognised == dict(zip(hidden, known, strict=True))


def test_records_of_one_table_are_not_compared_when_only_linking():
    columns = table(80, seed=6)
    twice = pa.table(columns)
    found = Resolver({"who": ""}, link_only=True).resolve(twice, twice, sources=["a", "b"])
    here = found.linked.candidates
    assert len(here.left) > 0
    pairs = zip(here.left.tolist(), here.right.tolist(), strict=True)
    order = sorted(zip(found.table["source"].to_pylist(), found.table["record_id"].to_pylist(), strict=True))
    assert len(order) == 2 * twice.num_rows
    assert all(one != other for one, other in pairs)
    by_record: dict[str, set[str]] = {}
    for it in found.table.to_pylist():
        by_record.setdefault(it["record_id"], set()).add(it["customer_id"])
    alike = sum(len(customers) == 1 for customers in by_record.values())
    assert alike > 0.9 * len(by_record)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"fields": {"first_name": "nonsense"}}, "no field nonsense"),
        ({"fields": {"nowhere": "city"}}, "no column nowhere"),
        ({"id": "nowhere"}, "no column nowhere"),
        ({"truth": "nowhere"}, "no column nowhere"),
        ({"threshold": 1.0}, "threshold"),
        ({"link_only": True}, "nothing to link"),
        (
            {"fields": dict.fromkeys(("first_name", "last_name", "born", "mail", "town"), "")},
            "No column says",
        ),
    ],
)
def test_what_cannot_be_done_is_told(rows, arguments, what):
    with pytest.raises(CallerError, match=what):
        Resolver(**arguments).resolve(rows)


@pytest.mark.parametrize(
    "cell",
    ["r.allan@mail.example", "Rob <r@mail.example>", "1971-06-24", "24/06/1971", "1971-06-24 00:00:00",
     "24.6.71", "+998 (90) 931-23-45", "909312345", "AA1234567"],
)  # fmt: skip
def test_a_table_without_a_header_is_refused_and_its_first_record_is_not_shown(cell):
    rows = pa.table({"Robert": ["Ann", "Bob"], cell: ["x", "y"]})
    with pytest.raises(CallerError, match="first line must name the columns") as refused:
        Resolver().resolve(rows, sources=["crm"])
    assert "crm" in str(refused.value)
    assert cell not in str(refused.value)
    assert "Robert" not in str(refused.value)


@pytest.mark.parametrize("name", ["e-mail", "@timestamp", "phone 2", "2024", "line 1/2", "q1-2024", "№"])
def test_a_name_of_a_column_is_no_record(name):
    rows = pa.table({"full_name": ["Ann Lee", "Bob Moss"], name: ["x", "y"]})
    assert Resolver().resolve(rows).table.num_rows == 2


def test_a_column_that_is_not_there_shows_no_other():
    rows = pa.table({"full_name": ["Ann Lee", "Bob Moss"], "Robert": ["x", "y"]})
    with pytest.raises(CallerError, match="no column nowhere") as refused:
        Resolver(id="nowhere").resolve(rows)
    assert "Robert" not in str(refused.value)


@pytest.mark.parametrize("again", ["full_name", " full_name "])
def test_two_columns_of_one_name_are_refused(again):
    rows = pa.Table.from_arrays([pa.array(["Ann Lee", "Bob Moss"])] * 3, names=["full_name", "town", again])
    with pytest.raises(CallerError, match="Columns 1 and 3 of crm have one name"):
        Resolver().resolve(rows, sources=["crm"])


def test_a_model_names_fields_by_kind_and_number(rows):
    columns = {"full_name": rows["first_name"], "Ann of 9": rows["mail"], "Bob of 8": rows["town"]}
    stated = {"Ann of 9": "identifier", "Bob of 8": "identifier"}
    model = Resolver(stated).resolve(pa.table(columns)).model
    assert {it.name for it in model.fields if it.kind == "identifier"} == {"identifier 1", "identifier 2"}
    assert b" of " not in model.to_json()


def test_a_cell_that_never_ends_is_compared_by_its_beginning():
    born = [f"1-{'9' * 5000}-1", "1990-02-03", "1990-02-03"]
    assert Resolver().resolve(pa.table({"name": ["Ann", "Bob", "Bob"], "born": born})).table.num_rows == 3


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_an_instant_that_no_calendar_has_says_nothing(unit):
    instants = pa.array([2**62, 1, 1], pa.int64()).cast(pa.timestamp(unit))
    rows = pa.table({"name": ["Ann", "Bob", "Bob"], "born": instants})
    assert Resolver().resolve(rows).table.num_rows == 3


def test_rows_of_a_table_without_ids_are_numbered():
    one = pa.table({"id": ["a", "b"], "name": ["Ann Lee", "Bob Moss"]})
    other = pa.table({"full_name": ["Ann Lee", "Cid Ray"]})
    twice = pa.table({"id": ["c", "c"], "name": ["Ann Lee", "Dan Poe"]})
    found = Resolver().resolve(one, other, twice)
    assert found.table["record_id"].to_pylist() == ["a", "b", "1", "2", "1", "2"]
    assert "id" not in found.recognised


@pytest.mark.parametrize(
    ("ids", "what"),
    [
        (["x1", "x1", "x1", None], "1 ids in key are empty and 2 repeat another"),
        (["x1", "x2", "", ""], "2 ids in key are empty and 0 repeat another"),
        (None, "There is no column key in other"),
    ],
)
def test_stated_ids_are_one_for_each_record(ids, what):
    one = pa.table({"key": ["x1", "x2"], "name": ["Ann Lee", "Bob Moss"]})
    other = pa.table({"name": ["Ann Lee", "Cid Ray", "Dan Poe", "Eve Fay"]})
    if ids:
        other = other.append_column("key", pa.array(ids))
    with pytest.raises(CallerError, match=what) as refused:
        Resolver(id="key").resolve(one, other, sources=["crm", "other"])
    assert "x1" not in str(refused.value)


def test_too_little_is_told():
    with pytest.raises(CallerError, match="no table"):
        Resolver().resolve()
    with pytest.raises(CallerError, match="fewer than two"):
        Resolver().resolve(pa.table({"full_name": ["Ann Lee"]}))
    with pytest.raises(CallerError, match="no table"):
        Resolver().resolve([1, 2])
