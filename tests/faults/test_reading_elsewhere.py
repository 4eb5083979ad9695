"""A reader and an erasure in this process, a writer in another one, all at once."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onefold.adapters.files.checkpoints import FileCheckpoints
from onefold.adapters.files.keys import FileSigner
from tests.logs import LogOnDisk

PROGRAM = str(Path(__file__).with_name("appending.py"))
SECONDS = 2.0


@pytest.fixture
def log(tmp_path):
    """The log that the program writes, with the program's signing key."""
    made = LogOnDisk(tmp_path)
    made.signer = FileSigner(bytes(range(32)))
    made.public_keys = {made.signer.key_id: made.signer.public_key}
    made.checkpoints = FileCheckpoints(made.outside, made.signer)
    return made


def dropped(header: bytes) -> bool:
    """Every third record is erased as soon as its segment is full."""
    return int(header.strip(b"#")) % 3 == 0


class Watching:
    """What readers in this process see until the time is over."""

    def __init__(self, log: LogOnDisk) -> None:
        self.log = log
        self.seen: dict[int, bytes] = {}
        self.faults: list[str] = []
        self.ends = time.monotonic() + SECONDS

    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self.ends

    def follow(self) -> None:
        """Tails the log in odd steps."""
        reader, after = self.log.reader(), 0
        while self.goes_on():
            for record in reader.read(after, 37):
                if record.sequence != after + 1 or record.payload not in (None, b"payload" * 10):
                    self.faults.append(f"after {after} came {record.sequence}: {record.payload!r}")
                after = record.sequence
                self.seen[after] = record.header

    def look_back(self) -> None:
        """Reads old places again, which may have been compacted since."""
        reader = self.log.reader()
        while self.goes_on():
            for sequence in range(1, len(self.seen), 7):
                (record,) = reader.read(sequence - 1, 1)
                if record.header != self.seen[sequence]:
                    self.faults.append(f"{sequence} is another record now")

    def erase(self) -> None:
        """Compacts what is full."""
        while self.goes_on():
            if self.seen:
                self.log.compact(dropped)
            time.sleep(0.02)


def test_a_reader_elsewhere_sees_whole_records_in_order_while_segments_roll_and_are_compacted(log, tmp_path):
    program = [sys.executable, PROGRAM, "endless", str(tmp_path), "synced"]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL)
    watching = Watching(log)
    with ThreadPoolExecutor() as pool:
        tasks = [pool.submit(it) for it in (watching.follow, watching.look_back, watching.erase)]
    process.kill()
    process.wait()
    for task in tasks:
        task.result()
    assert not watching.faults
    assert len(watching.seen) > 100
    report = log.verify()
    assert report.sound, report.findings
    assert report.compacted > 0
