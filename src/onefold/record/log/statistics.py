"""What stands in a log, counted from its headers: no key is needed and nothing of a body is looked at."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from onefold.kernel.time import day_of
from onefold.record.log.frames import decode_header
from onefold.record.log.model import FrameHeader, Record


class ObjectStatistics(msgspec.Struct):
    """One object of one source. Days are those the events happened on, and those they came on.

    `bytes` are header and payload as they stand; a frame whose payload was erased is `compacted`.
    """

    source: str
    object: str
    frames: int = 0
    events: int = 0
    bytes: int = 0
    compacted: int = 0
    first_occurred_on: int = 0
    last_occurred_on: int = 0
    first_recorded_on: int = 0
    last_recorded_on: int = 0

    @property
    def bytes_per_event(self) -> float:
        """What one event takes, its share of the frame included."""
        return self.bytes / self.events if self.events else 0.0

    def add(self, header: FrameHeader, record: Record, overhead: int) -> None:
        """Counts one frame."""
        occurred = [day_of(it.occurred_at) for it in header.events] or [day_of(header.recorded_at)]
        recorded = day_of(header.recorded_at)
        if not self.frames:
            self.first_occurred_on = self.last_occurred_on = occurred[0]
            self.first_recorded_on = self.last_recorded_on = recorded
        self.first_occurred_on = min(self.first_occurred_on, *occurred)
        self.last_occurred_on = max(self.last_occurred_on, *occurred)
        self.first_recorded_on = min(self.first_recorded_on, recorded)
        self.last_recorded_on = max(self.last_recorded_on, recorded)
        self.frames += 1
        self.events += len(header.events)
        payload = record.payload_digest if record.payload is None else record.payload
        self.bytes += overhead + len(record.header) + len(payload)
        self.compacted += record.payload is None


class Statistics:
    """Feed it records in any order; `overhead` is what each takes on the disk beside header and payload."""

    def __init__(self, overhead: int) -> None:
        self._overhead = overhead
        self._objects: dict[tuple[str, str], ObjectStatistics] = {}

    def add(self, records: Iterable[Record]) -> None:
        """Counts some more."""
        for record in records:
            header = decode_header(record.header)
            named = header.source, header.object
            found = self._objects.get(named)
            if found is None:
                found = self._objects[named] = ObjectStatistics(*named)
            found.add(header, record, self._overhead)

    def objects(self) -> list[ObjectStatistics]:
        """Every object that was logged, by source and name."""
        return [found for _, found in sorted(self._objects.items())]
