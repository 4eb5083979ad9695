"""Forgetting in the state's file: deleted rows are overwritten already, what they left is swept here."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

from onefold.adapters.sqlite.questions import rows_for
from onefold.adapters.sqlite.schema import STATE_FAULTS, open_writer
from onefold.adapters.sqlite.sweeping import sweep
from onefold.kernel.errors import Unavailable
from onefold.record.erasure.model import Erased

WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.02
_UNMERGED = "SELECT value FROM meta WHERE name = 'unmerged'"
_MARK = "INSERT INTO meta VALUES ('swept', 1) ON CONFLICT DO UPDATE SET value = value + 1"
_ERASED = "SELECT 1 FROM fragments WHERE id IN ({}) AND body IS NOT NULL"


class StateErasure:
    """Implements `Erasable`, for a state whose worker has the erasure in it already.

    A commit that erases overwrites the rows (`secure_delete`), and the worker merges the index of words when
    it is idle. What is left are old pages in the write-ahead log, which any connection can empty once no
    reader is in the way, and copies in pages, which are swept (sweeping.py).
    """

    room = "state"

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    def erase(self, erased: Erased) -> int:
        """Fragments of which only the id is left."""
        until = time.monotonic() + self._wait_seconds
        with STATE_FAULTS, closing(open_writer(self._path)) as connection:
            while connection.execute(_UNMERGED).fetchone()[0]:
                if time.monotonic() > until:
                    raise Unavailable(
                        "The index of words still holds those of who was erased.",
                        retry_after_seconds=5,
                        hint="The worker merges it when it is idle: erase again, or start again.",
                    )
                time.sleep(PAUSE_SECONDS)
            sweep(self._path, _MARK, self._wait_seconds)
            return sum(1 for _ in rows_for(connection, _ERASED, sorted(erased.fragments)))
