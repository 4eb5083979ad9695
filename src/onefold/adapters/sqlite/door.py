"""The index of a door in SQLite: events seen for ever, last snapshot rows, accounts. Made again from the log.

`seen` is keyed by day and then event id, so that fresh rows go to one end of the table. Random keys fell to
33,000 a second at 15 million rows, day-prefixed ones stayed at 170,000. Commits are not synced one by one
(synchronous=NORMAL): after a power failure the door reads the headers it has lost.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from onefold.adapters.sqlite.alone import alone
from onefold.adapters.sqlite.emptying import Emptier
from onefold.adapters.sqlite.faults import Faults
from onefold.adapters.sqlite.transaction import changing
from onefold.kernel.time import MS_PER_DAY
from onefold.record.intake.model import SourceCount, Stated, Tally
from onefold.record.intake.ports import SeenKey
from onefold.record.intake.runs import RUNS_KEPT, DayCount, Run, RunCount

_CHUNK = 500
_BUSY_SECONDS = 10.0
_FAULTS = Faults(
    "the index of the door",
    "stop the server and delete door.db: it is made again from the log.",
    derived=True,
)
_FORMAT = 2
_FROM_1 = """
ALTER TABLE snapshots ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
CREATE TABLE versions (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO versions VALUES (0, '');
"""
"""Format 1 did not say who judged a row."""

_TALLY = msgspec.msgpack.Decoder(Tally)
_RUN = msgspec.msgpack.Decoder(Run)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (day INTEGER, event_id BLOB, PRIMARY KEY (day, event_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_as_of INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS versions (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS snapshots (
    object INTEGER, fragment_id BLOB, digest BLOB NOT NULL, as_of INTEGER NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (object, fragment_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accounts (
    source TEXT, object TEXT, tally BLOB NOT NULL, offered_at INTEGER NOT NULL, event_at INTEGER NOT NULL,
    PRIMARY KEY (source, object)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (
    source TEXT, day INTEGER, tally BLOB NOT NULL, PRIMARY KEY (source, day)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (
    source TEXT, began_at INTEGER, way TEXT, run BLOB NOT NULL, tally BLOB NOT NULL,
    last_at INTEGER NOT NULL, ended_at INTEGER NOT NULL, PRIMARY KEY (source, began_at, way)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS offsets (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
"""
_TABLES = ("seen", "snapshots", "versions", "objects", "accounts", "days", "runs", "offsets")


class SqliteDoorIndex:
    """Implements `DoorIndex` on one file; share it by threads, one writer at a time."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        with _FAULTS:
            self._base = self._open(path)
            self._emptier = Emptier(path, self._base)

    def _open(self, path: Path) -> sqlite3.Connection:
        alone(path)
        base = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        base.execute("PRAGMA cache_size = -65536")
        found = base.execute("PRAGMA user_version").fetchone()[0]
        if found == 1:
            base.executescript(f"BEGIN IMMEDIATE; {_FROM_1} PRAGMA user_version = {_FORMAT}; COMMIT;")
        elif found not in {0, _FORMAT}:
            # Of another release: it is made again from the log, but for what is counted of no event.
            for table in _TABLES:
                base.execute(f"DROP TABLE IF EXISTS {table}")
        base.executescript(_SCHEMA)
        base.execute(f"PRAGMA user_version = {_FORMAT}")
        return base

    @property
    def log_offset(self) -> int:
        """The log sequence it reflects."""
        return self._offset("log")

    @property
    def quarantine_offset(self) -> int:
        """The quarantine sequence it reflects."""
        return self._offset("quarantine")

    def _offset(self, name: str) -> int:
        with self._guard, _FAULTS:
            row = self._base.execute("SELECT sequence FROM offsets WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    @contextmanager
    def work(self) -> Iterator[SqliteIndexWork]:
        """One transaction; an exception undoes it."""
        with self._guard, _FAULTS:
            with changing(self._base):
                yield SqliteIndexWork(self._base)
            self._emptier.wrote()

    def last_as_of(self, object_name: str) -> int:
        """The newest `as_of` an object was delivered with; 0 when none."""
        with self._guard, _FAULTS:
            row = self._base.execute(
                "SELECT last_as_of FROM objects WHERE name = ?", (object_name,)
            ).fetchone()
        return int(row[0]) if row else 0

    def snapshots(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """What an object last stated of each fragment; unknown ones absent."""
        with self._guard:
            return SqliteIndexWork(self._base).snapshots(object_name, fragment_ids)

    def stated(self, object_name: str, after: bytes, most: int) -> list[tuple[bytes, bytes, int]]:
        """(fragment id, row digest, as_of) of what was last stated, by id, above `after`."""
        with self._guard, _FAULTS:
            return self._base.execute(
                "SELECT fragment_id, digest, as_of FROM snapshots JOIN objects ON number = object"
                " WHERE name = ? AND fragment_id > ? ORDER BY fragment_id LIMIT ?",
                (object_name, after, most),
            ).fetchall()

    def counts(self) -> list[SourceCount]:
        """The accounts of all objects, by source and object."""
        with self._guard, _FAULTS:
            rows = self._base.execute(
                "SELECT source, object, tally, offered_at, event_at FROM accounts ORDER BY source, object"
            ).fetchall()
        return [
            SourceCount(source, name, _TALLY.decode(tally), offered_at, event_at)
            for source, name, tally, offered_at, event_at in rows
        ]

    def runs(self, source: str, most: int) -> list[RunCount]:
        """The newest runs of a source, the last begun first."""
        with self._guard, _FAULTS:
            rows = self._base.execute(
                "SELECT run, tally, last_at, ended_at FROM runs WHERE source = ?"
                " ORDER BY began_at DESC, way LIMIT ?",
                (source, most),
            ).fetchall()
        return [
            RunCount(source, _RUN.decode(run), _TALLY.decode(tally), last_at, ended_at)
            for run, tally, last_at, ended_at in rows
        ]

    def days(self, source: str, since: int) -> list[DayCount]:
        """The account of a source by day, from a day on; days without any are absent."""
        with self._guard, _FAULTS:
            rows = self._base.execute(
                "SELECT day, tally FROM days WHERE source = ? AND day >= ? ORDER BY day", (source, since)
            ).fetchall()
        return [DayCount(source, day, _TALLY.decode(tally)) for day, tally in rows]

    def clear(self) -> None:
        """Forgets everything, so that it is made again."""
        with self._guard, _FAULTS:
            with changing(self._base):
                for table in _TABLES:
                    self._base.execute(f"DELETE FROM {table}")  # noqa: S608  # names of ours
            self._emptier.wrote()

    def close(self) -> None:
        """Lets go of the file."""
        with self._guard:
            self._emptier.close()
            self._base.close()


class SqliteIndexWork:
    """Implements `IndexWork` within an open transaction."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def claim(self, keys: Sequence[SeenKey]) -> set[bytes]:
        """Marks events as seen; answers the ids that were not seen before."""
        fresh: set[bytes] = set()
        ordered = sorted(set(keys))
        with _FAULTS:
            for at in range(0, len(ordered), _CHUNK):
                some = ordered[at : at + _CHUNK]
                marks = ",".join(["(?,?)"] * len(some))
                found = self._base.execute(
                    f"INSERT OR IGNORE INTO seen VALUES {marks} RETURNING event_id",  # noqa: S608  # marks only
                    [it for key in some for it in key],
                )
                fresh.update(row[0] for row in found)
        return fresh

    def release(self, keys: Sequence[SeenKey]) -> None:
        """Takes back claims of this work."""
        with _FAULTS:
            self._base.executemany("DELETE FROM seen WHERE day = ? AND event_id = ?", keys)

    def snapshots(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """What an object last stated of each fragment; unknown ones absent."""
        found: dict[bytes, Stated] = {}
        with _FAULTS:
            versions = dict(self._base.execute("SELECT number, name FROM versions"))
            row = self._base.execute("SELECT number FROM objects WHERE name = ?", (object_name,)).fetchone()
            if row is None:
                return found
            for at in range(0, len(fragment_ids), _CHUNK):
                some = fragment_ids[at : at + _CHUNK]
                marks = ",".join("?" * len(some))
                query = "SELECT fragment_id, digest, as_of, version FROM snapshots WHERE object = ?"
                rows = self._base.execute(f"{query} AND fragment_id IN ({marks})", (row[0], *some))
                found |= {key: (digest, as_of, versions[it]) for key, digest, as_of, it in rows}
        return found

    def remember(self, object_name: str, rows: Mapping[bytes, Stated]) -> None:
        """Keeps what was last stated."""
        if not rows:
            return
        newest = max(as_of for _, as_of, _ in rows.values())
        with _FAULTS:
            names = [(it,) for it in sorted({version for _, _, version in rows.values()})]
            self._base.executemany("INSERT OR IGNORE INTO versions (name) VALUES (?)", names)
            versions = dict(self._base.execute("SELECT name, number FROM versions"))
            (number,) = self._base.execute(
                "INSERT INTO objects (name, last_as_of) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET last_as_of = max(last_as_of, excluded.last_as_of)"
                " RETURNING number",
                (object_name, newest),
            ).fetchone()
            self._base.executemany(
                "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)",
                [
                    (number, key, digest, as_of, versions[it])
                    for key, (digest, as_of, it) in sorted(rows.items())
                ],
            )

    def count(self, source: str, object_name: str, tally: Tally, offered_at: int, event_at: int) -> None:
        """Adds to the account of an object, and to that of its source on the day it was offered."""
        with _FAULTS:
            row = self._base.execute(
                "SELECT tally, offered_at, event_at FROM accounts WHERE source = ? AND object = ?",
                (source, object_name),
            ).fetchone()
            times = max(offered_at, row[1] if row else 0), max(event_at, row[2] if row else 0)
            self._base.execute(
                "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?)",
                (source, object_name, _sum(row, tally), *times),
            )
            day = offered_at // MS_PER_DAY
            before = self._base.execute(
                "SELECT tally FROM days WHERE source = ? AND day = ?", (source, day)
            ).fetchone()
            self._base.execute(
                "INSERT OR REPLACE INTO days VALUES (?, ?, ?)", (source, day, _sum(before, tally))
            )

    def count_run(self, source: str, run: Run, tally: Tally, at: int) -> None:
        """Adds to the account of a run, which begins with it; the oldest of many are let go."""
        place = source, run.began_at, run.way
        with _FAULTS:
            row = self._base.execute(
                "SELECT tally, last_at FROM runs WHERE source = ? AND began_at = ? AND way = ?", place
            ).fetchone()
            last_at = max(at, row[1]) if row else at
            self._base.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, 0)",
                (*place, msgspec.msgpack.encode(run), _sum(row, tally), last_at),
            )
            if row is None:
                self._base.execute(
                    "DELETE FROM runs WHERE source = ? AND began_at <"
                    " (SELECT began_at FROM runs WHERE source = ? ORDER BY began_at DESC LIMIT 1 OFFSET ?)",
                    (source, source, RUNS_KEPT - 1),
                )

    def end_run(self, source: str, run: Run, at: int) -> None:
        """Says that a run is over; nothing where it never began."""
        with _FAULTS:
            self._base.execute(
                "UPDATE runs SET ended_at = ? WHERE source = ? AND began_at = ? AND way = ?",
                (at, source, run.began_at, run.way),
            )

    def move(self, *, log: int | None = None, quarantine: int | None = None) -> None:
        """Says up to which sequence of the log and the quarantine the index reflects them."""
        with _FAULTS:
            for name, sequence in (("log", log), ("quarantine", quarantine)):
                if sequence is not None:
                    self._base.execute("INSERT OR REPLACE INTO offsets VALUES (?, ?)", (name, sequence))


def _sum(row: tuple[bytes, ...] | None, tally: Tally) -> bytes:
    """An account, encoded, with another counted in."""
    total = _TALLY.decode(row[0]) if row else Tally()
    total.add(tally)
    return msgspec.msgpack.encode(total)
