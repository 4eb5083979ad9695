"""Reading a log while it grows, from any thread or process. What may be read is decided in segments.py."""

from __future__ import annotations

import os
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from onefold.adapters.files.disk import is_locked
from onefold.adapters.files.layout import HEAD_BYTES, PREFIX_BYTES, Fault, parse, segment_name, skip
from onefold.adapters.files.mark import Mark, read_mark
from onefold.adapters.files.recovery import damaged, segments_in
from onefold.adapters.files.tail import read_tail
from onefold.kernel.errors import Damaged
from onefold.record.log.model import Record

_CHUNK_BYTES = 1 << 20
_RECORD_GUESS_BYTES = 1024
_INDEX_EVERY = 64
_HOP_BYTES = 64 << 10
_OPEN_SEGMENTS = 8
_SCAN_RECORDS = 2000


class _Segment:
    """One open segment file, with the offsets of some of its records.

    The file may be replaced by its compacted copy while it is open: what is open stays as it was, and
    `is_current` tells to open it again.
    """

    def __init__(self, path: Path, first: int) -> None:
        self.path = path
        self.first = first
        self.descriptor = os.open(path, os.O_RDONLY)
        self._inode = os.fstat(self.descriptor).st_ino
        self._sequences = [first]
        self._offsets = [HEAD_BYTES]
        self._next = (first, HEAD_BYTES)

    def is_current(self) -> bool:
        """Whether the path still leads to this file."""
        return os.stat(self.path).st_ino == self._inode

    def read(self, sequence: int, most: int, end: int) -> list[Record]:
        """Up to `most` records from `sequence` on, none behind the byte `end`."""
        offset = self._offset_of(sequence, end)
        records: list[Record] = []
        chunk_bytes = min(_CHUNK_BYTES, max(most, 16) * _RECORD_GUESS_BYTES)
        while offset < end and len(records) < most:
            data = os.pread(self.descriptor, min(chunk_bytes, end - offset), offset)
            entries, fault = parse(data, 0, sequence, most - len(records))
            for record, _, _, stop in entries:
                records.append(record)
                self._remember(record.sequence + 1, offset + stop)
            if entries:
                sequence += len(entries)
                offset += entries[-1][3]
            if fault is None and not entries:
                fault = Fault("short", 0, sequence, 0)
            if fault is not None:
                chunk_bytes = self._wider(fault, len(data), offset, end, bool(entries))
        self._next = (sequence, offset)
        return records

    def close(self) -> None:
        """Closes the file."""
        os.close(self.descriptor)

    def _wider(self, fault: Fault, got: int, offset: int, end: int, moved: bool) -> int:
        """How much to read next after a chunk that ended inside a record; raises if it is damage."""
        if fault.kind != "short" or got == 0 or (not moved and got >= end - offset):
            raise damaged(self.path, fault._replace(offset=offset))
        needed = fault.end - fault.offset if fault.end else PREFIX_BYTES
        return max(_CHUNK_BYTES, needed)

    def _offset_of(self, sequence: int, end: int) -> int:
        at, offset = self._next
        if at == sequence:
            return offset
        if not at < sequence < at + _INDEX_EVERY:
            place = bisect_right(self._sequences, sequence) - 1
            at, offset = self._sequences[place], self._offsets[place]
        chunk_bytes = _HOP_BYTES
        while at < sequence:
            data = os.pread(self.descriptor, min(chunk_bytes, end - offset), offset)
            until = min(sequence, at + _INDEX_EVERY)
            moved, at_now, fault = skip(data, 0, at, until)
            if fault is not None:
                chunk_bytes = self._wider(fault, len(data), offset, end, moved > 0)
            at, offset = at_now, offset + moved
            self._remember(at, offset)
        return offset

    def _remember(self, sequence: int, offset: int) -> None:
        if sequence >= self._sequences[-1] + _INDEX_EVERY:
            self._sequences.append(sequence)
            self._offsets.append(offset)


