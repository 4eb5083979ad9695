"""The registry of transforms: what a contract may say after `as:`, with which options, giving which type.

Each is pure and pinned by name for ever: changing what a published name does would change the past,
because the log is mapped again at every replay. A better one gets a new name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from onefold.record.canon.entities import FieldType
from onefold.record.contracts import contacts, conversations, moments, texts
from onefold.record.contracts.texts import Transform


class Option(NamedTuple):
    """One option: the YAML type it has, and whether the transform cannot do without."""

    kind: type
    required: bool = False
    choices: tuple[str, ...] = ()


class TransformSpec(NamedTuple):
    """One transform. `many` takes several `from` properties. `ref` and `fragment` need the cell: no build."""

    gives: frozenset[FieldType]
    options: dict[str, Option]
    build: Callable[[dict[str, Any]], Transform] | None = None
    many: bool = False


_TEXT = frozenset({FieldType.TEXT})
_DAY = frozenset({FieldType.DAY})
_INSTANT = frozenset({FieldType.INSTANT})
_REF = frozenset({FieldType.REF})
_DATES = {"format": Option(str), "pivot": Option(int)}
_INVALID = Option(str, choices=("absent", "fault"))
_DECIMAL = Option(str, choices=(".", ","))

TRANSFORMS: dict[str, TransformSpec] = {
    "text": TransformSpec(_TEXT, {"prefix": Option(str), "limit": Option(int)}, texts.text),
    "lower": TransformSpec(_TEXT, {}, texts.lower),
    "upper": TransformSpec(_TEXT, {}, texts.upper),
    "join": TransformSpec(_TEXT, {"separator": Option(str)}, texts.join, many=True),
    "passage": TransformSpec(_TEXT, {"limit": Option(int)}, conversations.passage),
    "talk": TransformSpec(
        _TEXT,
        {
            "author": Option(str),
            "at": Option(str),
            "text": Option(str),
            "clock": Option(str, choices=("instants", "seconds")),
            "format": Option(str),
            "zone": Option(str),
            "limit": Option(int),
        },
        conversations.talk,
    ),
    "list": TransformSpec(
        _TEXT, {"each": Option(str), "separator": Option(str), "limit": Option(int)}, conversations.listed
    ),
    "integer": TransformSpec(frozenset({FieldType.INTEGER}), {"round": Option(bool)}, texts.integer),
    "flag": TransformSpec(
        frozenset({FieldType.FLAG}), {"true": Option(list), "false": Option(list)}, texts.flag
    ),
    "values": TransformSpec(
        frozenset({FieldType.TEXT, FieldType.FLAG, FieldType.INTEGER}),
        {"values": Option(dict, required=True), "default": Option(object), "caseless": Option(bool)},
        texts.values,
    ),
    "sign": TransformSpec(
        _TEXT,
        {"positive": Option(str, required=True), "negative": Option(str, required=True), "decimal": _DECIMAL},
        texts.sign,
    ),
    "money": TransformSpec(
        frozenset({FieldType.MONEY}),
        {
            "currency": Option(object),
            "absolute": Option(bool),
            "unit": Option(str, choices=("major", "minor")),
            "decimal": _DECIMAL,
        },
        texts.money,
    ),
    "date": TransformSpec(_DAY, {**_DATES, "placeholders": Option(list)}, moments.day),
    "instant": TransformSpec(_INSTANT, {**_DATES, "zone": Option(str)}, moments.instant),
    "czech_birth_number": TransformSpec(
        _DAY | _TEXT,
        {"part": Option(str, required=True, choices=("date", "gender"))},
        moments.czech_birth_number,
    ),
    "phone": TransformSpec(_TEXT, {"country": Option(str), "invalid": _INVALID}, contacts.phone),
    "email": TransformSpec(_TEXT, {"invalid": _INVALID}, contacts.email),
    "identifier": TransformSpec(
        _TEXT, {"check": Option(str), "pattern": Option(str), "invalid": _INVALID}, contacts.identifier
    ),
    "ref": TransformSpec(
        _REF, {"source": Option(str), "object": Option(str), "prefix": Option(str)}, many=True
    ),
    "fragment": TransformSpec(_REF, {}),
}

DEFAULT_TRANSFORM: dict[FieldType, str] = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "integer",
    FieldType.FLAG: "flag",
    FieldType.DAY: "date",
    FieldType.INSTANT: "instant",
    FieldType.MONEY: "money",
    FieldType.REF: "ref",
}
"""What a rule without `as:` uses, by the type of the canonical field."""
