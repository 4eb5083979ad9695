"""How a fragment becomes a row: what all fragments of a kind have in common is said once.

Most fragments are one whole row of their source and nothing else. Of such a one only the key, the stamp and
the values are written, in the order of the names of its *shape*: its entity, its source and the fields that
the canonical model has for it; the subject is a column of its own, the place of its fragment. A reference to
the subject and an instant that is the stamp's own are written as empty bytes, which neither can be. Whatever
is not so plain (patches, a deletion, things never unsaid, a field that the model does not know) is written
whole, as `WHOLE`.

A transaction takes half as many bytes this way. Shapes are kept in the state and only ever added, so a row
reads the same when the model has got another field since.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from onefold.adapters.sqlite.rereading import Asked
from onefold.customer.fragments.model import Fragment
from onefold.kernel.canonical import canonical_bytes
from onefold.record.canon.entities import ENTITIES, FieldType

WHOLE = 0
"""The shape of a body that says all by itself."""
_SAME = b""

_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder().decode
_FRAGMENT = msgspec.msgpack.Decoder(Fragment).decode


class _Shape(NamedTuple):
    """What rows leave unsaid. `references` and `instants` are places within `names`."""

    entity: str
    source: str
    names: tuple[str, ...]
    references: tuple[int, ...]
    instants: tuple[int, ...]


_SHAPE = msgspec.msgpack.Decoder(_Shape).decode


class Shapes:
    """The shapes of one state. Reading may be shared by threads; one thread writes."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], int] = {}
        self._shapes: dict[int, _Shape] = {}

    def prepare(self, connection: sqlite3.Connection, fragments: Iterable[Fragment]) -> None:
        """Writes the shapes that these want and the state does not have; in a transaction of its own."""
        for entity, source in sorted({(it.entity, it.source) for it in fragments} - self._codes.keys()):
            if entity in ENTITIES:
                body = canonical_bytes(_shape(entity, source))
                connection.execute("INSERT INTO shapes (body) VALUES (?) ON CONFLICT DO NOTHING", (body,))
                found = connection.execute("SELECT code FROM shapes WHERE body = ?", (body,)).fetchone()
                self._codes[entity, source] = found[0]
                self._shapes[found[0]] = _SHAPE(body)

    def encode(self, it: Fragment) -> tuple[int, bytes]:
        """(shape, body) of a fragment, which `prepare` has seen; the body does not say its subject."""
        row, stamp = it.row, it.row_stamp
        code = self._codes.get((it.entity, it.source))
        if not row or stamp is None or it.patches or it.ever or code is None:
            return WHOLE, canonical_bytes(it)
        shape = self._shapes[code]
        values: list[Any] = [row.get(name) for name in shape.names]
        if len(values) - values.count(None) != len(row):
            return WHOLE, canonical_bytes(it)
        for at in shape.references:
            if values[at] == it.subject_id:
                values[at] = _SAME
        for at in shape.instants:
            if values[at] == stamp[0]:
                values[at] = _SAME
        while values[-1] is None:
            values.pop()
        return code, _ENCODE((it.key, *stamp, *values))

    def decode(
        self, connection: Asked, fragment_id: bytes, subject_id: bytes, code: int, body: bytes
    ) -> Fragment:
        """The fragment of a row; the connection is asked for a shape that was not met yet."""
        if code == WHOLE:
            return _FRAGMENT(body)
        shape = self._shapes.get(code) or self._learn(connection, code)
        key, at, event_id, *values = _DECODE(body)
        said = len(values)
        for place in shape.references:
            if place < said and values[place] == _SAME:
                values[place] = subject_id
        for place in shape.instants:
            if place < said and values[place] == _SAME:
                values[place] = at
        row = {name: it for name, it in zip(shape.names, values, strict=False) if it is not None}
        return Fragment(fragment_id, shape.entity, shape.source, key, subject_id, (at, event_id), row, {})

    def _learn(self, connection: Asked, code: int) -> _Shape:
        body = connection.execute("SELECT body FROM shapes WHERE code = ?", (code,)).fetchone()[0]
        shape = self._shapes[code] = _SHAPE(body)
        return shape


def _shape(entity: str, source: str) -> _Shape:
    """As the canonical model has it today."""
    fields = ENTITIES[entity].fields
    names = tuple(sorted(fields))
    types = [fields[name].type for name in names]
    return _Shape(
        entity,
        source,
        names,
        tuple(at for at, it in enumerate(types) if it is FieldType.REF),
        tuple(at for at, it in enumerate(types) if it is FieldType.INSTANT),
    )
