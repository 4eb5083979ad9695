"""Values in Confluent's wire format for Avro: the schema from a registry, the row as JSON can hold it.

A schema is somebody else's input, too: one that could make a short message long (a list of nothings) or deep
(a type within itself) is not read.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import msgspec
from fastavro import parse_schema, schemaless_reader
from fastavro.schema import SchemaParseException, UnknownType

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.intake.envelopes.messages import FRAME_BYTES

KNOWN_MAX = 1_000

Schemas = Callable[[int], Sequence[str]]
"""The schema of an id, those it refers to before it; empty when there is none. `Unavailable` may pass."""


class AvroReader:
    """Implements `ReadAvro`; one for each registry. Safe to share by threads."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._known: dict[int, Any] = {}

    def __call__(self, framed: bytes) -> Any:
        """The value; `RowFault` where its schema is unknown or not read, or it is not of its schema."""
        schema = self._schema(int.from_bytes(framed[1:FRAME_BYTES], "big"))
        data = BytesIO(framed)
        data.seek(FRAME_BYTES)
        try:
            value = schemaless_reader(data, schema, None)
        except _BROKEN:
            raise RowFault(Reason.BAD_ENVELOPE) from None
        if data.tell() != len(framed):
            raise RowFault(Reason.BAD_ENVELOPE)
        return plain(value)

    def _schema(self, number: int) -> Any:
        found = self._known.get(number)
        if found is None:
            texts = self._schemas(number)
            found = _parsed(texts) if texts else None
            if found is None:
                raise RowFault(Reason.UNKNOWN_SCHEMA)
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            self._known[number] = found
        return found


_BROKEN = (
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    OverflowError,
    RecursionError,
    TypeError,
    UnicodeDecodeError,
    ValueError,
    ArithmeticError,
    StopIteration,
)
"""What fastavro raises on bytes that are not of their schema."""


def _parsed(texts: Sequence[str]) -> Any:
    """The last of some schemas, ready to read with; None when it cannot be, or may not be."""
    named: dict[str, Any] = {}
    try:
        schemas = [msgspec.json.decode(it) for it in texts]
        if not all(map(_is_bounded, schemas)):
            return None
        return [parse_schema(it, named_schemas=named) for it in schemas][-1]
    except (SchemaParseException, UnknownType, *_BROKEN, AttributeError, msgspec.DecodeError):
        return None


def _is_bounded(schema: Any, space: str = "", within: tuple[str, ...] = (), is_branch: bool = False) -> bool:
    """Whether every value takes a byte at least, and none can hold another of its own type.

    Nothing (null) is a value that takes no byte, but as a branch of a union, whose number is one.
    """
    if isinstance(schema, list):
        return all(_is_bounded(it, space, within, is_branch=True) for it in schema)
    if isinstance(schema, str):
        name = schema if "." in schema or not space else f"{space}.{schema}"
        return schema not in within and name not in within and (is_branch or schema != "null")
    kind = schema["type"]
    if kind == "array":
        return _is_bounded(schema["items"], space, within)
    if kind == "map":
        return _is_bounded(schema["values"], space, within)
    if kind == "fixed":
        return int(schema["size"]) > 0
    if kind not in {"record", "error"}:
        return kind == "enum" or _is_bounded(kind, space, within, is_branch)
    space, name = _named(schema, space)
    fields = schema["fields"]
    return bool(fields) and all(_is_bounded(it["type"], space, (*within, name)) for it in fields)


def _named(schema: Mapping[str, Any], space: str) -> tuple[str, str]:
    """The namespace within a named type, and its full name."""
    name = str(schema["name"])
    if "." in name:
        return name.rpartition(".")[0], name
    space = str(schema.get("namespace") or space)
    return space, f"{space}.{name}" if space else name


_TURNS: dict[type, Callable[[Any], Any]] = {
    dict: lambda value: {str(name): plain(it) for name, it in value.items()},
    list: lambda value: [plain(it) for it in value],
    float: lambda value: value if math.isfinite(value) else None,
    Decimal: lambda value: format(value, "f") if value.is_finite() else None,
    dt.datetime: dt.datetime.isoformat,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    UUID: str,
    bytes: bytes.hex,
}


def plain(value: Any) -> Any:
    """A value as what JSON can hold and a contract reads, as a database's answers are."""
    turn = _TURNS.get(type(value))
    return turn(value) if turn is not None else value
