"""What was said of some things, event by event: read again from the log, since the state keeps what stands.

Only entities that can take something away are found here, consents above all. Where their frames are is
remembered, sixteen bytes an event, by one pass over the log when somebody first asks and from then on by what
is new.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from onefold.customer.fragments.model import Statement
from onefold.kernel.errors import SourceError
from onefold.pipeline.ports import Mapping, Opened
from onefold.record.canon.restrictions import RESTRICTING
from onefold.record.log.frames import decode_header
from onefold.record.log.model import FrameHeader, Record
from onefold.record.log.ports import SegmentReader

_AT_ONCE = 2_000
_PREFIX = 8


class Told(NamedTuple):
    """One event as it is understood now, and when it was recorded."""

    recorded_at: int
    statement: Statement


class Opener(Protocol):
    """Opens sealed frames; None for the bodies of an erased subject."""

    def open(self, records: Iterable[Record]) -> Sequence[Opened]:
        """Every record in order."""
        ...


class Retelling:
    """Reads a log again. Thread-safe; knows nothing that the log does not."""

    def __init__(self, reader: SegmentReader, opener: Opener, mapping: Mapping) -> None:
        self._reader = reader
        self._opener = opener
        self._mapping = mapping
        self._guard = threading.Lock()
        self._seen = 0
        self._prefixes = array("Q")
        self._sequences = array("Q")

    def catch_up(self) -> None:
        """Takes in where the events are that were logged since; the first time all of them."""
        with self._guard:
            while records := self._reader.read(self._seen, _AT_ONCE):
                for record in records:
                    frame = decode_header(record.header)
                    for event in frame.events if frame.entity in RESTRICTING else ():
                        self._prefixes.append(int.from_bytes(event.fragment_id[:_PREFIX], "big"))
                        self._sequences.append(record.sequence)
                self._seen = records[-1].sequence

    def told(self, fragment_ids: Collection[bytes]) -> list[Told]:
        """Every event about these fragments, in the order of the log, but those of erased subjects."""
        self.catch_up()
        wanted = {int.from_bytes(it[:_PREFIX], "big") for it in fragment_ids}
        with self._guard:
            places = zip(self._prefixes, self._sequences, strict=True)
            sequences = sorted({sequence for prefix, sequence in places if prefix in wanted})
        frames = (it for one in sequences for it in self._opener.open(self._reader.read(one - 1, 1)))
        return [
            Told(frame.recorded_at, statement)
            for _, frame, bodies in frames
            for statement in self._statements(frame, bodies or ())
            if statement.fragment_id in fragment_ids
        ]

    def _statements(self, frame: FrameHeader, bodies: Sequence[bytes]) -> Iterator[Statement]:
        """Those that can be mapped: the others were set aside when the state took the log in."""
        for event, body in zip(frame.events, bodies, strict=False):
            with suppress(SourceError):
                yield self._mapping.statement(frame, event, body)
