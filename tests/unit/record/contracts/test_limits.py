"""Limits of values: read, held at the door, part of what a new version may change, in derived schemas."""

from __future__ import annotations

import json

import pytest

from onefold.record.contracts.changes import Breaks
from onefold.record.contracts.compatibility import compare
from onefold.record.contracts.errors import BrokenContract, Reason, RowFault
from onefold.record.contracts.limits import changed
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.plan import violations
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.json_schemas import derive_json
from tests.unit.record.contracts.sample import CELL_KEY, compiled, contract, document, prop, table


def rows_with(kind: str, *, path: str = "value", **limits) -> dict:
    """An object of JSON Lines with one limited property."""
    properties = [prop("id", required=True), prop(path, logicalType=kind, logicalTypeOptions=limits)]
    return table(
        "thing",
        properties,
        entity="party",
        delivers="record",
        key="id",
        file={"name": "things*.jsonl", "format": "jsonl"},
        map={},
        absent=["-"],
    )


def reason(kind: str, value: object, **limits) -> Reason | None:
    """Why a row with the value is not let in."""
    try:
        compiled(rows_with(kind, **limits)).check({"id": "1", "value": value})
    except RowFault as fault:
        return fault.reason if fault.field == "value" else None
    return None


NEW_YEAR, TASHKENT = "2026-01-01T00:00:00Z", {"defaultTimezone": "Asia/Tashkent"}
WITHIN = [
    ("string", {"minLength": 2, "maxLength": 3}, ["ab", "абв", "", None, "-"], ["a", "abcd"]),
    ("string", {"pattern": "[A-Z]{2}[0-9]{3}"}, ["AB123"], ["AB1234", "xAB123", "ab123"]),
    ("string", {"pattern": "(a+)+b"}, ["aab"], ["a" * 100_000]),
    ("string", {"format": "email"}, ["anna@bank.uz"], ["anna@", "a b@c.d", "anna"]),
    ("string", {"format": "uuid"}, ["6f1c8b6e-3c52-4a4e-9f0a-0d5b3a3c9f10"], ["6f1c"]),
    ("string", {"format": "ipv4"}, ["10.0.0.1"], ["10.0.0.256"]),
    ("string", {"format": "ipv6"}, ["::1"], ["10.0.0.1"]),
    ("string", {"format": "hostname"}, ["bank.uz"], ["bank uz"]),
    ("string", {"format": "uri"}, ["https://bank.uz/a"], ["bank.uz"]),
    ("string", {"format": "password"}, ["anything"], []),
    ("integer", {"minimum": 0, "maximum": 10}, [0, 10, "7", "10.0"], [-1, 11, "11"]),
    ("integer", {"exclusiveMinimum": 0, "exclusiveMaximum": 10}, [1, 9], [0, 10]),
    ("integer", {"format": "u8"}, [0, 255], [-1, 256]),
    ("integer", {"format": "i8", "maximum": 500}, [-128, 127], [128, -129]),
    ("number", {"multipleOf": 0.1}, [0.3, "1,5", "1 000.1", 0], [0.35]),
    ("number", {"minimum": 0.5}, [0.5, "1e3"], [0.49, "-1e30"]),
    ("date", {"minimum": "2000-01-01"}, ["2000-01-01"], ["1999-12-31"]),
    ("date", {"exclusiveMaximum": "2030-01-01"}, ["2029-12-31"], ["2030-01-01"]),
    ("timestamp", {"minimum": NEW_YEAR}, ["2026-01-01T00:00:00"], ["2026-01-01T04:00:00+05:00"]),
    ("timestamp", {"minimum": NEW_YEAR, **TASHKENT}, ["2026-01-01T05:00:00"], ["2026-01-01T04:59:59"]),
    ("time", {"maximum": "18:00:00"}, ["17:59"], ["18:00:01"]),
    ("array", {"minItems": 1, "maxItems": 2, "uniqueItems": True}, [[1], [1, 2]], [[], [1, 2, 3], [1, 1]]),
    ("object", {"minProperties": 1, "maxProperties": 2}, [{"a": 1}], [{}, {"a": 1, "b": 2, "c": 3}]),
    ("object", {"required": ["a"]}, [{"a": 1}], [{}, {"b": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "limits", "good", "bad"), WITHIN, ids=lambda it: json.dumps(it)[:30])
def test_a_value_within_its_limits_is_let_in_and_another_held(kind, limits, good, bad):
    assert [it for it in good if reason(kind, it, **limits) is not None] == []
    assert [it for it in bad if reason(kind, it, **limits) is not Reason.BEYOND_LIMITS] == []


def test_what_cannot_be_measured_is_told_as_such():
    assert reason("date", "soon", minimum="2000-01-01") is Reason.BAD_DATE
    assert reason("number", "1" * 90, minimum=0) is Reason.BAD_TYPE
    assert reason("number", "1e999999999", minimum=0) is Reason.BAD_TYPE


@pytest.mark.parametrize(
    ("kind", "limits", "told"),
    [
        ("string", {"pattern": "(a)\\1"}, "logicalTypeOptions.pattern"),
        ("string", {"pattern": "(?=a)"}, "without look-around"),
        ("string", {"minLength": 3, "maxLength": 2}, "minLength"),
        ("string", {"minLength": -1}, "minLength"),
        ("integer", {"minimum": 3, "maximum": 2}, "no value would fit"),
        ("integer", {"exclusiveMinimum": 3, "maximum": 3}, "no value would fit"),
        ("number", {"multipleOf": 0}, "multipleOf"),
        ("date", {"minimum": "31.12.1999"}, "is no date in ISO 8601"),
        ("timestamp", {"defaultTimezone": "Moon/Sea"}, "is no zone"),
        ("integer", {"minLength": 3}, "minLength"),
        ("string", {"minimum": "a"}, "minimum"),
        ("array", {"maxItems": "2"}, "maxItems"),
        ("integer", {"minimum": "a", "maximum": 3}, "minimum"),
        ("object", {"required": "a"}, "required"),
    ],
)  # fmt: skip
def test_what_nothing_could_be_held_to_is_a_fault_with_its_place(kind, limits, told):
    with pytest.raises(BrokenContract) as error:
        parse_contract(json.dumps(document(rows_with(kind, **limits)), indent=1).encode(), "test.yaml")
    assert told in str(error.value.detail)
    assert all(it.line > 1 and it.column for it in error.value.faults)


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("string", {"pattern": "(?=a)"}), ("integer", {"minimum": "a", "maximum": 3}),
        ("object", {"required": 7}), ("number", {"multipleOf": True}), ("number", {"maximum": float("inf")}),
        ("date", {"minimum": 7}),
        ("timestamp", {"defaultTimezone": ""}), ("string", {"minLength": None}),
    ],
)  # fmt: skip
def test_what_was_published_before_limits_were_held_is_read_as_it_was(kind, limits):
    data = json.dumps(document(rows_with(kind, **limits))).encode()
    found = parse_contract(data, "test.yaml", published=True)
    assert found.objects["thing"].properties[1].limits == {}


