"""Schemas, the places where they are registered, and what one says of a row."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Any

import msgspec


class SchemaKind(StrEnum):
    """The schema languages that are understood."""

    AVRO = "AVRO"
    JSON = "JSON"


class Schema(msgspec.Struct, frozen=True):
    """A schema as it was written. Whitespace and the order of keys make no other schema of it."""

    kind: SchemaKind
    text: str

    @property
    def digest(self) -> bytes:
        """Equal for schemas that say the same in the same language; the text has to be JSON."""
        compact = msgspec.json.encode(msgspec.json.decode(self.text), order="deterministic")
        return hashlib.sha256(self.kind.encode() + b"\0" + compact).digest()


class Registered(msgspec.Struct, frozen=True):
    """One version of a subject. `derived`: made from the contract; others were registered by a producer."""

    subject: str
    version: int
    id: int
    schema: Schema
    derived: bool


KINDS = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
"""What JSON knows; Avro has days, instants, times, decimals and bytes besides."""


class Node(msgspec.Struct, frozen=True):
    """What a schema lets stand at one place: kinds of values, and what is within them.

    `values` closes the list of values; `limits` are narrowing words as they stand in a JSON Schema.
    """

    kinds: frozenset[str]
    properties: dict[str, Node] = {}
    required: frozenset[str] = frozenset()
    closed: bool = False
    items: Node | None = None
    values: frozenset[str] | None = None
    limits: dict[str, Any] = {}


ANYTHING = Node(KINDS)
