"""Looking at the logs of a folder without a lock or a key, while a server may be writing them."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from onefold.adapters.files.checkpoints import read_checkpoints
from onefold.adapters.files.layout import PREFIX_BYTES, segment_name
from onefold.adapters.files.recovery import segments_in
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.clock import SystemClock
from onefold.app.folder import DataFolder, read_folder
from onefold.app.rooms import LOGS
from onefold.channels.cli.logbook import FrameLine, LogStat, LogTotal, ObjectTotal, Told
from onefold.kernel.time import iso_day, iso_instant
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.frames import decode_header
from onefold.record.log.model import Record
from onefold.record.log.statistics import ObjectStatistics, Statistics

EVENTS = LOGS[0]
BATCH = 2_000
LOOK_SECONDS = 0.2


class FolderLogs:
    """Implements `LogBook`. What is read was durable, whole and checked against its checksum."""

    def stat(self, data: Path, watch: Told) -> LogStat:
        """Counts what there is; every record is read once."""
        folder = read_folder(data)
        counted = Statistics(PREFIX_BYTES)
        totals = [_total(folder, name, counted if name == EVENTS else None, watch) for name in LOGS]
        return LogStat(str(folder.cell), tuple(totals), tuple(_shown(it) for it in counted.objects()))

    def tail(
        self, data: Path, source: str, object_name: str, last: int, *, follow: bool
    ) -> Generator[FrameLine]:
        """The last frames in the order of the log; with `follow` each that comes, until somebody stops it."""
        folder = read_folder(data)
        with closing(FileSegmentReader(folder.log(EVENTS))) as reader:
            end = reader.last_sequence
            yield from _last(reader, end, source, object_name, last)
            while follow:
                records = reader.read(end, BATCH)
                yield from _wanted(records, source, object_name)
                if records:
                    end = records[-1].sequence
                else:
                    time.sleep(LOOK_SECONDS)


def _total(folder: DataFolder, name: str, counted: Statistics | None, watch: Told) -> LogTotal:
    records = compacted = 0
    with closing(FileSegmentReader(folder.log(name))) as reader:
        end = reader.last_sequence
        while batch := reader.read(records, BATCH):
            records = batch[-1].sequence
            compacted += sum(it.payload is None for it in batch)
            if counted is not None:
                counted.add(batch)
            watch(name, records, max(end, records))
    signed = read_checkpoints(folder.checkpoints, str(folder.cell), name)
    newest = max(
        (it.statement for it in signed if isinstance(it.statement, Checkpoint)), key=_when, default=None
    )
    firsts = segments_in(folder.log(name))
    return LogTotal(
        name=name,
        segments=len(firsts),
        records=records,
        bytes=sum(os.stat(folder.log(name) / segment_name(it)).st_size for it in firsts),
        compacted=compacted,
        checkpoint_through=newest.last_sequence if newest else 0,
        checkpoint_at=iso_instant(newest.at) if newest else None,
        checkpoint_age_seconds=(SystemClock().now_ms() - newest.at) / 1000 if newest else None,
    )


def _when(checkpoint: Checkpoint) -> tuple[int, int]:
    return checkpoint.last_sequence, checkpoint.at


def _shown(it: ObjectStatistics) -> ObjectTotal:
    return ObjectTotal(
        it.source,
        it.object,
        it.frames,
        it.events,
        it.bytes,
        round(it.bytes_per_event, 1),
        it.compacted,
        (iso_day(it.first_occurred_on), iso_day(it.last_occurred_on)),
        (iso_day(it.first_recorded_on), iso_day(it.last_recorded_on)),
    )


def _last(reader: FileSegmentReader, end: int, source: str, object_name: str, last: int) -> list[FrameLine]:
    """The last frames that are wanted, found from the end backwards."""
    found: list[FrameLine] = []
    stop = end
    while stop and len(found) < last:
        after = max(0, stop - BATCH)
        records = _read(reader, after, stop)
        found = [*_wanted(records, source, object_name), *found]
        stop = after
    return found[max(0, len(found) - last) :] if last else []


def _read(reader: FileSegmentReader, after: int, through: int) -> list[Record]:
    """The records above one sequence up to another."""
    records: list[Record] = []
    while after < through and (batch := reader.read(after, through - after)):
        records += batch
        after = batch[-1].sequence
    return records


def _wanted(records: Sequence[Record], source: str, object_name: str) -> Iterator[FrameLine]:
    for record in records:
        header = decode_header(record.header)
        if source not in ("", header.source) or object_name not in ("", header.object):
            continue
        occurred = [it.occurred_at for it in header.events] or [header.recorded_at]
        yield FrameLine(
            sequence=record.sequence,
            recorded_at=iso_instant(header.recorded_at),
            source=header.source,
            object=header.object,
            contract=header.contract,
            entity=header.entity,
            kinds=dict(sorted(Counter(it.kind.value for it in header.events).items())),
            occurred=(iso_instant(min(occurred)), iso_instant(max(occurred))),
            subject=header.subject_id.hex(),
            bytes=len(record.payload or b""),
            compacted=record.payload is None,
        )
