"""What an Avro schema lets stand in a row."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.schemas.avro_schemas import avro_node, parse_avro


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        ("int", {"integer"}),
        ("float", {"number"}),
        ("bytes", {"bytes"}),
        (["null", "string", "long"], {"null", "string", "integer"}),
        ({"type": "int", "logicalType": "date"}, {"day"}),
        ({"type": "long", "logicalType": "timestamp-millis"}, {"instant"}),
        ({"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}, {"decimal"}),
        ({"type": "int", "logicalType": "of-somebody"}, {"integer"}),
        ({"type": "map", "values": "int"}, {"object"}),
        ({"type": "fixed", "name": "F", "size": 2}, {"bytes"}),
    ],
)
def test_kinds(kind, kinds):
    assert avro_node(parse_avro(json.dumps(kind))).kinds == kinds


def test_fields_items_and_symbols():
    fields = [
        {"name": "many", "type": {"type": "array", "items": "int"}},
        {"name": "one", "type": {"type": "enum", "name": "E", "symbols": ["a", "b"]}},
    ]
    node = avro_node(parse_avro(json.dumps({"type": "record", "name": "R", "fields": fields})))
    assert node.required == {"many", "one"}
    assert node.properties["many"].items is not None
    assert node.properties["one"].values == frozenset({"a", "b"})
