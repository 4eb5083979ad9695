"""What no cell of an SQLite page owns, and overwriting it in a file that is in use; a program of its own.

`secure_delete` overwrites a cell where it lies when it is deleted, and pages when they become free. It does
not reach copies. Where a page is split or merged, SQLite may lay out its cells anew, from the end of the page
on (`rebuildPage` in its btree.c), and what lay between the pointers and the first cell stays as it was: cells
that are on another page now, or further down on this one. When such a cell is deleted, the copy stays. One
erasure in twenty of fifty people left somebody's account number there.

A page of a b-tree says what is owned: a header, pointers to cells, and the cells (https://sqlite.org/
fileformat2.html, 1.6). Whatever lies between the last pointer and the first cell, and in the blocks that are
free, belongs to nobody, and zeros there change nothing for anyone who reads the page, whoever does. Of pages
that are not of a b-tree (an overflowing value, the free list) the first four bytes are the number of another
page; below page 2^25 their first byte is 0 or 1, and that of a b-tree 2, 5, 10 or 13. A file with more pages,
or of a kind whose other pages begin otherwise, is refused.

**In use.** While pages are overwritten the write-ahead log is empty and the right to write is held, so that
the file is what everybody sees, and nobody changes it. Then a row is changed: whoever has pages in memory
reads them again before writing any. A pass takes some pages at a time, so that others can write in between.
They cannot bring a row back, but SQLite moves whole pages when it splits others, and one that was not swept
yet may take the place of one that was. So a pass counts only if nobody wrote between its first lock and its
last; after some that did not, one is made under a single lock.

**A program.** Whoever closes a file gives up all locks that the process has on it, also SQLite's; and who
writes must be who holds the lock, so that both end together when it is killed. It imports nothing of ours and
starts at once. It writes a line for every slice, and at the end how many pages had something; or else, as an
error, why it gave up.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_PAGES = 1 << 25
PAGES_AT_ONCE = 8_192
PASSES = 2
"""With others in between, before one under a single lock."""
BUSY, UNKNOWN = "busy", "unknown"
_LEAVES = {10, 13}
_INTERIORS = {2, 5}
_FILE_HEADER = 100
_BUSY_MS = 200
_PAUSE_SECONDS = 0.02


def unowned(page: bytes, number: int, usable: int) -> list[tuple[int, int]]:
    """From where to where a page holds what belongs to nobody and is not zero; none of what is no b-tree.

    `number` counts from 1, `usable` is how many bytes of a page SQLite uses. A page that contradicts itself
    is left as it is: mending files is not what this is for.
    """
    header = _FILE_HEADER if number == 1 else 0
    kind = page[header]
    if kind in _LEAVES:
        pointers = header + 8
    elif kind in _INTERIORS:
        pointers = header + 12
    else:
        return []
    block, cells, content = struct.unpack_from(">HHH", page, header + 1)
    content = content or 65_536
    gap = pointers + 2 * cells
    if not gap <= content <= usable:
        return []
    places = struct.unpack_from(f">{cells}H", page, pointers)
    if places and not content <= min(places) <= max(places) < usable:
        return []
    areas = [(gap, content)]
    while block:
        if not areas[-1][1] <= block <= usable - 4:
            return []
        following, size = struct.unpack_from(">HH", page, block)
        if size < 4 or block + size > usable:
            return []
        areas.append((block + 4, block + size))
        block = following
    return [(start, stop) for start, stop in areas if page.count(0, start, stop) < stop - start]


class PageFile:
    """An SQLite file, page by page. The caller keeps others from writing to it, and its log is empty.

    Never closed but by the end of the process, which it asks for where a page of the file cannot be told.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR)
        header = os.pread(self._file, _FILE_HEADER, 0)
        size = int.from_bytes(header[16:18], "big")
        self._size = 65_536 if size == 1 else size
        self.count = os.fstat(self._file).st_size // self._size if self._size else 0
        if header[20] or any(header[52:56]):
            raise SystemExit(f"{UNKNOWN} its pages have reserved bytes or are moved by auto_vacuum")
        self.check()

    def check(self) -> None:
        """That it is the file of this name still, and has no more pages than can be told."""
        held = os.fstat(self._file)
        if not os.path.samestat(held, os.stat(self._path)):
            raise SystemExit(f"{UNKNOWN} another file has taken its name")
        self.count = held.st_size // self._size
        if self.count >= MOST_PAGES:
            raise SystemExit(f"{UNKNOWN} it has too many pages: {self.count:,} of {MOST_PAGES:,}")

    def sweep(self, first: int, count: int) -> int:
        """Zeros over what nobody owns in these pages, on the disk when it returns: in how many of them."""
        swept = 0
        for number in range(first, first + count):
            place = (number - 1) * self._size
            page = os.pread(self._file, self._size, place)
            if len(page) < self._size:
                break
            areas = unowned(page, number, self._size)
            for start, stop in areas:
                os.pwrite(self._file, bytes(stop - start), place + start)
            swept += bool(areas)
        if swept:
            os.fsync(self._file)
        return swept


class Sweep:
    """Passes over one file. `mark` is a statement that changes a row; `said` is told of every slice."""

    def __init__(self, path: Path, mark: str, wait_seconds: float, said: Callable[[], None]) -> None:
        self._path = path
        self._mark = mark
        self._wait_seconds = wait_seconds
        self._said = said
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        self._base.execute("PRAGMA synchronous = FULL")
        self._file = PageFile(path)
        self.swept = 0

    def run(self) -> None:
        """Until a pass counts, or others were in the way for so long."""
        for _ in range(PASSES):
            if self._pass_with_others():
                return
        with self._alone():
            for first in range(1, self._file.count + 1, PAGES_AT_ONCE):
                self._slice(first)

    def _pass_with_others(self) -> bool:
        """Whether nobody else wrote between its first slice and its last."""
        first, versions = 1, set()
        while True:
            with self._alone():
                versions.add(self._base.execute("PRAGMA data_version").fetchone()[0])
                self._slice(first)
            first += PAGES_AT_ONCE
            if first > self._file.count:
                return len(versions) == 1

    def _slice(self, first: int) -> None:
        self.swept += self._file.sweep(first, PAGES_AT_ONCE)
        self._said()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else writes, and the log is empty; at the end a row is changed."""
        until = time.monotonic() + self._wait_seconds
        while not self._begun():
            if time.monotonic() > until:
                raise SystemExit(BUSY)
            time.sleep(_PAUSE_SECONDS)
        self._file.check()
        yield
        self._base.execute(self._mark)
        self._base.execute("COMMIT")

    def _begun(self) -> bool:
        try:
            busy, *_ = self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                return False
            self._base.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                return False
            raise
        if _bytes_of(self._path.with_name(f"{self._path.name}-wal")):
            self._base.execute("ROLLBACK")
            return False
        return True


def _bytes_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Sweeps the file that it is told of; the last line says what came of it."""
    path, mark, wait_seconds = sys.argv[1:]
    sweep = Sweep(Path(path), mark, float(wait_seconds), lambda: _say(""))
    sweep.run()
    _say(str(sweep.swept))


if __name__ == "__main__":
    main()
