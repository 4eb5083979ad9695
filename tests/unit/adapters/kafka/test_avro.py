"""Avro in Confluent's wire format: what is read, what is not, and schemas that could do harm."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from fastavro import parse_schema, schemaless_writer
from hypothesis import given
from hypothesis import strategies as st

from onefold.adapters.kafka.avro import AvroReader
from onefold.kernel.errors import Unavailable
from onefold.record.contracts.errors import Reason, RowFault


def record(*fields: tuple[str, Any], name: str = "Row", **more: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": n, "type": t} for n, t in fields]} | more


def logical(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "logicalType": name} | more


def framed(schema: Any, value: Any, number: int = 7) -> bytes:
    out = BytesIO()
    schemaless_writer(out, parse_schema(schema), value)
    return b"\0" + number.to_bytes(4, "big") + out.getvalue()


def reader(*schemas: Any) -> AvroReader:
    return AvroReader(lambda number: [json.dumps(it) for it in schemas] if number == 7 else [])


def refusal(read: AvroReader, value: bytes) -> Reason:
    with pytest.raises(RowFault) as caught:
        read(value)
    return caught.value.reason


def test_values_become_what_a_contract_reads():
    schema = record(
        ("text", "string"),
        ("number", ["null", "long"]),
        ("whole", ["null", record(("x", "int"), name="Inner")]),
        ("list", {"type": "array", "items": "string"}),
        ("map", {"type": "map", "values": "boolean"}),
        ("amount", logical("bytes", "decimal", precision=12, scale=2)),
        ("day", logical("int", "date")),
        ("time", logical("int", "time-millis")),
        ("at", logical("long", "timestamp-millis")),
        ("id", logical("string", "uuid")),
        ("raw", "bytes"),
        ("ratio", "double"),
        ("kind", {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}),
    )
    value = {
        "text": "ö",
        "number": None,
        "whole": {"x": 1},
        "list": ["a"],
        "map": {"k": True},
        "amount": Decimal("-12.30"),
        "day": dt.date(2026, 1, 31),
        "time": dt.time(10, 30),
        "at": dt.datetime(2026, 1, 31, 10, tzinfo=dt.UTC),
        "id": UUID(int=1),
        "raw": b"\x00\xff",
        "ratio": float("nan"),
        "kind": "B",
    }
    found = reader(schema)(framed(schema, value))
    assert found == {
        "text": "ö",
        "number": None,
        "whole": {"x": 1},
        "list": ["a"],
        "map": {"k": True},
        "amount": "-12.30",
        "day": "2026-01-31",
        "time": "10:30:00",
        "at": "2026-01-31T10:00:00+00:00",
        "id": str(UUID(int=1)),
        "raw": "00ff",
        "ratio": None,
        "kind": "B",
    }
    json.dumps(found, allow_nan=False)


def test_a_schema_is_asked_for_once():
    asked: list[int] = []

    def schemas(number: int) -> list[str]:
        asked.append(number)
        return ['"string"']

    read = AvroReader(schemas)
    assert [read(framed("string", it)) for it in ("a", "b")] == ["a", "b"]
    assert asked == [7]


def test_a_schema_that_refers_to_another_is_read_with_it():
    inner = record(("x", "int"), name="Inner", namespace="bank")
    outer = record(("inner", "bank.Inner"), namespace="bank")
    value = framed(record(("inner", inner), namespace="bank"), {"inner": {"x": 3}})
    assert reader(inner, outer)(value) == {"inner": {"x": 3}}


def test_a_schema_that_nobody_has_is_told_from_bytes_that_are_not_of_theirs():
    schema = record(("text", "string"), ("n", "long"))
    good = framed(schema, {"text": "abc", "n": 1})
    assert refusal(reader(schema), framed(schema, {"text": "abc", "n": 1}, 8)) is Reason.UNKNOWN_SCHEMA
    for bad in (good[:-1], good + b"\0", good[:5], good[:5] + b"\xff" * 9, good[:5] + b"\xff\xff\xff\x7fab"):
        assert refusal(reader(schema), bad) is Reason.BAD_ENVELOPE


def test_a_registry_that_is_away_is_not_the_messages_fault():
    def schemas(_: int) -> list[str]:
        raise Unavailable("The schema registry does not answer.")

    with pytest.raises(Unavailable):
        AvroReader(schemas)(framed("string", "a"))


_EMPTY = record(name="Empty")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": "null"},
        {"type": "array", "items": _EMPTY},
        {"type": "array", "items": {"type": "fixed", "name": "F", "size": 0}},
        {"type": "array", "items": record(("n", "null"), ("e", _EMPTY))},
        record(("e", _EMPTY), ("l", {"type": "array", "items": "Empty"})),
        record(("next", ["null", "Row"])),
        record(("next", ["null", "a.Row"]), namespace="a"),
        record(("list", {"type": "array", "items": record(("up", ["null", "Row"]), name="Deep")})),
        {"type": "no such type"},
        record(("x", "nowhere.Known")),
        {"type": "record", "fields": [{"name": "x", "type": "int"}]},
        record(("x", "null")),
        7,
    ],
)
def test_a_schema_that_could_make_little_into_much_is_not_read(schema):
    assert refusal(reader(schema), b"\0\0\0\0\x07" + b"\xfe\xff\xff\xff\x0f" * 4) is Reason.UNKNOWN_SCHEMA


def test_a_schema_that_is_no_json_is_not_read():
    assert refusal(AvroReader(lambda _: ["{"]), b"\0\0\0\0\x07") is Reason.UNKNOWN_SCHEMA


_ROW = record(
    ("text", ["null", "string"]),
    ("list", {"type": "array", "items": ["null", "long"]}),
    ("map", {"type": "map", "values": {"type": "array", "items": "bytes"}}),
    ("amount", logical("bytes", "decimal", precision=4, scale=2)),
    ("at", logical("long", "timestamp-micros")),
    ("day", logical("int", "date")),
    ("kind", {"type": "enum", "name": "Kind", "symbols": ["A"]}),
)
_READ = reader(_ROW)


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_not_of_their_schema(data):
    try:
        found: Any = _READ(b"\0\0\0\0\x07" + data)
    except RowFault as fault:
        found = fault.reason
    assert found is Reason.BAD_ENVELOPE or set(found) == {it["name"] for it in _ROW["fields"]}
