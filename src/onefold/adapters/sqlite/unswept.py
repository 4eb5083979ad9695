"""The note, kept in a file itself, that what was deleted in it still stands in pages and is to be swept.

The commit that deletes leaves it; it goes when the pages were swept (sweeping.py). So what a crash leaves
between the two is found by the next sweep. The note says how many deletions there had been: one that comes
during a sweep leaves another number, and is swept the next time.
"""

from __future__ import annotations

import sqlite3

_TABLE = "CREATE TABLE IF NOT EXISTS {} (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER);"
_FIRST = "INSERT OR IGNORE INTO {} VALUES (1, 0);"
_ONE_MORE = "UPDATE {} SET count = count + 1"
_NOTE = "INSERT OR REPLACE INTO unswept SELECT 1, count FROM {}"
_COUNT = "SELECT count FROM {}"


class Unswept:
    """The note of a file that counts its deletions in a table of one row, which this names."""

    def __init__(self, counter: str) -> None:
        self.schema = _TABLE.format(counter) + _FIRST.format(counter) + _TABLE.format("unswept")
        self.one_more = _ONE_MORE.format(counter)
        self._note = _NOTE.format(counter)
        self._count = _COUNT.format(counter)

    def leave(self, base: sqlite3.Connection) -> None:
        """Counts a deletion and notes it, in the transaction that is open."""
        base.execute(self.one_more)
        base.execute(self._note)

    def count(self, base: sqlite3.Connection) -> int:
        """How many deletions there were."""
        return int(base.execute(self._count).fetchone()[0])

    def due(self, base: sqlite3.Connection) -> int | None:
        """Up to which deletion a sweep is due; None when there is nothing to sweep."""
        row = base.execute("SELECT count FROM unswept").fetchone()
        return None if row is None else int(row[0])

    def swept(self, base: sqlite3.Connection, due: int) -> None:
        """Takes the note away, unless more was deleted since it was read."""
        base.execute("DELETE FROM unswept WHERE count = ?", (due,))