class FileSegmentReader:
    """Implements `SegmentReader` over a log's folder, which may not exist yet. Safe to share by threads.

    Guaranteed, whatever process writes: what is returned was durable, whole and checked against its
    checksum. With a writer at work it reads to its mark; with none, to the end of the last whole group at
    the time this reader was made (which it syncs first), and further once a writer has moved its mark.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = threading.Lock()
        self._segments: OrderedDict[int, _Segment] = OrderedDict()
        self._firsts: list[int] = []
        self._mark_file = -1
        self._floor = Mark(0, 0, 0)
        self._end_fault: Damaged | None = None
        if not is_locked(folder / "lock"):
            self._floor = self._end_without_writer()

    @property
    def last_sequence(self) -> int:
        """The last sequence that may be read now; 0 when empty."""
        with self._guard:
            return self._limit().sequence

    def read(self, after: int, most: int) -> list[Record]:
        """Up to `most` records with a sequence above `after`; empty at the end; `Damaged` if changed."""
        with self._guard:
            limit = self._limit()
            records: list[Record] = []
            while after < limit.sequence and len(records) < most:
                segment = self._segment_of(after + 1, limit)
                end = self._end_of(segment)
                found = segment.read(after + 1, most - len(records), end)
                if not found:
                    raise damaged(segment.path, Fault("short", end, after + 1, 0))
                records += found
                after = records[-1].sequence
            if not records and self._end_fault is not None and limit == self._floor:
                raise self._end_fault
            return records

    def scan(self) -> Iterator[Record]:
        """Every record from the first to what is durable when the end is reached."""
        after = 0
        while batch := self.read(after, _SCAN_RECORDS):
            yield from batch
            after = batch[-1].sequence

    def close(self) -> None:
        """Closes the files."""
        with self._guard:
            for segment in self._segments.values():
                segment.close()
            self._segments.clear()
            if self._mark_file >= 0:
                os.close(self._mark_file)
                self._mark_file = -1

    def _limit(self) -> Mark:
        if self._mark_file < 0:
            try:
                self._mark_file = os.open(self._folder / "durable", os.O_RDONLY)
            except FileNotFoundError:
                return self._floor
        return max(read_mark(self._mark_file) or self._floor, self._floor)

    def _segment_of(self, sequence: int, limit: Mark) -> _Segment:
        """The open segment that holds a sequence."""
        if not self._firsts or self._firsts[-1] < limit.segment:
            self._firsts = segments_in(self._folder)
        place = bisect_right(self._firsts, sequence) - 1
        if place < 0:
            raise damaged(self._folder / segment_name(1), Fault("short", 0, sequence, 0))
        first = self._firsts[place]
        segment = self._segments.get(first)
        if segment is None or not segment.is_current():
            if segment is not None:
                segment.close()
            segment = self._segments[first] = _Segment(self._folder / segment_name(first), first)
            while len(self._segments) > _OPEN_SEGMENTS:
                self._segments.popitem(last=False)[1].close()
        self._segments.move_to_end(first)
        return segment

    def _end_of(self, segment: _Segment) -> int:
        """The byte up to which an open segment may be read.

        The mark is asked after the file was opened. If it is still in this segment, the file is the one
        the writer writes; if it has moved on, the file is whole, compacted or not.
        """
        limit = self._limit()
        if segment.first == limit.segment:
            return limit.end
        return os.fstat(segment.descriptor).st_size

    def _end_without_writer(self) -> Mark:
        firsts = segments_in(self._folder)
        if not firsts:
            return self._floor
        path = self._folder / segment_name(firsts[-1])
        with path.open("rb") as file:
            os.fsync(file.fileno())
            tail = read_tail(file.read(), firsts[-1])
        if tail.damage is not None:
            # What stands before it may be read; who comes to the damage must not take it for the end.
            self._end_fault = damaged(path, tail.damage)
        return Mark(firsts[-1] + len(tail.leaves) - 1, firsts[-1], tail.end)
