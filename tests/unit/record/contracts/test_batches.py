"""What a contract says of batches: queries and full snapshots, and each way of saying it wrong."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.model import Query
from onefold.record.contracts.parse import parse_contract
from tests.unit.record.contracts.sample import contract, customers, document, movements, table

SQL = "SELECT id, name, born, mobile FROM customer"
ASKED = {"connection": "core", "sql": SQL}


def asked(**words) -> dict:
    """The customers, asked for by a query instead of a file."""
    found = customers(**words)
    kept = [it for it in found["customProperties"] if it["property"] != "file"]
    return {**found, "customProperties": kept}


def faults(*tables: dict) -> str:
    """Every fault of a contract of these tables."""
    with pytest.raises(BrokenContract) as caught:
        parse_contract(json.dumps(document(*tables)).encode(), "test.yaml")
    return str(caught.value)


def test_a_query_is_read_without_its_semicolon():
    said = {**ASKED, "sql": f"{SQL} ;\n", "cursor": "updated_at", "overlap": "10m"}
    item = contract(asked(query=said)).objects["customer"]
    assert item.query == Query("core", SQL, "updated_at", 600)
    assert item.flat, "its columns are taken literally"
    assert item.snapshot_stop is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sql": SQL}, "query.connection: must name a connection"),
        (
            {"connection": "postgresql://me:secret@host/db", "sql": SQL},
            "query.connection: must name a connection",
        ),
        ({"connection": "core"}, "query.sql: is missing"),
        ({**ASKED, "sql": "DELETE FROM customer"}, "query.sql: must be one SELECT"),
        ({**ASKED, "cursor": "updated_at; DROP"}, "query.cursor: must be the plain name"),
        ({**ASKED, "overlap": "10m"}, "query.overlap: means nothing"),
        ({**ASKED, "cursor": "id", "overlap": "soon"}, "is not a duration"),
        ({**ASKED, "host": "x"}, "there is no entry host"),
    ],
)
def test_a_query_that_cannot_be_asked_is_told(query, said):
    assert said in faults(asked(query=query))


def test_an_object_is_asked_for_or_comes_in_files():
    assert "not both" in faults(customers(query=ASKED))


def test_a_full_snapshot_stops_at_a_fifth_unless_the_contract_says_otherwise():
    assert contract(customers(snapshot="full")).objects["customer"].snapshot_stop == 0.2
    assert contract(customers(snapshot="full", snapshotStop=1)).objects["customer"].snapshot_stop == 1.0
    assert contract(asked(query=ASKED, snapshot="full")).objects["customer"].snapshot_stop == 0.2


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (customers(snapshot="whole"), "there is no kind of snapshot whole"),
        (customers(snapshotStop=0.2), "is for full snapshots"),
        (customers(snapshot="full", snapshotStop=20), "must be a share"),
        (customers(snapshot="full", snapshotStop=True), "must be a share"),
        (movements(snapshot="full"), "what has happened does not disappear"),
        (customers(snapshot="full", occurredAt={"from": "born", "as": "instant"}), "comes beside occurredAt"),
        (asked(query={**ASKED, "cursor": "id"}, snapshot="full"), "from a cursor on is not the whole"),
        (asked(snapshot="full"), "needs a file or a query"),
        (customers(snapshot="full", kind="patch"), "is for kind: upsert"),
    ],
)
def test_a_snapshot_that_would_delete_what_is_there_is_told(found, said):
    assert said in faults(found)


def test_a_full_snapshot_states_one_thing_a_row():
    other = table("twin", ["id"], entity="device", delivers="record", key="id", map={})
    assert "comes beside also" in faults(customers(snapshot="full", also=["twin"]), other)
