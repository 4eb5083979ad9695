"""The ids of one delivery in a private file that is gone with the process: SQLite's unnamed database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from onefold.adapters.sqlite.faults import Faults

_CHUNK = 400
_FAULTS = Faults(
    "the list of what a snapshot holds, a temporary file,",
    "load the snapshot again: rows that were taken are safe.",
    derived=True,
)


class SqlitePresent:
    """Implements `Present`; memory stays at the size of its page cache."""

    def __init__(self) -> None:
        with _FAULTS:
            self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA journal_mode = OFF")
            self._base.execute("PRAGMA synchronous = OFF")
            self._base.execute("PRAGMA cache_size = -65536")
            self._base.execute("CREATE TABLE present (id BLOB PRIMARY KEY) WITHOUT ROWID")

    def add(self, ids: Sequence[bytes]) -> None:
        """Notes ids."""
        with _FAULTS:
            self._base.execute("BEGIN")
            self._base.executemany("INSERT OR IGNORE INTO present VALUES (?)", [(it,) for it in sorted(ids)])
            self._base.execute("COMMIT")

    def absent(self, ids: Sequence[bytes]) -> list[bytes]:
        """Those of the ids that were not noted, in order."""
        found: set[bytes] = set()
        with _FAULTS:
            for at in range(0, len(ids), _CHUNK):
                some = ids[at : at + _CHUNK]
                marks = ",".join("?" * len(some))
                query = f"SELECT id FROM present WHERE id IN ({marks})"  # noqa: S608  # marks only
                found.update(row[0] for row in self._base.execute(query, some))
        return [it for it in ids if it not in found]

    def close(self) -> None:
        """Lets go of the file, which is then gone."""
        self._base.close()
