"""The rows of the token vault in SQLite: what tokens stood for, sealed under the keys of their subjects.

A database of its own, apart from the state: it cannot be rebuilt, and is backed up on its own terms. Commits
are synced (synchronous=FULL) before a token is shown: a token whose row a power failure takes away could
never be turned back.

Forgetting overwrites (secure_delete), and notes in the same commit that copies in pages are to be swept
(unswept.py).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from onefold.adapters.files.disk import failed
from onefold.adapters.sqlite.alone import made
from onefold.adapters.sqlite.faults import Faults
from onefold.adapters.sqlite.sweeping import sweep
from onefold.adapters.sqlite.transaction import changing
from onefold.adapters.sqlite.unswept import Unswept
from onefold.record.tokens.model import Sealed
from onefold.record.tokens.ports import Place

WAIT_SECONDS = 60.0
_BUSY_SECONDS = 10.0
_CHUNK = 400
_PAGE_IDS = 10_000
_FAULTS = Faults(
    "the token vault", "Restore its file from a backup; tokens that were shown since cannot be turned back."
)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT NOT NULL,
    fragment_id BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    field TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (token, fragment_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_by_fragment ON tokens (fragment_id);
CREATE INDEX IF NOT EXISTS tokens_by_subject ON tokens (subject_id);
"""
_KNOWN = "SELECT token, fragment_id FROM tokens WHERE token IN ({})"
_FORGETTING = (
    "DELETE FROM tokens WHERE fragment_id IN ({})",
    "DELETE FROM tokens WHERE subject_id IN ({})",
)
_HELD = (
    "SELECT DISTINCT fragment_id FROM tokens WHERE fragment_id > ? ORDER BY fragment_id LIMIT ?",
    "SELECT DISTINCT subject_id FROM tokens WHERE subject_id > ? ORDER BY subject_id LIMIT ?",
)
_UNSWEPT = Unswept("forgettings")


class SqliteTokens:
    """Implements `TokenStore`; safe to share by threads."""

    def __init__(self, path: Path, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._path = path
        self._wait_seconds = wait_seconds
        self._guard = threading.Lock()
        self._sweeping = threading.Lock()
        with _FAULTS:
            self._base = _opened(path)

    def known(self, places: Collection[Place]) -> set[Place]:
        """As the port says."""
        tokens = sorted({token for token, _ in places})
        found: set[Place] = set()
        with self._guard, _FAULTS:
            for at in range(0, len(tokens), _CHUNK):
                some = tokens[at : at + _CHUNK]
                found.update(self._base.execute(_KNOWN.format(_marks(some)), some))
        return found & set(places)

    def add(self, rows: Sequence[Sealed]) -> None:
        """As the port says."""
        values = [(it.token, it.fragment_id, it.subject_id, it.field, it.sealed) for it in rows]
        with self._guard, _FAULTS, changing(self._base):
            self._base.executemany("INSERT OR IGNORE INTO tokens VALUES (?, ?, ?, ?, ?)", values)

    def of(self, token: str) -> list[Sealed]:
        """As the port says."""
        question = (
            "SELECT token, fragment_id, subject_id, field, sealed FROM tokens"
            " WHERE token = ? ORDER BY fragment_id"
        )
        with self._guard, _FAULTS:
            return [Sealed(*row) for row in self._base.execute(question, (token,))]

    def held(self, ids: AbstractSet[bytes]) -> set[bytes]:
        """As the port says."""
        found: set[bytes] = set()
        for question in _HELD:
            some = [b""]
            while some:
                with self._guard, _FAULTS:
                    some = [it for (it,) in self._base.execute(question, (some[-1], _PAGE_IDS))]
                found.update(it for it in some if it in ids)
        return found

    def forget(self, ids: Collection[bytes]) -> int:
        """As the port says."""
        with self._guard, _FAULTS:
            is_empty = self._base.execute("SELECT 1 FROM tokens LIMIT 1").fetchone() is None
            return 0 if is_empty or not ids else self._forget(sorted(ids))

    def sweep(self) -> None:
        """As the port says."""
        with self._sweeping:
            with self._guard, _FAULTS:
                due = _UNSWEPT.due(self._base)
            if due is None:
                return
            sweep(self._path, _UNSWEPT.one_more, self._wait_seconds)
            with self._guard, _FAULTS:
                _UNSWEPT.swept(self._base, due)

    def close(self) -> None:
        """Closes the database."""
        with self._guard:
            self._base.close()

    def _forget(self, ids: list[bytes]) -> int:
        """Deletes, and leaves a note that pages are to be swept, where there was anything."""
        before = self._base.total_changes
        with changing(self._base):
            for at in range(0, len(ids), _CHUNK):
                some = ids[at : at + _CHUNK]
                for forgetting in _FORGETTING:
                    self._base.execute(forgetting.format(_marks(some)), some)
            found = self._base.total_changes - before
            if found:
                _UNSWEPT.leave(self._base)
        return found


def _opened(path: Path) -> sqlite3.Connection:
    """The database, made where there is none; its owner alone may read it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made(path)
    except OSError as error:
        raise failed(error, "the token vault cannot be opened") from error
    base = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        base.execute("PRAGMA secure_delete = ON")
        base.executescript(_SCHEMA + _UNSWEPT.schema)
    except sqlite3.DatabaseError:
        base.close()
        raise
    return base


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
