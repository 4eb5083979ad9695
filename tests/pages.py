"""Copies in the pages of an SQLite file that belong to nobody, as page splits leave them."""

from __future__ import annotations

from pathlib import Path


def plant(path: Path, what: bytes) -> int:
    """Fills all between the pointers and the cells of every page that has room with `what`; of how many.

    Nobody may have the file open.
    """
    data = bytearray(path.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    count = 0
    for place in range(size, len(data), size):
        pointers = {2: 12, 5: 12, 10: 8, 13: 8}.get(data[place])
        cells, content = (int.from_bytes(data[place + at : place + at + 2], "big") for at in (3, 5))
        room = content - pointers - 2 * cells if pointers else 0
        if room >= len(what):
            gap = place + content - room
            data[gap : gap + room] = (what * (room // len(what) + 1))[:room]
            count += 1
    path.write_bytes(data)
    return count
