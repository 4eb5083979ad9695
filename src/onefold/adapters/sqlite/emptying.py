"""Empties the write-ahead log of a file beside whoever writes it, so that no commit waits for that.

SQLite copies the log into the file within the commit that makes it long: random pages, and a sync of both.
On a state of some gigabytes that was 150 to 220 ms every 64 MiB, in which nothing new was seen; it was what
the slowest profiles waited for. Here a thread with a connection of its own copies what there is every so
often (a passive checkpoint, which stands in nobody's way), and the writer goes on behind it.

The log begins anew by itself when a commit finds all of it copied. Where the writer leaves no gap for that,
the log grows; past `LONG_PAGES` the writer copies the rest itself and begins it anew.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from threading import Event, Lock, Thread

EVERY_SECONDS = 0.2
LONG_PAGES = 32_768
_PASSIVE = "PRAGMA wal_checkpoint(PASSIVE)"


class Emptier:
    """For one writer of one file, whose own checkpoints it turns off."""

    def __init__(
        self,
        path: Path,
        writer: sqlite3.Connection,
        *,
        every_seconds: float = EVERY_SECONDS,
        long: int = LONG_PAGES,
    ) -> None:
        self._every_seconds = every_seconds
        self._long = long
        self._is_long = False
        self._commits = self._all_copied_at = 0
        self._news = Event()
        self._closing = Event()
        self._copying = Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._thread = Thread(target=self._run, name="onefold-emptier", daemon=True)
        self._thread.start()
        writer.execute("PRAGMA wal_autocheckpoint = 0")

    def wrote(self) -> None:
        """Says that something was committed; where the log became too long, returns when it is copied."""
        self._commits += 1
        if self._is_long:
            # Little is left: the thread has just been through twice.
            self._is_long = False
            self._copy()
            self._all_copied_at = self._commits
        self._news.set()

    def close(self) -> None:
        """Ends after the pass at hand."""
        self._closing.set()
        self._news.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while self._news.wait():
            self._news.clear()  # Before looking whether it is over: that is said first, and then the news.
            if self._closing.is_set():
                return
            if self._copy() > self._long and self._commits > self._all_copied_at:
                self._copy()
                self._is_long = True
            self._closing.wait(self._every_seconds)

    def _copy(self) -> int:
        """Copies what is committed now; how many pages the log has since it began.

        A disk that fails here fails the writer too, who says so.
        """
        with self._copying, contextlib.suppress(sqlite3.Error):
            _, pages, _ = self._connection.execute(_PASSIVE).fetchone()
            return int(pages)
        return 0
