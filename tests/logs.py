"""A log in a folder with its own keys, checkpoints and clock, for the tests that need a real one."""

from __future__ import annotations

import os
from pathlib import Path

from onefold.adapters.files.checkpoints import FileCheckpoints, checkpoint_name
from onefold.adapters.files.compaction import CompactReport, compact
from onefold.adapters.files.keys import FileSigner
from onefold.adapters.files.layout import segment_name
from onefold.adapters.files.proofs import FileProofs
from onefold.adapters.files.segments import FileSegmentReader, FileSegmentWriter
from onefold.adapters.files.verify import verify_folder
from onefold.record.log.checkpoints import Checkpoint
from onefold.record.log.verify import VerifyReport
from onefold.testing.clock import SetClock

CELL = "demo/uz"
NAME = "log"


def entries(count: int, size: int = 40, start: int = 0) -> list[tuple[bytes, bytes]]:
    """Different (header, payload) pairs; payloads hold no zero bytes, as ciphertext hardly does."""
    return [
        (b"header %d" % number, bytes(1 + (number + place) % 255 for place in range(size)))
        for number in range(start, start + count)
    ]


class LogOnDisk:
    """Everything one log needs, below one folder; each `open` takes the writer's settings."""

    def __init__(self, base: Path) -> None:
        self.folder = base / "log"
        self.outside = base / "checkpoints"
        self.clock = SetClock()
        self.signer = FileSigner(os.urandom(32))
        self.checkpoints = FileCheckpoints(self.outside, self.signer)
        self.public_keys = {self.signer.key_id: self.signer.public_key}

    def open(self, **settings) -> FileSegmentWriter:
        """A writer on the folder."""
        return FileSegmentWriter(self.folder, NAME, CELL, self.checkpoints, self.clock, **settings)

    def reader(self) -> FileSegmentReader:
        """A reader on the folder."""
        return FileSegmentReader(self.folder)

    def read(self) -> list[tuple[bytes, bytes | None]]:
        """All that is in it, as (header, payload), by a reader that lets go of its files."""
        reader = self.reader()
        try:
            return contents(reader)
        finally:
            reader.close()

    def write(self, *groups: list[tuple[bytes, bytes]], **settings) -> None:
        """Appends each group, then leaves without a checkpoint and without a word, as after kill -9."""
        writer = self.open(**settings)
        for group in groups:
            writer.append(group)
        abandon(writer)

    def verify(self) -> VerifyReport:
        """What `onefold verify` says."""
        return verify_folder(self.folder, self.outside, NAME, CELL, self.public_keys)

    def proofs(self) -> FileProofs:
        """Proofs from the files."""
        return FileProofs(self.folder, self.outside, NAME, CELL, self.public_keys)

    def compact(self, should_drop) -> CompactReport:
        """Erases payloads by header."""
        return compact(self.folder, should_drop, NAME, CELL, self.checkpoints, self.clock)

    def sealed(self) -> list[Checkpoint]:
        """The checkpoints that were written."""
        signed = self.checkpoints.read(CELL, NAME)
        return [it.statement for it in signed if isinstance(it.statement, Checkpoint)]

    def segment(self, first: int = 1) -> Path:
        """The file of a segment."""
        return self.folder / segment_name(first)

    def segments(self) -> list[Path]:
        """All segment files in order."""
        return sorted(self.folder.glob("*.seg"))

    @property
    def checkpoint_file(self) -> Path:
        """Where the statements stand."""
        return self.outside / checkpoint_name(CELL, NAME)

    def lose_mark(self) -> None:
        """As after a power failure before the mark reached the disk for the first time."""
        (self.folder / "durable").unlink()


def abandon(writer: FileSegmentWriter) -> None:
    """Lets go of files and lock as the end of a process does: no checkpoint, no goodbye."""
    for descriptor in (writer._file, writer._mark, writer._lock):
        os.close(descriptor)
    writer._file = -1


def contents(reader) -> list[tuple[bytes, bytes | None]]:
    """All a reader gives, as (header, payload)."""
    return [(record.header, record.payload) for record in reader.scan()]
