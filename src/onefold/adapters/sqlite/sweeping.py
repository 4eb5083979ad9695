"""Overwriting what deleted rows left in an SQLite file that is in use; pages.py says why that is needed.

A slice of pages at a time. For each, the write-ahead log is emptied and the right to write is held, so that
what the file says is what everybody says, and nobody changes it. Then a row is changed: whoever has pages in
memory sees that another wrote, and reads them again before writing any of them. What others write between the
slices cannot bring anything back, because copies are made of rows that are there, and these are not any more.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from onefold.adapters.sqlite import pages
from onefold.adapters.sqlite.transaction import changing
from onefold.kernel.errors import Unavailable

PAGES_AT_ONCE = 8_192
PAUSE_SECONDS = 0.02
BUSY_MS = 200


def sweep(connection: sqlite3.Connection, path: Path, mark: str, wait_seconds: float) -> int:
    """How many pages held what belonged to nobody; none does when it returns.

    `connection` is to `path`, in WAL mode, and used for nothing else. `mark` is a statement that changes a
    row. `Unavailable` when readers were in the way for `wait_seconds`, or the file has too many pages: it is
    safe to begin again.
    """
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    swept = 0
    first = 1
    with _Broom(path) as broom:
        while True:
            until = time.monotonic() + wait_seconds
            while (found := _tried(connection, path, mark, broom, first)) is None:
                if time.monotonic() > until:
                    raise Unavailable(
                        f"Pages of {path.name} still hold what was erased.",
                        retry_after_seconds=5,
                        hint="It finishes when no reader is in the way: erase again, or start again.",
                    )
                time.sleep(PAUSE_SECONDS)
            swept += found[0]
            first += PAGES_AT_ONCE
            if first > found[1]:
                return swept


def _tried(
    connection: sqlite3.Connection, path: Path, mark: str, broom: _Broom, first: int
) -> tuple[int, int] | None:
    """Pages swept from `first` on, and how many there are; None when somebody was in the way."""
    try:
        return _slice(connection, path, mark, broom, first)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return None


def _slice(
    connection: sqlite3.Connection, path: Path, mark: str, broom: _Broom, first: int
) -> tuple[int, int] | None:
    """As above; SQLite's BUSY where a writer was in the way."""
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        return None
    with changing(connection):
        if _logged(path):
            return None
        count = int(connection.execute("PRAGMA page_count").fetchone()[0])
        if count >= pages.MOST_PAGES:
            raise Unavailable(
                f"{path.name} has too many pages to be swept: {count:,} of {pages.MOST_PAGES:,}.",
                hint="Stop the server and run VACUUM on the file, which leaves nothing that was deleted.",
            )
        swept = broom.sweep(first, PAGES_AT_ONCE)
        connection.execute(mark)
    return swept, count


def _logged(path: Path) -> int:
    """How many bytes the write-ahead log has."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size
    except FileNotFoundError:
        return 0


class _Broom:
    """The process that overwrites."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-I", "-S", pages.__file__, str(path.absolute())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> _Broom:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def sweep(self, first: int, count: int) -> int:
        """How many of these pages had something."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{first} {count}\n")
            process.stdin.flush()
            return int(process.stdout.readline())
        except (OSError, ValueError):
            raise Unavailable(
                f"Pages of {self._name} that hold what was erased could not be overwritten.",
                detail=f"The program that does it ended: {_reason(process)}.",
                hint="Check that the disk has space and the file may be written, and erase again.",
            ) from None


def _reason(process: subprocess.Popen[str]) -> str:
    """The last line that it said; it knows file names and no data."""
    said = process.communicate()[1].strip().splitlines()
    return said[-1] if said else f"exit code {process.returncode}"
