"""Whether a schema writes what a contract's object can take: the contract is the reader of everything."""

from __future__ import annotations

import msgspec

from onefold.record.contracts.model import Envelope, ObjectContract, Property, Store
from onefold.record.contracts.schemas.model import Node
from onefold.record.contracts.schemas.nodes import words
from onefold.record.contracts.wrapping import CHANGE_MS, CHANGE_OP

_READS = {
    "string": {"string"},
    "date": {"string", "day"},
    "timestamp": {"string", "instant", "integer"},
    "time": {"string", "time"},
    "integer": {"integer"},
    "number": {"integer", "number", "decimal"},
    "boolean": {"boolean"},
    "object": {"object"},
    "map": {"object"},
    "array": {"array"},
}

Branch = dict[str, "Property | Branch"]


def path_of(item: ObjectContract, it: Property) -> tuple[str, ...]:
    """The steps to a property; in a row of columns a dot in a name is just a dot."""
    return (it.path,) if item.flat else tuple(it.path.split("."))


def written_of(item: ObjectContract) -> tuple[Property, ...]:
    """What the source itself writes: not what is taken from the envelope of a change."""
    if item.envelope is not Envelope.DEBEZIUM:
        return item.properties
    return tuple(it for it in item.properties if it.path not in {CHANGE_OP, CHANGE_MS})


def branches_of(item: ObjectContract) -> Branch:
    """What is kept of a row, nested as the row is. Nobody is told to write what would not be kept."""
    tree: Branch = {}
    stored = item.stored
    for it in written_of(item):
        if it in stored:
            at = tree
            *before, last = path_of(item, it)
            for part in before:
                inner = at.setdefault(part, {})
                if isinstance(inner, Property):  # an object that is declared both whole and in parts
                    inner = at[part] = {}
                at = inner
            if not isinstance(at.get(last), dict):
                at[last] = it
    return tree


def contract_faults(item: ObjectContract, row: Node) -> list[str]:
    """Why the object cannot take what a schema writes: property and reason, none when it can.

    A schema of whole changes, as connectors of Debezium register them, writes the row under `after`.
    """
    after = row.properties.get("after")
    if item.envelope is Envelope.DEBEZIUM and after is not None and "op" in row.properties:
        row = msgspec.structs.replace(after, kinds=after.kinds - {"null"})
    if row.kinds != {"object"}:
        return ["the row: has to be a record or an object"]
    fetched = item.fetched
    return [fault for it in written_of(item) if it.path not in fetched and (fault := _fault(item, it, row))]


def _fault(item: ObjectContract, it: Property, row: Node) -> str:
    found, always = _find(row, path_of(item, it))
    kinds = found.kinds - {"null"} if found else frozenset()
    if it.store is Store.REFUSE:
        return f"{it.path}: must not be stored, so it must not be written" if kinds else ""
    if it.required and found is None:
        return f"{it.path}: is required by the contract, and this schema does not write it"
    if it.required and not always:
        return f"{it.path}: is required by the contract, and may be missing or null in this schema"
    if found is None or it.store is Store.DROP:
        return ""
    reads = _READS.get(it.logical_type)
    if reads is not None and kinds - reads:
        return (
            f"{it.path}: the contract reads {it.logical_type}, and this schema writes {words(kinds - reads)}"
        )
    if it.allowed and found.values and (extra := found.values - set(it.allowed) - {""}):
        return f"{it.path}: the contract has no value {words(extra)}"
    return ""


def _find(row: Node, path: tuple[str, ...]) -> tuple[Node | None, bool]:
    """What stands at a path, and whether something always does."""
    at, always = row, True
    for part in path:
        inner = at.properties.get(part)
        if inner is None:
            return None, False
        always = always and at.kinds == {"object"} and part in at.required
        at = inner
    return at, always and "null" not in at.kinds
