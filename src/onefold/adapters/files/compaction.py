"""Erasure in a log's files: payloads are replaced by their digests, leaves and proofs stay as they were.

Only sealed segments are rewritten (`FileSegmentWriter.roll` seals the present one). What is dropped is
first signed for in the checkpoint folder, then the segment's copy is put in its place at once: a crash
between leaves a permission that was not used. A payload that is gone without such a signature is a
finding of `onefold verify`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from onefold.adapters.files.disk import Disk, failed, lock
from onefold.adapters.files.layout import (
    COMPACTED,
    HEAD_BYTES,
    decode_head,
    encode_record,
    parse,
    segment_name,
)
from onefold.adapters.files.mark import stored_mark
from onefold.adapters.files.recovery import damaged, segments_in
from onefold.kernel.errors import Damaged
from onefold.kernel.time import Clock
from onefold.record.log.checkpoints import Compaction
from onefold.record.log.ports import Checkpoints

_BATCH = 4096


class CompactReport(NamedTuple):
    """Segments rewritten, payloads dropped, bytes given back to the disk."""

    segments: int
    dropped: int
    freed_bytes: int


def compact(
    folder: Path,
    should_drop: Callable[[bytes], bool],
    log: str,
    cell: str,
    checkpoints: Checkpoints,
    clock: Clock,
    *,
    disk: Disk | None = None,
) -> CompactReport:
    """Drops the payload of every record whose header `should_drop` takes, in all segments but the last.

    `Damaged` when a segment is not what was written, `Unavailable` when the disk or another compaction is
    in the way; segments done by then stay done.
    """
    disk = disk or Disk()
    segments = dropped = freed = 0
    guard = lock(folder / "compaction.lock", f"a compaction of the {log} of {cell}")
    try:
        mark = stored_mark(folder)
        for first in segments_in(folder)[:-1]:
            if mark is not None and first >= mark.segment:
                # Readers still count bytes in it: they could not be told that it is full.
                break
            path = folder / segment_name(first)
            before = path.read_bytes()
            after, gone = _without(path, before, first, should_drop)
            if not gone:
                continue
            checkpoints.add(Compaction(log, cell, first, _ranges(gone), clock.now_ms()))
            disk.replace(path, after)
            segments += 1
            dropped += len(gone)
            freed += len(before) - len(after)
    except OSError as error:
        raise failed(error, f"the {log} of {cell} was not compacted further") from error
    finally:
        os.close(guard)
    return CompactReport(segments, dropped, freed)


def _without(
    path: Path, data: bytes, first: int, should_drop: Callable[[bytes], bool]
) -> tuple[bytes, list[int]]:
    """The segment with payloads dropped, and the sequences of those that were."""
    head = decode_head(data)
    if head is None or head.first != first:
        raise Damaged("The log is damaged.", detail=f"{path.name}: its header was changed.")
    parts = [data[:HEAD_BYTES]]
    gone: list[int] = []
    offset, sequence = HEAD_BYTES, first
    while offset < len(data):
        entries, fault = parse(data, offset, sequence, _BATCH)
        if fault is not None:
            raise damaged(path, fault)
        for record, place, flags, end in entries:
            if record.payload is not None and should_drop(record.header):
                gone.append(record.sequence)
                parts.append(
                    encode_record(
                        record.sequence, place, flags | COMPACTED, record.header, record.payload_digest
                    )
                )
            else:
                parts.append(data[offset:end])
            offset = end
        sequence += len(entries)
    return b"".join(parts), gone


def _ranges(sequences: list[int]) -> tuple[tuple[int, int], ...]:
    """Ascending sequences as ranges, both ends included."""
    ranges: list[tuple[int, int]] = []
    for sequence in sequences:
        if ranges and ranges[-1][1] == sequence - 1:
            ranges[-1] = (ranges[-1][0], sequence)
        else:
            ranges.append((sequence, sequence))
    return tuple(ranges)
