"""Copies in the pages of an SQLite file that belong to nobody, as page splits leave them."""

from __future__ import annotations

from pathlib import Path


def plant(path: Path, what: bytes) -> int:
    """Writes `what` between the pointers and the cells of every page with room for it; in how many.

    Nobody may have the file open.
    """
    data = bytearray(path.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    count = 0
    for place in range(size, len(data), size):
        pointers = {2: 12, 5: 12, 10: 8, 13: 8}.get(data[place])
        cells, content = (int.from_bytes(data[place + at : place + at + 2], "big") for at in (3, 5))
        if pointers and content - pointers - 2 * cells >= len(what):
            gap = place + pointers + 2 * cells
            data[gap : gap + len(what)] = what
            count += 1
    path.write_bytes(data)
    return count
