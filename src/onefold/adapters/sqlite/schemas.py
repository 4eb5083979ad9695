"""Registered schemas in SQLite. Cannot be made again: other systems hold its ids in their messages."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

from onefold.adapters.sqlite.alone import alone
from onefold.adapters.sqlite.faults import Faults
from onefold.adapters.sqlite.transaction import changing
from onefold.record.contracts.schemas.model import Registered, Schema, SchemaKind

_BUSY_SECONDS = 10.0
_FAULTS = Faults("the schemas", "Restore schemas.db from a backup: its ids are in what programs wrote.")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS schemas (
    id INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS versions (
    subject TEXT, version INTEGER, schema INTEGER NOT NULL, derived INTEGER NOT NULL,
    PRIMARY KEY (subject, version), UNIQUE (subject, schema)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS places ON versions (schema);
CREATE TABLE IF NOT EXISTS levels (subject TEXT PRIMARY KEY, level TEXT NOT NULL) WITHOUT ROWID;
"""
_VERSIONS = (
    "SELECT v.subject, v.version, s.id, s.kind, s.text, v.derived FROM versions v"
    " JOIN schemas s ON s.id = v.schema WHERE v.subject = ? ORDER BY v.version"
)


class SqliteSchemas:
    """Implements `SchemaStore` on one file; share it by threads."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        alone(path)
        with _FAULTS:
            self._base = sqlite3.connect(
                path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                self._base.execute("PRAGMA journal_mode = WAL")
                self._base.execute("PRAGMA synchronous = FULL")
                self._base.executescript(_SCHEMA)
            except sqlite3.DatabaseError:
                self._base.close()
                raise

    def versions(self, subject: str) -> list[Registered]:
        """Every version of a subject, the oldest first."""
        return [
            Registered(name, version, number, Schema(SchemaKind(kind), text), bool(derived))
            for name, version, number, kind, text, derived in self._rows(_VERSIONS, subject)
        ]

    def schema(self, number: int) -> Schema | None:
        """The schema of an id."""
        rows = self._rows("SELECT kind, text FROM schemas WHERE id = ?", number)
        return Schema(SchemaKind(rows[0][0]), rows[0][1]) if rows else None

    def places(self, number: int) -> list[tuple[str, int]]:
        """The subjects, each with the version, under which a schema is registered."""
        query = "SELECT subject, version FROM versions WHERE schema = ? ORDER BY subject, version"
        return [(subject, version) for subject, version in self._rows(query, number)]

    def add(self, subject: str, schema: Schema, *, derived: bool) -> Registered:
        """The next version of a subject; where it has the schema already, that version."""
        with self._guard, _FAULTS, changing(self._base):
            run = self._base.execute
            run(
                "INSERT INTO schemas (digest, kind, text) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (schema.digest, schema.kind.value, schema.text),
            )
            (number,) = run("SELECT id FROM schemas WHERE digest = ?", (schema.digest,)).fetchone()
            run(
                "INSERT INTO versions SELECT ?, COALESCE(MAX(version), 0) + 1, ?, ? FROM versions"
                " WHERE subject = ? ON CONFLICT DO NOTHING",
                (subject, number, derived, subject),
            )
            rows = run(_VERSIONS, (subject,)).fetchall()
        name, version, _, kind, text, was_derived = next(row for row in rows if row[2] == number)
        return Registered(name, version, number, Schema(SchemaKind(kind), text), bool(was_derived))

    def level(self, subject: str) -> str:
        """The compatibility that was set for a subject; empty where none was."""
        rows = self._rows("SELECT level FROM levels WHERE subject = ?", subject)
        return str(rows[0][0]) if rows else ""

    def set_level(self, subject: str, level: str) -> None:
        """Sets the compatibility of a subject."""
        query = "INSERT INTO levels VALUES (?, ?) ON CONFLICT DO UPDATE SET level = excluded.level"
        self._rows(query, subject, level)

    def close(self) -> None:
        """Closes the database."""
        with self._guard:
            self._base.close()

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._guard, _FAULTS:
            return self._base.execute(query, values).fetchall()
