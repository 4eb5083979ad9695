"""What a source answers about one thing, read by its contract as if it stood in a row.

The answer passes the checks, the transforms and the closed words that a kept value of the property passes at
the door. It must say whose it is: one that does not repeat the key is believed in nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from onefold.record.contracts.compile import CompiledObject, Values
from onefold.record.contracts.fetching import parameters_of
from onefold.record.contracts.keys import BirthIds
from onefold.record.contracts.model import Contract, Fetch, ObjectContract, Query, Store
from onefold.record.log.model import EventKind

Parameters = dict[str, str | int]
"""The parts of one key by the names that a statement or path calls them."""


class Answers:
    """The answers for one object with `fetch`."""

    def __init__(self, contract: Contract, item: ObjectContract, ids: BirthIds) -> None:
        assert item.fetch is not None
        self.fetch: Fetch = item.fetch
        self.version = contract.version
        self.entity = item.entity
        self._item = item
        self._read = CompiledObject(contract, _as_rows(item), ids)
        types = {it.path: it.logical_type for it in item.properties}
        self._whole = tuple(types.get(path) == "integer" for path in item.key)

    def parameters(self, key: str) -> Parameters | None:
        """A fragment's key as it is bound; None where the key cannot be one of this object."""
        if not key.startswith(self._item.key_prefix):
            return None
        bare = key.removeprefix(self._item.key_prefix)
        parts = _parts(bare) if len(self._item.key) > 1 else [bare]
        if len(parts) != len(self._item.key):
            return None
        bound: Parameters = {}
        for name, part, whole in zip(parameters_of(self._item.key), parts, self._whole, strict=True):
            if whole and not (part.isascii() and part.removeprefix("-").isdigit()):
                return None
            bound[name] = int(part) if whole else part
        return bound

    def properties(self, fields: Iterable[str]) -> tuple[str, ...]:
        """What must be asked for so that the fields can be made: the key, and what their rules read."""
        wanted = frozenset(self._item.key)
        for name in fields:
            wanted |= self._item.rules[name].reads
        return tuple(it.path for it in self._item.properties if it.path in wanted)

    def read(self, key: str, answer: dict[str, Any], fields: Iterable[str]) -> Values | None:
        """The fields that the answer states; None where it is not about that key, or does not say so.

        `RowFault` where it breaks the contract.
        """
        if self._read.key(answer) != key:
            return None
        row = self._read.check(answer)
        values = self._read.values(row, 0, whole=False)
        return {name: values[name] for name in fields if values.get(name) is not None}


def _as_rows(item: ObjectContract) -> ObjectContract:
    """The object as a table that holds the key and what is fetched, all of it kept, and nothing else."""
    fetch, fetched = item.fetch, item.fetched
    assert fetch is not None
    properties = tuple(
        msgspec.structs.replace(it, store=Store.KEEP, required=it.path in item.key)
        for it in item.properties
        if it.path in fetched or it.path in item.key
    )
    return ObjectContract(
        name=item.name,
        about=item.about,
        entity=item.entity,
        delivers=item.delivers,
        kind=EventKind.UPSERT,
        key=item.key,
        key_prefix=item.key_prefix,
        subjects=(),
        properties=properties,
        rules={name: item.rules[name] for name in item.fetched_fields},
        absent=item.absent,
        # Columns: a dot in a name is just a dot.
        query=Query(fetch.connection, fetch.statement),
    )


def _parts(key: str) -> list[str]:
    """The parts of a composed key, undoing what kept them apart."""
    parts, escaped = [""], False
    for letter in key:
        if escaped or letter not in "\\|":
            parts[-1] += letter
            escaped = False
        elif letter == "\\":
            escaped = True
        else:
            parts.append("")
    return parts
