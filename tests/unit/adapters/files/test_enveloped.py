"""Envelopes in files: one a line, each judged by itself, and what holds no row is counted."""

from __future__ import annotations

import json

from onefold.adapters.files.enveloped import EnvelopedTable
from onefold.adapters.files.tables import open_table
from onefold.record.contracts.errors import Reason
from tests.unit.record.contracts.sample import compiled, prop, table

CUSTOMERS = table(
    "customers",
    [prop("id", logicalType="integer"), prop("name", classification="pii")],
    entity="party",
    delivers="event",
    key="id",
    envelope="debezium",
    file={"name": "customers*.jsonl", "format": "jsonl", "lineLimit": 400},
    map={"full_name": "name"},
)


def change(op="c", of="customers", **row):
    """One envelope."""
    return {"op": op, "after": {"id": 1} | row, "source": {"table": of, "ts_ms": 1, "lsn": 7}}


def test_lines_are_rows_faults_or_counted(tmp_path):
    path = tmp_path / "customers.jsonl"
    messages = [
        change(),
        None,
        {"ddl": "x"},
        change(of="cards"),
        change(name="x" * 400),
        change("u", name="B"),
    ]
    path.write_text("\n".join(json.dumps(it) for it in messages) + "\n\n{\n")
    found = open_table(path, compiled(CUSTOMERS))
    assert isinstance(found, EnvelopedTable)
    rows = list(found)
    assert [(it.line, it.fault) for it in rows] == [
        (1, None),
        (4, Reason.UNKNOWN_CALL),
        (5, Reason.LINE_TOO_LONG),
        (6, None),
        (8, Reason.BAD_JSON),
    ]
    assert found.ignored == {"tombstone": 1, "schema_change": 1}
    assert found.read_bytes == found.size_bytes


def test_a_file_in_another_encoding_is_read(tmp_path):
    words = {it["property"]: it["value"] for it in CUSTOMERS["customProperties"]}
    item = table(
        "customers",
        ["id", prop("name", classification="pii")],
        **words | {"file": words["file"] | {"encoding": "cp1251"}},
    )
    path = tmp_path / "customers.jsonl"
    path.write_bytes(json.dumps(change(name="Анна"), ensure_ascii=False).encode("cp1251"))
    (row,) = open_table(path, compiled(item))
    assert row.row["name"] == "Анна"
