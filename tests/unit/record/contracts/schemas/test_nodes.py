"""JSON Schemas compared: what a reader cannot read of what a writer may write."""

from __future__ import annotations

import pytest

from onefold.record.contracts.schemas.json_schemas import json_node
from onefold.record.contracts.schemas.nodes import unreadable


def thing(**more):
    return {"type": "object", "properties": {"a": {"type": "string"}}} | more


@pytest.mark.parametrize(
    ("reader", "writer", "faults"),
    [
        ({"type": "number"}, {"type": "integer"}, []),
        ({"type": "integer"}, {"type": "number"}, ["the row: number is not read, only integer"]),
        ({"enum": ["a", "b"]}, {"const": "a"}, []),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, ["the row: b is not among the values that are read"]),
        ({"enum": ["a"]}, {"type": "string"}, ["the row: only listed values are read"]),
        ({"minimum": 1, "type": "integer"}, {"minimum": 2, "type": "integer"}, []),
        (
            {"minimum": 3, "type": "integer"},
            {"minimum": 2, "type": "integer"},
            ["the row: minimum 3 is not promised"],
        ),
        ({"type": "string", "pattern": "a"}, {"type": "string", "pattern": "a"}, []),
        (
            {"type": "string", "pattern": "a"},
            {"type": "string", "pattern": "b"},
            ["the row: pattern a is not promised"],
        ),
        (
            {"type": "array", "items": {"type": "string"}},
            {"type": "array", "items": {"type": ["string", "null"]}},
            ["the row[]: null is not read, only string"],
        ),
        (thing(required=["a"]), thing(), ["a: is required, and not always written"]),
        (thing(), thing(required=["a"]), []),
        (
            {"type": "object", "additionalProperties": False},
            thing(),
            ["a: is written, and no other properties are read"],
        ),
        (
            {"oneOf": [{"type": "string"}, thing(required=["a"])]},
            {"allOf": [thing(), {"required": ["a"]}]},
            [],
        ),
        (
            {"type": "object", "properties": {"x": thing()}},
            {"type": "object", "properties": {"x": True}},
            ["x: "],
        ),
    ],
)
def test_what_cannot_be_read(reader, writer, faults):
    found = unreadable(json_node(reader), json_node(writer))
    assert [said[: len(it)] for said, it in zip(found, faults, strict=True)] == faults
