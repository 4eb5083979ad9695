"""What two schemas let stand together, and whether one reads what the other writes."""

from __future__ import annotations

from typing import Any

from onefold.record.contracts.schemas.errors import SchemaInvalid
from onefold.record.contracts.schemas.model import Node

_NODES_MAX = 20_000
_LOWER = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
_UPPER = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}


class Budget:
    """Bounds the work that one schema makes: types that hold one another many times over are endless."""

    def __init__(self) -> None:
        self._left = _NODES_MAX

    def spend(self) -> None:
        """Counts one place; `SchemaInvalid` when there were too many."""
        self._left -= 1
        if self._left < 0:
            raise SchemaInvalid("The schema has too many places to be compared.")


def either(left: Node, right: Node) -> Node:
    """What is one or the other."""
    if "object" not in left.kinds:
        objects = right
    elif "object" not in right.kinds:
        objects = left
    else:
        names = {*left.properties, *right.properties}
        objects = Node(
            frozenset(),
            {it: _one_of(left.properties.get(it), right.properties.get(it), either) for it in sorted(names)},
            left.required & right.required,
            closed=left.closed and right.closed,
        )
    return Node(
        left.kinds | right.kinds,
        objects.properties,
        objects.required,
        objects.closed,
        _one_of(left.items, right.items, either) if left.items or right.items else None,
        None if left.values is None or right.values is None else left.values | right.values,
        {word: limit for word, limit in left.limits.items() if right.limits.get(word) == limit},
    )


def both(left: Node, right: Node) -> Node:
    """What is one and the other."""
    names = {*left.properties, *right.properties}
    kinds = left.kinds & right.kinds
    if ("integer" in left.kinds and "number" in right.kinds) or (
        "number" in left.kinds and "integer" in right.kinds
    ):
        kinds |= {"integer"}
    return Node(
        kinds,
        {it: _one_of(left.properties.get(it), right.properties.get(it), both) for it in sorted(names)},
        left.required | right.required,
        left.closed or right.closed,
        _one_of(left.items, right.items, both) if left.items or right.items else None,
        left.values if right.values is None else right.values & (left.values or right.values),
        left.limits | right.limits,
    )


def _one_of(left: Node | None, right: Node | None, made: Any) -> Node:
    if left is None or right is None:
        found = left or right
        assert found is not None
        return found
    joined: Node = made(left, right)
    return joined


def unreadable(reader: Node, writer: Node, at: str = "") -> list[str]:
    """Why a reader cannot read all that a writer may write: place and reason, none when it can."""
    place = at or "the row"
    faults = []
    readable = reader.kinds | ({"integer"} if "number" in reader.kinds else set())
    if extra := writer.kinds - readable:
        faults.append(f"{place}: {words(extra)} is not read, only {words(reader.kinds)}")
    if reader.values is not None and writer.values is None:
        faults.append(f"{place}: only listed values are read")
    elif reader.values is not None and writer.values is not None and writer.values - reader.values:
        faults.append(
            f"{place}: {words(writer.values - reader.values)} is not among the values that are read"
        )
    faults += [
        f"{place}: {word} {limit} is not promised"
        for word, limit in sorted(reader.limits.items())
        if not _within(word, limit, writer.limits.get(word))
    ]
    if "object" in reader.kinds & writer.kinds:
        faults += _unreadable_within(reader, writer, f"{at}." if at else "")
    if reader.items is not None and writer.items is not None:
        faults += unreadable(reader.items, writer.items, f"{place}[]")
    return faults


def _unreadable_within(reader: Node, writer: Node, before: str) -> list[str]:
    faults = [
        f"{before}{it}: is required, and not always written"
        for it in sorted(reader.required - writer.required)
    ]
    for name, inner in writer.properties.items():
        if name in reader.properties:
            faults += unreadable(reader.properties[name], inner, before + name)
        elif reader.closed:
            faults.append(f"{before}{name}: is written, and no other properties are read")
    return faults


def _within(word: str, limit: Any, written: Any) -> bool:
    """Whether what is written under one limit is within another."""
    if written is None or limit == written:
        return written is not None
    if isinstance(limit, int | float) and isinstance(written, int | float):
        return (word in _LOWER and written >= limit) or (word in _UPPER and written <= limit)
    return False


def words(found: frozenset[str] | set[str]) -> str:
    """Kinds or values in a sentence."""
    return " or ".join(sorted(found)) or "nothing"
