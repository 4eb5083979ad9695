"""What no cell of an SQLite page owns, and overwriting it; also a program of its own, for sweeping.py.

`secure_delete` overwrites a cell where it lies when it is deleted, and pages when they become free. It does
not reach copies. Where a page is split or merged, SQLite may lay out its cells anew, from the end of the page
on (`rebuildPage` in its btree.c), and what lay between the pointers and the first cell stays as it was: cells
that are on another page now, or further down on this one. When such a cell is deleted, the copy stays. One
erasure in twenty of fifty people left somebody's account number there.

A page of a b-tree says what is owned: a header, pointers to cells, and the cells (https://sqlite.org/
fileformat2.html, 1.6). Whatever lies between the last pointer and the first cell, and in the blocks that are
free, belongs to nobody, and zeros there change nothing for anyone who reads the page, whoever does.

Of pages that are not of a b-tree (an overflowing value, the free list) the first four bytes are the number of
another page; below page 2^25 their first byte is 0 or 1, and that of a b-tree 2, 5, 10 or 13. A file with
more pages is refused, because a page of it cannot be told by itself.

It is a program of its own because whoever closes a file gives up all locks that the process has on it, also
SQLite's. It imports nothing of ours, so that it starts at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

MOST_PAGES = 1 << 25
_LEAVES = {10, 13}
_INTERIORS = {2, 5}
_FILE_HEADER = 100


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
    cells = int.from_bytes(page[header + 3 : header + 5], "big")
    content = int.from_bytes(page[header + 5 : header + 7], "big") or 65_536
    block = int.from_bytes(page[header + 1 : header + 3], "big")
    gap = pointers + 2 * cells
    if not gap <= content <= usable:
        return []
    areas = [(gap, content)]
    while block:
        size = int.from_bytes(page[block + 2 : block + 4], "big")
        if block < areas[-1][1] or size < 4 or block + size > usable:
            return []
        areas.append((block + 4, block + size))
        block = int.from_bytes(page[block : block + 2], "big")
    return [(start, stop) for start, stop in areas if page.count(0, start, stop) < stop - start]


class PageFile:
    """An SQLite file, page by page. The caller keeps others from writing to it, and its log is empty."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR)
        header = os.pread(self._file, _FILE_HEADER, 0)
        size = int.from_bytes(header[16:18], "big")
        self._size = 65_536 if size == 1 else size
        self._usable = self._size - header[20]

    def sweep(self, first: int, count: int) -> int:
        """Zeros over what nobody owns in these pages, on the disk when it returns: in how many of them."""
        swept = 0
        for number in range(first, first + count):
            place = (number - 1) * self._size
            page = os.pread(self._file, self._size, place)
            if len(page) < self._size:
                break
            areas = unowned(page, number, self._usable)
            for start, stop in areas:
                os.pwrite(self._file, bytes(stop - start), place + start)
            swept += bool(areas)
        if swept:
            os.fsync(self._file)
        return swept


def main() -> None:
    """For each line, a first page and a count, how many pages of the file were swept."""
    file = PageFile(Path(sys.argv[1]))
    for line in sys.stdin:
        first, count = line.split()
        sys.stdout.write(f"{file.sweep(int(first), int(count))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
