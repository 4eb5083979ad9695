"""Forgetting in the state's file: deleted pages are overwritten already, its log is emptied here."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from onefold.adapters.sqlite.questions import rows_for
from onefold.adapters.sqlite.schema import STATE_FAULTS, open_writer
from onefold.kernel.errors import Unavailable
from onefold.record.erasure.model import Erased

WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.02
_ERASED = "SELECT 1 FROM fragments WHERE id IN ({}) AND body IS NOT NULL"


class StateErasure:
    """Implements `Erasable`, for a state whose worker has the erasure in it already.

    A commit that erases overwrites the rows (`secure_delete`), and the worker merges the index of words when
    it is idle. What is left are old pages in the write-ahead log, which any connection can empty once no
    reader is in the way.
    """

    room = "state"

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    def erase(self, erased: Erased) -> int:
        """Fragments of which only the id is left."""
        until = time.monotonic() + self._wait_seconds
        with STATE_FAULTS, closing(open_writer(self._path)) as connection:
            while not _is_empty(connection):
                if time.monotonic() > until:
                    raise Unavailable(
                        "The state still holds pages of who was erased.",
                        retry_after_seconds=5,
                        hint="It finishes when no reader is in the way: erase again, or start again.",
                    )
                time.sleep(PAUSE_SECONDS)
            return sum(1 for _ in rows_for(connection, _ERASED, sorted(erased.fragments)))


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the index of words is merged and the write-ahead log could be emptied."""
    if connection.execute("SELECT value FROM meta WHERE name = 'unmerged'").fetchone()[0]:
        return False
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
