"""Data keys of subjects in SQLite, each wrapped under the master key; losing one is erasure.

A database of its own, apart from the state: it cannot be rebuilt, and its backups are kept short so that
an erased key does not live on in them. Commits are synced (synchronous=FULL) before a key is handed out:
nothing may be sealed under a key that a power failure takes away.

Erasing overwrites (secure_delete, and sweeping.py for copies), empties the write-ahead log, and leaves the
subject's id as a tombstone, so that no key is ever made for it again. What a storage device keeps of
overwritten blocks is beyond us.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

from onefold.adapters.files.disk import failed
from onefold.adapters.sqlite.alone import made
from onefold.adapters.sqlite.emptying import Emptier
from onefold.adapters.sqlite.faults import Faults
from onefold.adapters.sqlite.sweeping import sweep
from onefold.adapters.sqlite.transaction import changing
from onefold.adapters.sqlite.unswept import Unswept
from onefold.kernel.errors import Damaged
from onefold.kernel.keys import KEY_BYTES, KeyCustody, wrap_now

CACHED_KEYS = 100_000
WAIT_SECONDS = 60.0
_CHUNK = 500
_BUSY_SECONDS = 10.0
_FAULTS = Faults(
    "the subject keys", "Restore their file from a backup; what was sealed under them is lost without it."
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS subject_keys (
    subject_id BLOB PRIMARY KEY,
    master_id TEXT,
    wrapped BLOB
) WITHOUT ROWID;
"""
_UNSWEPT = Unswept("erasures")


