"""Forgetting in files: bodies out of the segments of a log, rows out of files that were released."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from onefold.adapters.files.compaction import compact
from onefold.adapters.files.disk import Disk, failed
from onefold.adapters.files.recovery import segments_in
from onefold.adapters.files.segments import FileSegmentWriter
from onefold.kernel.ids import id_text
from onefold.kernel.time import Clock
from onefold.record.erasure.model import Erased
from onefold.record.log.ports import Checkpoints

Drops = Callable[[Erased], Callable[[bytes], bool]]
"""For an erasure: which records have to go, by their headers."""


class SegmentErasure:
    """Implements `Erasable` for one log: ciphertext goes, leaves and proofs stay.

    The segment that is being written is ended first, so that all that was said before can be rewritten. What
    a crash cut off and was kept for whoever looks into it (`.torn`) was never acknowledged and goes, too.
    """

    def __init__(
        self,
        room: str,
        folder: Path,
        cell: str,
        writer: FileSegmentWriter,
        checkpoints: Checkpoints,
        clock: Clock,
        drops: Drops,
    ) -> None:
        self.room = room
        self._folder = folder
        self._cell = cell
        self._writer = writer
        self._checkpoints = checkpoints
        self._clock = clock
        self._drops = drops

    def erase(self, erased: Erased) -> int:
        """Records whose body was dropped."""
        drops = self._drops(erased)
        for torn in self._folder.glob("*.torn"):
            torn.unlink()
        if not segments_in(self._folder):
            return 0
        self._writer.roll()
        name = self._folder.name
        return compact(self._folder, drops, name, self._cell, self._checkpoints, self._clock).dropped


class ExportErasure:
    """Implements `Erasable` for the files that were released and lie with us still."""

    room = "exports"

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder = folder
        self._disk = disk or Disk()

    def erase(self, erased: Erased) -> int:
        """Rows that were taken out; each file is replaced whole, and has the same columns as before."""
        names = {id_text(it) for it in erased.parties}
        found = 0
        try:
            for path in sorted(self._folder.glob("*.csv")):
                rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
                kept = [row for row in rows if not (row and row[0] in names)]
                if len(kept) == len(rows):
                    continue
                fresh = io.StringIO(newline="")
                csv.writer(fresh).writerows(kept)
                self._disk.replace(path, fresh.getvalue().encode())
                found += len(rows) - len(kept)
        except OSError as error:
            raise failed(error, "released files still hold who was erased") from error
        return found
