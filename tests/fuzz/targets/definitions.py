"""What people write: contracts, segments, schemas; and small words of the command line and of addresses."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from onefold.channels.api.parameters import AuditQuery, QuarantineQuery, TimelineQuery, TransactionsQuery
from onefold.gate.paging import cursor_of, first_ms_of, place_of
from onefold.insight.segments.parse import segment_from_yaml
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell, id_from_text
from onefold.kernel.time import seconds_of
from onefold.record.contracts.errors import BrokenContract
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.record.contracts.schemas.errors import SchemaInvalid
from onefold.record.contracts.schemas.nodes import unreadable
from onefold.record.contracts.schemas.service import parsed, schema_of
from onefold.record.contracts.schemas.writing import contract_faults
from tests.fuzz.bank import CELL_KEY, ROOT, compiled
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal
from tests.unit.record.contracts.sample import customers, document

_CONTRACT = document(customers())
_SCALARS: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1e400,
    "",
    "x",
    "1.0.0",
    "a\x00b",
    [],
    {},
    ["x"],
    {"x": 1},
    "é" * 50,
    "{}",
    "(",
    [[[]]],
    "%",
    "../x",
    "party",
    "event",
    "csv",
    "utf-16",
    "UTC",
    {"from": "id"},
    {"value": 1},
    [1, "id"],
    "Asia/Tashkent",
)
_YAML = (
    b"2024-13-45",
    b"2024-02-30T25:00:00Z",
    b"!!int x",
    b"!!float x",
    b"!!bool x",
    b"!!timestamp x",
    b"!!binary x",
    b"!!python/object:os.system x",
    b"&a [*a]",
    b"&a {b: *a}",
    b"0x_",
    b"0b_",
    b"1:99:99",
    b"? [a]: b",
    b"{? {a: b} : c}",
    b"!!set {a, b}",
    b"!!omap [a: b]",
    b"<<: 1",
    b"<<: [1]",
    b"<<: *a",
    b"'",
    b"\x00",
    b"\xff",
    b"%YAML 9.9",
    b"---\n---",
    b"- " * 300,
    b"[" * 2000,
    b"{a: " * 400,
    b"1" * 5000,
    b"!!str",
    b"!<x> y",
    b"\xef\xbb\xbf",
    b"|",
    b">-",
    b"\t",
    b"=",
    b"~",
    b".inf",
    b".nan",
    b"-.inf",
    b"1e400",
    b"0o9",
    b"*unknown",
    b"key: &a 1\nkey: *a",
)


def _changed(draws: Draws, value: Any, depth: int = 0) -> Any:
    """The document with a few of its values replaced, left out or repeated."""
    if draws.number(0, 19) == 0:
        return draws.choice(_SCALARS)
    if isinstance(value, dict):
        return {
            (name if draws.number(0, 29) else draws.choice(("x", "file", "map", ""))): _changed(
                draws, it, depth + 1
            )
            for name, it in value.items()
            if draws.number(0, 39)
        }
    if isinstance(value, list):
        return [
            _changed(draws, it, depth + 1)
            for it in value
            for _ in range(2 if draws.number(0, 39) == 0 else 1)
        ]
    return value


def _document(draws: Draws, whole: Any) -> bytes:
    kind = draws.number(0, 3)
    if kind == 0:
        return draws.rest()
    text = json.dumps(_changed(draws, whole)).encode()
    if kind == 1:
        at = draws.number(0, len(text))
        text = text[:at] + draws.choice(_YAML) + text[at + draws.number(0, 9) :]
    elif kind == 2:
        return b"a: " + draws.choice(_YAML) + b"\n" + draws.choice(_YAML)
    return text


def run_contract(data: bytes) -> None:
    """A contract, or each of its faults with its place; one that is taken can be used."""
    draws = Draws(data)
    published = draws.flag()
    text = _document(draws, _CONTRACT)
    try:
        contract = parse_contract(text, "test.yaml", published=published)
    except BrokenContract as error:
        says_nothing_personal(error)
        return
    Contracts(CELL_KEY, [contract])


_SEGMENT = {
    "id": "s",
    "version": 1,
    "title": "t",
    "about": "a",
    "owner": "o",
    "rule": {
        "all": [{"less": [{"sum": "spent", "days": [-30, 0]}, 5]}, {"not": {"any": [{"equal": [1, 2]}]}}]
    },
}


def run_segment(data: bytes) -> None:
    """A definition, or what is wrong with it."""
    text = _document(Draws(data), _SEGMENT)
    try:
        segment_from_yaml(text.decode("utf-8", "replace"))
    except CallerError as error:
        says_nothing_personal(error)


_AVRO = {
    "type": "record",
    "name": "customer",
    "namespace": "core",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "name", "type": ["null", "string"], "default": None},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "more", "type": {"type": "array", "items": {"type": "enum", "name": "e", "symbols": ["A"]}}},
        {"name": "sum", "type": {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}},
    ],
}
_JSON = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "enum": ["a", 1, None]},
        "more": {"anyOf": [{"type": "integer", "minimum": 1}, {"$ref": "#/definitions/x"}]},
    },
    "definitions": {"x": {"allOf": [{"type": "array", "items": {"$ref": "#"}}]}},
    "required": ["id"],
    "additionalProperties": False,
}


def run_schema(data: bytes) -> None:
    """A schema in either language, or why it is none; one that is taken reads what it writes."""
    draws = Draws(data)
    avro = draws.flag()
    text = _document(draws, _AVRO if avro else _JSON).decode("utf-8", "replace")
    try:
        node = parsed(
            schema_of(
                text, draws.choice(("AVRO", "JSON", None)) if draws.flag() else ("AVRO" if avro else "JSON")
            )
        )
    except SchemaInvalid as error:
        says_nothing_personal(error)
        return
    assert not unreadable(node, node)
    contract_faults(compiled("core", "customer").item, node)


_QUERIES: tuple[type[msgspec.Struct], ...] = (TransactionsQuery, TimelineQuery, QuarantineQuery, AuditQuery)
_NAMES = (
    "purpose",
    "account",
    "q",
    "direction",
    "from",
    "to",
    "least",
    "most",
    "cursor",
    "limit",
    "kind",
    "reason",
)
_WORDS = (
    "",
    "0",
    "1",
    "-1",
    "9" * 30,
    "1e3",
    "2024-02-30",
    "2024-02-29",
    "0000-00-00",
    "9999-12-31",
    "١",
    "²",
    "a" * 300,
)


def run_words(data: bytes) -> None:
    """Parameters, cursors, ids, durations, cells: taken or told, and what is taken says the same again."""
    draws = Draws(data)
    given = {draws.choice(_NAMES): draws.choice(_WORDS) if draws.flag() else draws.text(40) for _ in range(3)}
    try:
        query: Any = msgspec.convert(given, draws.choice(_QUERIES), strict=False)
    except msgspec.ValidationError:
        query = None
    if query is not None:
        cursor = getattr(query, "cursor", "")
        days = [it for it in (getattr(query, "first", ""), getattr(query, "last", "")) if it]
        for read, word in ((place_of, cursor), *((first_ms_of, it) for it in days)):
            _told(read, word)
    text = draws.choice(_WORDS) if draws.flag() else draws.text(60)
    for parse in (seconds_of, Cell.parse, id_from_text, first_ms_of):
        _told(parse, text)
    place = _told(place_of, f"{draws.number(-(10**14), 10**14)}.{draws.take(16).ljust(16, b'a').hex()}")
    assert place is not None
    assert place_of(cursor_of(place)) == place


def _told(read: Any, text: str) -> Any:
    try:
        return read(text)
    except CallerError as error:
        says_nothing_personal(error)
        return None


_SEEDS = tuple(bytes([number]) + bytes(range(number, number + 150)) for number in range(0, 100, 9))
_BERKA = b"\1\0" + (ROOT / "examples" / "streams" / "bank.yaml").read_bytes()
_TOKENS = (*_YAML, b"customProperties:", b"- {property: ", b"map:", b"from: ", b"as: ")

TARGETS = (
    Target(
        "definitions-contract",
        run_contract,
        (_BERKA, *_SEEDS),
        tuple(it for it in _TOKENS if len(it) < 60),
        1,
        8192,
    ),
    Target(
        "definitions-segment",
        run_segment,
        (b"\0" + json.dumps(_SEGMENT).encode(), *_SEEDS),
        (b'"all"', b"[" * 30),
        share=5,
    ),
    Target("definitions-schema", run_schema, _SEEDS, (b'"type"', b'"$ref"', b'"fields"', b'"#/"'), share=5),
    Target("definitions-words", run_words, _SEEDS, (b"2024-02-29", b"1.", b"0" * 32), share=50),
)
