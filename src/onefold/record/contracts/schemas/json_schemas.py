"""JSON Schema: the schema of a contract's object, what a schema writes, and whether one reads another."""

from __future__ import annotations

from functools import reduce
from typing import Any

import msgspec

from onefold.record.contracts.limits import json_words
from onefold.record.contracts.model import ObjectContract, Property
from onefold.record.contracts.schemas.errors import SchemaInvalid
from onefold.record.contracts.schemas.model import ANYTHING, KINDS, Node
from onefold.record.contracts.schemas.nodes import Budget, both, either
from onefold.record.contracts.schemas.writing import Branch, branches_of
from onefold.record.contracts.texts import plain

_DRAFT = "http://json-schema.org/draft-07/schema#"
_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "array": "array"}
_WHOLE = {"object", "map"}
_LIMITS = {
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems",
    "maxItems", "minProperties", "maxProperties", "multipleOf", "pattern", "format", "uniqueItems",
    "patternProperties", "propertyNames", "contains", "dependentRequired", "dependentSchemas",
    "dependencies", "not", "if", "then", "else", "unevaluatedProperties", "unevaluatedItems",
}  # fmt: skip
_DEPTH_MAX = 20


def derive_json(source: str, item: ObjectContract) -> str:
    """The object that holds what the contract's object keeps. Other properties may stand beside them."""
    head: dict[str, Any] = {"$schema": _DRAFT, "title": f"{source}.{item.name}"}
    if item.about:
        head["description"] = item.about
    return msgspec.json.encode(head | _object(branches_of(item))).decode()


def _object(tree: Branch) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required = []
    for name, it in tree.items():
        if isinstance(it, Property):
            inner, needed = _value(it), it.required
        else:
            inner = _object(it)
            needed = bool(inner.get("required"))
            if not needed:
                inner["type"] = ["object", "null"]
        properties[name] = inner
        if needed:
            required.append(name)
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return made | {"required": required} if required else made


def _value(it: Property) -> dict[str, Any]:
    kind = "object" if it.logical_type in _WHOLE else _TYPES.get(it.logical_type, "string")
    made: dict[str, Any] = {"type": kind if it.required else [kind, "null"]}
    if it.allowed and kind == "string":
        made["enum"] = [*it.allowed] if it.required else [*it.allowed, None]
    if it.limits:
        made |= json_words(it.logical_type, it.limits)
    if it.about:
        made["description"] = it.about
    return made


def parse_json(text: str) -> Any:
    """The schema; `SchemaInvalid` says what cannot be read in it."""
    import jsonschema
    from jsonschema.validators import validator_for

    try:
        schema = msgspec.json.decode(text)
        if not _is_schema(schema):
            raise SchemaInvalid("This is not a JSON Schema.", hint="It is an object, with $schema as text.")
        validator_for(schema, default=jsonschema.Draft7Validator).check_schema(schema)
    except jsonschema.SchemaError as error:
        raise SchemaInvalid("This is not a JSON Schema.", detail=error.message[:300]) from None
    except (ValueError, RecursionError):
        raise SchemaInvalid("This is not JSON.") from None
    return schema


def _is_schema(schema: Any) -> bool:
    if isinstance(schema, dict):
        return isinstance(schema.get("$schema", _DRAFT), str)
    return isinstance(schema, bool)


def json_node(schema: Any) -> Node:
    """What the schema lets stand in a row."""
    return _node(schema, schema, 0, Budget())


def _node(schema: Any, root: Any, depth: int, budget: Budget) -> Node:
    budget.spend()
    if isinstance(schema, bool):
        return ANYTHING if schema else Node(frozenset())
    if depth > _DEPTH_MAX:
        return ANYTHING
    found = _own(schema, root, depth, budget)
    if "$ref" in schema:
        found = both(found, _node(_referred(schema["$ref"], root), root, depth + 1, budget))
    for it in schema.get("allOf", ()):
        found = both(found, _node(it, root, depth + 1, budget))
    for word in ("anyOf", "oneOf"):
        branches = [_node(it, root, depth + 1, budget) for it in schema.get(word, ())]
        if branches:
            found = both(found, reduce(either, branches))
    return found


def _own(schema: dict[str, Any], root: Any, depth: int, budget: Budget) -> Node:
    """What the schema says itself, without what it refers to."""
    inner = schema.get("properties", {})
    items = schema.get("items")
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return Node(
        _kinds(schema, values),
        {name: _node(it, root, depth + 1, budget) for name, it in inner.items()},
        frozenset(schema.get("required", ())),
        schema.get("additionalProperties") is False,
        _node(items, root, depth + 1, budget) if isinstance(items, dict | bool) else None,
        None if values is None else frozenset(_plain(it) for it in values if it is not None),
        {word: schema[word] for word in sorted(_LIMITS & set(schema))},
    )


def _kinds(schema: dict[str, Any], values: list[Any] | None) -> frozenset[str]:
    stated = schema.get("type")
    if stated is not None:
        kinds = frozenset([stated] if isinstance(stated, str) else stated)
    else:
        kinds = frozenset({"object"}) if "properties" in schema else KINDS
    if values is None:
        return kinds
    found = {_kind_of(it) for it in values}
    return frozenset(it for it in found if it in kinds or (it == "integer" and "number" in kinds))


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names: dict[type, str] = {str: "string", int: "integer", float: "number", dict: "object", list: "array"}
    return names.get(type(value), "null")


def _plain(value: Any) -> str:
    return plain(value) if isinstance(value, str | int | float) else msgspec.json.encode(value).decode()


def _referred(reference: Any, root: Any) -> Any:
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise SchemaInvalid(
            "The schema refers to another document.", hint="Put what it refers to under $defs of the same."
        )
    at = root
    for part in reference[1:].split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(at, dict) or part not in at:
            raise SchemaInvalid("The schema refers to what it does not hold.", detail=reference[:100])
        at = at[part]
    return at
