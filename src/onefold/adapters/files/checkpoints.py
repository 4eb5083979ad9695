"""Checkpoints as lines of JSON in a folder outside the data: one file a log of a cell.

The folder belongs on other storage than the log, best append-only: it is what an attacker on the log's
disk must not reach. An auditor needs this folder, the log, the public key, and nothing else.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from onefold.adapters.files.disk import Disk, failed
from onefold.kernel.errors import Damaged
from onefold.kernel.ids import Cell
from onefold.kernel.keys import Signer
from onefold.record.log.checkpoints import Signed, Statement, from_line, sign, to_line


def checkpoint_name(cell: str, log: str) -> str:
    """The file name of one log's checkpoints; tenant and jurisdiction hold no underscore."""
    parsed = Cell.parse(cell)
    return f"{parsed.tenant}_{parsed.jurisdiction}_{log}.jsonl"


class FileCheckpoints:
    """Implements `Checkpoints`: signs with the given signer and appends a line, synced."""

    def __init__(self, folder: Path, signer: Signer, *, disk: Disk | None = None) -> None:
        self._folder = folder
        self._signer = signer
        self._disk = disk or Disk()
        self._lock = threading.Lock()

    def add(self, statement: Statement) -> None:
        """Durable before return; `Unavailable` when the folder cannot be written."""
        path = self._folder / checkpoint_name(statement.cell, statement.log)
        line = to_line(sign(statement, self._signer))
        try:
            with self._lock:
                self._append(path, line)
        except OSError as error:
            raise failed(error, f"checkpoint {path.name} was not written") from error

    def read(self, cell: str, log: str) -> list[Signed]:
        """All statements in order; a half-written last line is not one yet."""
        return read_checkpoints(self._folder, cell, log)

    def _append(self, path: Path, line: bytes) -> None:
        existed = path.exists()
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            # A compaction may sign in another process than the log's writer.
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                size = _whole_lines(descriptor, size)
                self._disk.truncate(descriptor, size)
            self._disk.write(descriptor, line, size)
            self._disk.sync(descriptor)
        finally:
            os.close(descriptor)
        if not existed:
            self._disk.sync_folder(self._folder)


def read_checkpoints(folder: Path, cell: str, log: str) -> list[Signed]:
    """What a folder of checkpoints says about one log; signatures are not checked here."""
    found = []
    for place, line in checkpoint_lines(folder, cell, log):
        try:
            found.append(from_line(line))
        except Damaged as error:
            raise Damaged(error.message, detail=f"{place}. {error.detail}") from error
    return found


def checkpoint_lines(folder: Path, cell: str, log: str) -> list[tuple[str, bytes]]:
    """The whole lines about one log, each with its place in words; none without a file."""
    path = folder / checkpoint_name(cell, log)
    try:
        *lines, _ = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failed(error, f"{path.name} cannot be read") from error
    return [(f"{path.name}, line {number}", line) for number, line in enumerate(lines, 1)]


def unfinished_line(folder: Path, cell: str, log: str) -> str:
    """The place of a last line without its end, in words; empty where every line is whole.

    Waits for a writer that is just adding one.
    """
    path = folder / checkpoint_name(cell, log)
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            data = file.read()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise failed(error, f"{path.name} cannot be read") from error
    lines = data.split(b"\n")
    return f"{path.name}, line {len(lines)}" if lines[-1] else ""


def _whole_lines(descriptor: int, size: int) -> int:
    """The size without a last line that a crash cut short."""
    data = os.pread(descriptor, size, 0)
    return data.rfind(b"\n") + 1