class SqliteSubjectKeys:
    """Implements `SubjectKeys`; safe to share by threads, and by processes each with their own.

    `cached` bounds the opened keys held in memory (about 200 bytes each). An erasure by another process
    empties the cache at the next call. `sync=False` only for measuring what syncing costs.

    `create=False` where something is sealed already: without its keys nothing of that opens again, so a
    missing file is `Damaged`, never a fresh one.
    """

    def __init__(
        self,
        path: Path,
        custody: KeyCustody,
        *,
        create: bool = True,
        cached: int = CACHED_KEYS,
        sync: bool = True,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._path = path
        self._custody = custody
        self._wait_seconds = wait_seconds
        self._cached = cached
        self._cache: OrderedDict[bytes, bytes] = OrderedDict()
        self._guard = threading.Lock()
        self._emptier: Emptier | None = None
        self._is_emptied = sync
        """An emptier syncs what it copies; where nothing is to be synced there is none."""
        with _FAULTS:
            if create:
                _touch(path)
            elif not _has_content(path):
                raise Damaged(
                    f"The data keys are missing: {path.name}.",
                    detail="The log holds records that were sealed under them. Nothing was written.",
                    hint=f"Restore {path} from a backup; without it no body in the log can be read.",
                )
            self._base = _connect(path)
            try:
                self._base.execute(f"PRAGMA synchronous = {'FULL' if sync else 'OFF'}")
                self._base.execute("PRAGMA secure_delete = ON")
                self._base.executescript(_SCHEMA + _UNSWEPT.schema)
                self._erasures = _UNSWEPT.count(self._base)
            except sqlite3.DatabaseError:
                self._base.close()
                raise

    def obtain(self, subject_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """Keys, made where there were none; erased subjects are missing from the answer."""
        with self._guard, _FAULTS:
            found, unknown = self._look_up(subject_ids)
            if unknown:
                found |= self._make(unknown)
            return found

    def find(self, subject_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """The keys that exist."""
        with self._guard, _FAULTS:
            return self._look_up(subject_ids)[0]

    def destroy(self, subject_ids: Collection[bytes]) -> None:
        """Overwrites the keys and their copies in pages; `Unavailable` when readers keep old pages in use.

        Without ids it finishes what was not swept, because a crash or a reader came in between.
        """
        with self._guard, _FAULTS:
            if subject_ids:
                self._forget(subject_ids)
            due = _UNSWEPT.due(self._base)
        if due is None:
            return
        sweep(self._path, _UNSWEPT.one_more, self._wait_seconds)
        with self._guard, _FAULTS:
            _UNSWEPT.swept(self._base, due)

    def _forget(self, subject_ids: Collection[bytes]) -> None:
        """Leaves tombstones, and a note that pages are to be swept."""
        with changing(self._base):
            self._base.executemany(
                "INSERT INTO subject_keys VALUES (?, NULL, NULL)"
                " ON CONFLICT DO UPDATE SET master_id = NULL, wrapped = NULL",
                [(it,) for it in subject_ids],
            )
            _UNSWEPT.leave(self._base)
        self._cache.clear()

    def rewrap(self) -> int:
        """Wraps every key that is under a former master key under the current one; returns how many.

        A few at a time, each time durable: others are served in between, and a crash leaves the rest as it
        was, under a key that still opens it.
        """
        moved = 0
        after = b""
        while True:
            with self._guard, _FAULTS:
                rows = self._base.execute(
                    "SELECT subject_id, master_id, wrapped FROM subject_keys"
                    " WHERE subject_id > ? AND master_id IS NOT NULL AND master_id <> ?"
                    " ORDER BY subject_id LIMIT ?",
                    (after, self._custody.current, _CHUNK),
                ).fetchall()
                if not rows:
                    return moved
                after = rows[-1][0]
                opened = list(self._open(rows).items())
                master, wrapped = wrap_now(self._custody, [(key, subject) for subject, key in opened])
                with changing(self._base):
                    self._base.executemany(
                        "UPDATE subject_keys SET master_id = ?, wrapped = ?"
                        " WHERE subject_id = ? AND wrapped IS NOT NULL",
                        [(master, it, subject) for it, (subject, _) in zip(wrapped, opened, strict=True)],
                    )
                self._wrote()
            moved += len(rows)

    def close(self) -> None:
        """Closes the database and forgets the opened keys."""
        with self._guard:
            self._cache.clear()
            if self._emptier is not None:
                self._emptier.close()
            self._base.close()

    def _look_up(self, subject_ids: Sequence[bytes]) -> tuple[dict[bytes, bytes], list[bytes]]:
        """Keys that exist, and ids of which nothing is known yet (erased ones are in neither)."""
        count = _UNSWEPT.count(self._base)
        if count != self._erasures:
            self._cache.clear()
            self._erasures = count
        found: dict[bytes, bytes] = {}
        asked: list[bytes] = []
        for subject in dict.fromkeys(subject_ids):
            key = self._cache.get(subject)
            if key is None:
                asked.append(subject)
            else:
                self._cache.move_to_end(subject)
                found[subject] = key
        rows = self._rows(asked)
        opened = self._open([row for row in rows if row[1] is not None])
        self._keep(opened)
        stored = {row[0] for row in rows}
        return found | opened, [subject for subject in asked if subject not in stored]

    def _make(self, subject_ids: list[bytes]) -> dict[bytes, bytes]:
        entropy = os.urandom(KEY_BYTES * len(subject_ids))
        keys = (entropy[at : at + KEY_BYTES] for at in range(0, len(entropy), KEY_BYTES))
        fresh = list(zip(keys, subject_ids, strict=True))
        master, wrapped = wrap_now(self._custody, fresh)
        before = self._base.total_changes
        with changing(self._base):
            self._base.executemany(
                "INSERT OR IGNORE INTO subject_keys VALUES (?, ?, ?)",
                [(subject, master, it) for it, (_, subject) in zip(wrapped, fresh, strict=True)],
            )
        self._wrote()
        if self._base.total_changes - before == len(fresh):
            made = {subject: key for key, subject in fresh}
        else:
            # Another process made or erased some of them meanwhile: what is stored counts.
            made = self._open([row for row in self._rows(subject_ids) if row[1] is not None])
        self._keep(made)
        return made

    def _wrote(self) -> None:
        """Has the write-ahead log emptied beside us: within a commit, many subjects would wait for it."""
        if self._emptier is None and self._is_emptied:
            self._emptier = Emptier(self._path, self._base)
        if self._emptier is not None:
            self._emptier.wrote()

    def _rows(self, subject_ids: list[bytes]) -> list[tuple[bytes, str | None, bytes]]:
        rows: list[tuple[bytes, str | None, bytes]] = []
        for at in range(0, len(subject_ids), _CHUNK):
            some = subject_ids[at : at + _CHUNK]
            marks = ",".join("?" * len(some))
            query = "SELECT subject_id, master_id, wrapped FROM subject_keys WHERE subject_id IN "
            rows += self._base.execute(f"{query}({marks})", some).fetchall()
        return rows

    def _open(self, rows: Sequence[tuple[bytes, str | None, bytes]]) -> dict[bytes, bytes]:
        by_master: defaultdict[str, list[tuple[bytes, bytes]]] = defaultdict(list)
        for subject, master, wrapped in rows:
            by_master[master or ""].append((wrapped, subject))
        opened: dict[bytes, bytes] = {}
        for master, pairs in by_master.items():
            keys = self._custody.unwrap(master, pairs)
            opened |= {subject: key for key, (_, subject) in zip(keys, pairs, strict=True)}
        return opened

    def _keep(self, opened: dict[bytes, bytes]) -> None:
        self._cache |= opened
        while len(self._cache) > self._cached:
            self._cache.popitem(last=False)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def _touch(path: Path) -> None:
    """Makes a file that its owner alone may read, where there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        made(path)
    except OSError as error:
        raise failed(error, "the subject keys cannot be opened") from error


def _has_content(path: Path) -> bool:
    """Whether there is a file with something in it."""
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise failed(error, "the subject keys cannot be opened") from error