@pytest.mark.parametrize(
    ("kind", "old", "new", "tighter", "looser"),
    [
        ("integer", {"minimum": 1}, {"minimum": 2}, ["minimum"], []),
        ("integer", {"minimum": 2}, {"minimum": 1}, [], ["minimum"]),
        ("integer", {"maximum": 2}, {"maximum": 1}, ["maximum"], []),
        ("string", {}, {"maxLength": 9}, ["maxLength"], []),
        ("string", {"pattern": "a"}, {}, [], ["pattern"]),
        ("string", {"pattern": "a"}, {"pattern": "b"}, ["pattern"], ["pattern"]),
        ("array", {"uniqueItems": False}, {"uniqueItems": True}, ["uniqueItems"], []),
        ("object", {"required": ["a"]}, {"required": ["a", "b"]}, ["required"], []),
        ("date", {"maximum": "2030-01-01"}, {"maximum": "2031-01-01"}, [], ["maximum"]),
        ("timestamp", {"timezone": True}, {}, [], []),
    ],
)  # fmt: skip
def test_it_is_told_whether_limits_became_tighter_or_looser(kind, old, new, tighter, looser):
    assert changed(kind, old, new) == (tighter, looser)


def test_to_narrow_breaks_producers_and_to_widen_those_who_read_rows():
    old = contract(rows_with("integer", minimum=0, maximum=9))
    new = contract(rows_with("integer", minimum=1, maximum=10))
    narrow, wide = compare(old, new)
    assert (narrow.place.rpartition(".")[2], narrow.breaks) == ("minimum", (Breaks.PRODUCERS,))
    assert (wide.place.rpartition(".")[2], wide.breaks) == ("maximum", (Breaks.ROW_READERS,))


def test_the_derived_schema_has_them_where_it_has_words():
    def made(kind: str, **limits) -> dict:
        item = contract(rows_with(kind, **limits)).objects["thing"]
        found: dict = json.loads(derive_json("core", item))["properties"]["value"]
        return found

    assert made("integer", minimum=0, multipleOf=5) == {
        "type": ["integer", "null"],
        "minimum": 0,
        "multipleOf": 5,
    }
    assert made("string", pattern="a|b", format="uuid")["pattern"] == "^(?:a|b)$"
    assert made("string", format="password") == {"type": ["string", "null"]}
    assert made("date", minimum="2000-01-01") == {"type": ["string", "null"]}


def test_a_plan_says_which_limits_a_message_breaks():
    call = rows_with("integer", path="properties.items", maximum=9) | {"name": "track"}
    call["customProperties"] = [it for it in call["customProperties"] if it["property"] != "file"]
    found = Contracts(CELL_KEY, [contract(call)]).latest("core")
    (told,) = violations(found, {"type": "track", "id": "1", "properties": {"items": 10}})
    assert (told.property, told.expected) == ("properties.items", "an integer within its limits: maximum 9")
