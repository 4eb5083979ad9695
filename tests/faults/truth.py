"""What a folder holds after it was mistreated, asked of its log, its accounts and a replay."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.record.log.frames import decode_header
from tests.faults.processes import of_folder, until


class Said(NamedTuple):
    """One event that must be in the log exactly once; `at` 0 where nobody knows its instant."""

    object: str
    entity: str
    key: str
    kind: str
    at: int = 0


def logged_events(data: Path, source: str = "digital") -> Counter[bytes]:
    """How often each event of a source stands in the log."""
    reader = FileSegmentReader(read_folder(data).log("log"))
    headers = (decode_header(record.header) for record in reader.scan())
    return Counter(event.event_id for frame in headers if frame.source == source for event in frame.events)


class LogCount:
    """How many events of a source the log holds, for who asks again and again: what was read is kept."""

    def __init__(self, data: Path, source: str) -> None:
        self._data = data
        self._source = source
        self._after = 0
        self._events = 0

    def events(self) -> int:
        """As many as now."""
        reader = FileSegmentReader(read_folder(self._data).log("log"))
        while batch := reader.read(self._after, 1000):
            frames = [decode_header(it.header) for it in batch]
            self._events += sum(len(it.events) for it in frames if it.source == self._source)
            self._after = batch[-1].sequence
        return self._events


def logged(data: Path, source: str) -> Counter[tuple[str, bytes, str, int]]:
    """(object, fragment, kind, instant) of every event of a source, and how often it stands in the log."""
    reader = FileSegmentReader(read_folder(data).log("log"))
    headers = (decode_header(record.header) for record in reader.scan())
    return Counter(
        (frame.object, event.fragment_id, event.kind.value, event.occurred_at)
        for frame in headers
        if frame.source == source
        for event in frame.events
    )


def check_said(data: Path, source: str, sent: Iterable[Said]) -> None:
    """Every event that was sent and acknowledged is in the log once, and nothing else is."""
    folder = read_folder(data)
    cell_key = KeyFiles(folder.keys).cell_key(folder.cell)
    assert set(logged_events(data, source).values()) <= {1}, "an event stands in the log twice"
    found = logged(data, source)
    expected: Counter[tuple[str, bytes, str, int]] = Counter()
    undated = set()
    for it in sent:
        if not it.at:
            undated.add(it.object)
        expected[it.object, cell_key.birth_id(source, it.entity, it.key), it.kind, it.at] += 1
    present: Counter[tuple[str, bytes, str, int]] = Counter()
    for (name, fragment, kind, at), times in found.items():
        present[name, fragment, kind, 0 if name in undated else at] += times
    lost, doubled = expected - present, present - expected
    assert not lost, f"{lost.total()} acknowledged events are lost: {list(lost)[:3]}"
    assert not doubled, f"{doubled.total()} events are doubled, or nobody sent them: {list(doubled)[:3]}"


def check_folder(data: Path, scratch: Path) -> None:
    """Accounts add up to the log, the proofs hold, the state is what the log says, nobody runs any more."""
    until(lambda: not of_folder(data), 30, f"no process is left: {[it.command for it in of_folder(data)]}")
    house = LocalHouse()
    with house.working(data) as rooms:
        counts = rooms.door.counts()
    assert counts
    for count in counts:
        count.tally.check()
        if count.source != "onefold":
            stands = sum(n for (name, *_), n in logged(data, count.source).items() if name == count.object)
            assert count.tally.accepted == stands, f"{count.source}/{count.object}: the account is another"
    command = [sys.executable, "-m", "onefold", "verify", "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True)
    assert house.replay(data, scratch, lambda *_: None).same


def interactions(data: Path) -> int:
    """How many contacts the state counts."""
    with LocalHouse().working(data) as rooms:
        owners = [
            fragment for it in rooms.reader.customers(b"", 1000) for fragment in rooms.reader.fragments_of(it)
        ]
        total = 0
        for owner in owners:
            total += sum(
                count for _, _, count in rooms.reader.buckets([owner], "interactions", -(1 << 31), 1 << 31)
            )
        return total
