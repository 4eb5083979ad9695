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


def test_too_little_is_told():
    with pytest.raises(CallerError, match="no table"):
        Resolver().resolve()
    with pytest.raises(CallerError, match="fewer than two"):
        Resolver().resolve(pa.table({"full_name": ["Ann Lee"]}))
    with pytest.raises(CallerError, match="no table"):
        Resolver().resolve([1, 2])
