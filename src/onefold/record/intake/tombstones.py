"""Deletions that no row states: of things which a full snapshot no longer lists.

A tombstone is an event like others, so it must fold to the same wherever it comes in the log: its body holds
the key, its instant is the snapshot's. All tombstones of a source share one digest, by which the door's
index, made of headers alone, knows what is gone already.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from onefold.kernel.ids import CellKey
from onefold.kernel.time import MS_PER_DAY
from onefold.record.contracts.compile import CompiledObject
from onefold.record.intake.model import Prepared, Row
from onefold.record.log.model import EventKind

_PARTS = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_ESCAPED = re.compile(r"\\(.)")


class Gone(NamedTuple):
    """A thing that a snapshot lacks, as the state knows it."""

    fragment_id: bytes
    subject_id: bytes
    key: str


class Tombstones:
    """Makes the tombstones of one object."""

    def __init__(self, found: CompiledObject, cell_key: CellKey) -> None:
        source = found.source.encode()
        self.object = found
        self.digest = cell_key.digest(b"gone", source)
        self._event_id = cell_key.digester(b"event", source, b"gone", found.name.encode())

    def rows(self, gone: list[Gone], as_of: int) -> list[Row]:
        """What the committer takes, one row a thing."""
        return [Row(self.object.name, (self._prepared(it, as_of),), None) for it in gone]

    def _prepared(self, gone: Gone, as_of: int) -> Prepared:
        return Prepared(
            object=self.object,
            event_id=self._event_id(as_of.to_bytes(8, "big", signed=True) + gone.fragment_id),
            day=as_of // MS_PER_DAY,
            fragment_id=gone.fragment_id,
            kind=EventKind.DELETE,
            occurred_at=as_of,
            digest=self.digest,
            subject_id=gone.subject_id,
            body=msgspec.json.encode(row_of_key(self.object, gone.key)),
            as_of=as_of,
            is_record=True,
            is_snapshot=True,
            is_backfill=False,
        )


def row_of_key(found: CompiledObject, key: str) -> dict[str, Any]:
    """A row that has this key and nothing else: the inverse of how keys are made of rows."""
    paths = found.item.key
    text = key.removeprefix(found.item.key_prefix)
    parts = _split(text) if len(paths) > 1 else [text]
    row: dict[str, Any] = {}
    for path, part in zip(paths, parts, strict=True):
        *outer, last = [path] if found.item.flat else path.split(".")
        at = row
        for name in outer:
            at = at.setdefault(name, {})
        at[last] = part
    return row


def _split(text: str) -> list[str]:
    """The parts of a composed key, without the escapes of `|` and backslash within them."""
    marked = _PARTS.sub(lambda found: found[1] + "\0", text)
    return [_ESCAPED.sub(r"\1", part) for part in marked.split("\0")]
