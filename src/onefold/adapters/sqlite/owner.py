"""Whose a database is: a mark in its header, so that a file of another cell is never taken for one's own.

SQLite keeps 32 bits for whoever owns a file (`application_id`, bytes 68 to 71 of its header, as
https://sqlite.org/fileformat2.html says). The mark guards against files that were put back in the wrong
place, not against somebody who means to: it can be forged, and one in two thousand million cells has the
same. Logs say whose they are in every proof.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import CellKey

_WAIT_SECONDS = 10.0


def claim(paths: Iterable[Path], cell_key: CellKey) -> None:
    """Marks the databases among the files as a cell's own; `CallerError` where one is another's.

    Nothing is marked then. A file that cannot be read, or is no database, is left to whoever opens it.
    """
    mark = int.from_bytes(cell_key.digest(b"owner")[:4], "big") >> 1 or 1
    found = {path: _mark_of(path) for path in paths}
    strangers = sorted(path.name for path, it in found.items() if it not in (None, 0, mark))
    if strangers:
        raise CallerError(
            f"The folder holds files of another cell: {', '.join(strangers)}.",
            detail="Nothing was written to them.",
            hint="Put back those of this cell from its backup; what is derived may be deleted.",
        )
    for path in (path for path, it in found.items() if it == 0):
        # A file that is locked or cannot be written is said so by whoever needs to, and marked another time.
        with suppress(sqlite3.DatabaseError):
            _write(path, mark)


def _mark_of(path: Path) -> int | None:
    # Never read as a file: closing it would end the locks of every connection that this process has to it.
    # And read only, because the last of those that write copies a long write-ahead log when it closes.
    with suppress(OSError, sqlite3.DatabaseError):
        if path.stat().st_size:
            with closing(_opened(path, "ro")) as base:
                return int(base.execute("PRAGMA application_id").fetchone()[0])
    return None


def _write(path: Path, mark: int) -> None:
    with closing(_opened(path, "rw")) as base:
        base.execute(f"PRAGMA application_id = {mark}")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
