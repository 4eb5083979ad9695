"""Avro: the schema of a contract's object, what a schema writes, and whether one reads another."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from functools import reduce
from typing import Any

import avro.schema
import msgspec
from avro.compatibility import (
    ReaderWriterCompatibilityChecker,
    SchemaCompatibilityType,
    lookup_writer_field,
    schema_name_equals,
)
from avro.errors import AvroException, IgnoredLogicalType

from onefold.record.canon.entities import FieldClass
from onefold.record.contracts.model import ObjectContract, Property
from onefold.record.contracts.schemas.errors import SchemaInvalid
from onefold.record.contracts.schemas.model import ANYTHING, Node
from onefold.record.contracts.schemas.nodes import Budget, either
from onefold.record.contracts.schemas.writing import Branch, branches_of

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPES: dict[str, Any] = {
    "integer": "long",
    "number": "double",
    "boolean": "boolean",
    "object": {"type": "map", "values": "string"},
    "map": {"type": "map", "values": "string"},
    "array": {"type": "array", "items": "string"},
}
_KINDS = {
    "null": "null", "boolean": "boolean", "int": "integer", "long": "integer", "float": "number",
    "double": "number", "bytes": "bytes", "fixed": "bytes", "string": "string", "enum": "string",
    "array": "array", "map": "object", "record": "object",
}  # fmt: skip
_LOGICAL = {
    "date": "day",
    "decimal": "decimal",
    "time-millis": "time",
    "time-micros": "time",
    "timestamp-millis": "instant",
    "timestamp-micros": "instant",
}
_OPEN_CLASSES = {FieldClass.OPEN, FieldClass.INTERNAL}
_DEPTH_MAX = 20


_checker: Callable[[], ReaderWriterCompatibilityChecker] = ReaderWriterCompatibilityChecker


def derive_avro(source: str, item: ObjectContract) -> str | None:
    """The record that holds what the object keeps; None where Avro has no name for a property."""
    tree = branches_of(item)
    if not _nameable(tree):
        return None
    space = ".".join(_named(part) for part in source.split("."))
    record = _record(_named(item.name), tree)
    record = {"type": "record", "name": record["name"], "namespace": space} | record
    if item.about:
        record["doc"] = item.about
    return msgspec.json.encode(record).decode()


def _nameable(tree: Branch) -> bool:
    return all(
        _NAME.fullmatch(name) and (isinstance(it, Property) or _nameable(it)) for name, it in tree.items()
    )


def _named(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)
    return name if _NAME.fullmatch(name) else f"_{name}"


def _record(name: str, tree: Branch) -> dict[str, Any]:
    fields = []
    for part, it in tree.items():
        if isinstance(it, Property):
            kind, required = _TYPES.get(it.logical_type, "string"), it.required
        else:
            kind, required = _record(f"{name}_{part}", it), _needed(it)
        field: dict[str, Any] = {"name": part, "type": kind if required else ["null", kind]}
        if not required:
            field["default"] = None
        if isinstance(it, Property):
            if it.about:
                field["doc"] = it.about
            if it.field_class not in _OPEN_CLASSES:
                field["confluent:tags"] = [it.field_class.value.upper()]
        fields.append(field)
    return {"type": "record", "name": name, "fields": fields}


def _needed(tree: Branch) -> bool:
    return any(it.required if isinstance(it, Property) else _needed(it) for it in tree.values())


def parse_avro(text: str) -> avro.schema.Schema:
    """The schema; `SchemaInvalid` says what cannot be read in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", IgnoredLogicalType)
            return avro.schema.parse(text)
    except (AvroException, AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise SchemaInvalid("This is not a schema of Avro.", detail=str(error)[:300]) from None


def avro_node(schema: avro.schema.Schema) -> Node:
    """What the schema lets stand in a row; beyond some depth (a type within itself) anything."""
    return _node(schema, 0, Budget())


def _node(schema: avro.schema.Schema, depth: int, budget: Budget) -> Node:
    budget.spend()
    if depth > _DEPTH_MAX:
        return ANYTHING
    if isinstance(schema, avro.schema.UnionSchema):
        return reduce(either, [_node(it, depth + 1, budget) for it in schema.schemas], Node(frozenset()))
    kinds = frozenset(
        {_LOGICAL.get(str(schema.get_prop("logicalType")), _KINDS.get(schema.type, schema.type))}
    )
    if isinstance(schema, avro.schema.RecordSchema):
        inner = {it.name: _node(it.type, depth + 1, budget) for it in schema.fields}
        return Node(kinds, inner, frozenset(inner))
    if isinstance(schema, avro.schema.ArraySchema):
        return Node(kinds, items=_node(schema.items, depth + 1, budget))
    if isinstance(schema, avro.schema.EnumSchema):
        return Node(kinds, values=frozenset(schema.symbols))
    return Node(kinds)


def unreadable_avro(reader: avro.schema.Schema, writer: avro.schema.Schema) -> list[str]:
    """Why a reader cannot read all that a writer may write.

    What the outermost record is called does not matter: its name is not in the data.
    """
    return _unreadable(reader, writer, "", set())


def _unreadable(
    reader: avro.schema.Schema, writer: avro.schema.Schema, at: str, seen: set[tuple[int, int]]
) -> list[str]:
    """The library tells what is wrong in all; record by record it is told where."""
    if not (isinstance(reader, avro.schema.RecordSchema) and isinstance(writer, avro.schema.RecordSchema)):
        found = _checker().get_compatibility(reader, writer)
        if found.compatibility is SchemaCompatibilityType.compatible:
            return []
        return [f"{at or 'the row'}: {', '.join(sorted(found.messages))}"]
    if (id(reader), id(writer)) in seen:
        return []
    seen.add((id(reader), id(writer)))
    if at and not schema_name_equals(reader, writer):
        return [f"{at}: is the record {reader.name}, and was {writer.name}"]
    faults = []
    for field in reader.fields:
        place = f"{at}.{field.name}" if at else field.name
        written = lookup_writer_field(writer_schema=writer, reader_field=field)
        if written is not None:
            faults += _unreadable(field.type, written.type, place, seen)
        elif not field.has_default:
            faults.append(f"{place}: is not always written, and has no default")
    return faults
