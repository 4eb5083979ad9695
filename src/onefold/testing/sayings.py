"""Events without a source system: sayings, the frames they are sealed in, and the mapping that reads them.

For tests of everything after the log. A body is the canonical values themselves, so no contract is needed.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from onefold.customer.fragments.model import Statement, Values
from onefold.kernel.canonical import canonical_bytes
from onefold.kernel.errors import SourceError
from onefold.kernel.ids import CellKey
from onefold.pipeline.ports import Opened
from onefold.record.log.model import EventHeader, EventKind, FrameHeader

CELL = "test/zz"
CELL_KEY = CellKey(bytes(range(32)))


class Saying(msgspec.Struct, frozen=True):
    """One event: `source` says at `at` (ms) how its `entity` called `key` is. `number` tells events apart.

    `subject` is whose data key would seal it; the thing itself where none is named.
    """

    source: str
    entity: str
    key: str
    kind: EventKind
    at: int
    number: int
    values: Values
    subject: bytes = b""

    @property
    def fragment_id(self) -> bytes:
        """The birth id of what it is about."""
        return fragment_id(self.source, self.entity, self.key)


def fragment_id(source: str, entity: str, key: str, cell_key: CellKey = CELL_KEY) -> bytes:
    """The birth id under the key of the test cell."""
    return cell_key.birth_id(source, entity, key)


def opened(sayings: Iterable[Saying], first_sequence: int = 1, cell_key: CellKey = CELL_KEY) -> list[Opened]:
    """A frame for each saying, numbered from `first_sequence`."""
    return [
        (sequence, _header(saying, cell_key), _bodies(saying))
        for sequence, saying in enumerate(sayings, first_sequence)
    ]


def _bodies(saying: Saying) -> list[bytes] | None:
    """An erasure has none."""
    if saying.kind is EventKind.ERASE:
        return None
    return [canonical_bytes([saying.key, saying.values])]


def _header(saying: Saying, cell_key: CellKey) -> FrameHeader:
    birth_id = cell_key.birth_id(saying.source, saying.entity, saying.key)
    message = f"{saying.number}".encode()
    event = EventHeader(cell_key.event_id(saying.source, message), birth_id, saying.kind, saying.at, b"", 0)
    subject = saying.subject or birth_id
    return FrameHeader(CELL, saying.source, saying.entity, "1.0.0", saying.entity, subject, 0, b"", (event,))


class PlainMapping:
    """Reads the bodies that `opened` writes; a body that is not one of those is the source's mistake."""

    def statement(self, frame: FrameHeader, event: EventHeader, body: bytes) -> Statement:
        """What one event states."""
        try:
            key, values = _BODY.decode(body)
        except msgspec.MsgspecError:
            raise SourceError("A body is not one of ours.", field="body") from None
        deleted = event.kind is EventKind.DELETE
        return Statement(
            event.fragment_id,
            frame.entity,
            frame.source,
            key,
            frame.subject_id,
            (event.occurred_at, event.event_id),
            None if deleted else values,
            event.kind is EventKind.PATCH,
        )


_BODY = msgspec.msgpack.Decoder(tuple[str, Values])
