"""The index of the audit in SQLite: who is found without reading the audit. Made again from its headers.

It holds what the headers hold and no more: words of ours, login names and opaque ids of customers. Commits
are not synced one by one: after a power failure it is behind, and catches up.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from onefold.adapters.sqlite.alone import alone
from onefold.adapters.sqlite.faults import Faults
from onefold.adapters.sqlite.transaction import changing
from onefold.record.audit.model import AuditFilter, AuditHeader
from onefold.record.audit.ports import Reach

_BUSY_SECONDS = 10.0
_FAULTS = Faults(
    "the index of the audit", "stop the server and delete audit-index.db: it is made again.", derived=True
)
_FORMAT = 1
_ROWS_AT_ONCE = 100
_FIELDS = ("actor", "kind", "action", "outcome")

# An index ends with the sequence, so each answers newest first. Two columns only for what is asked together.
_SCHEMA = """
CREATE TABLE records (
    sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL,
    actor TEXT NOT NULL, kind TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL
);
CREATE INDEX by_actor ON records (actor);
CREATE INDEX by_kind ON records (kind);
CREATE INDEX by_actor_and_kind ON records (actor, kind);
CREATE INDEX by_action ON records (action);
CREATE INDEX by_outcome ON records (outcome);
CREATE TABLE customers (customer BLOB, sequence INTEGER, PRIMARY KEY (customer, sequence)) WITHOUT ROWID;
CREATE TABLE reach (sequence INTEGER NOT NULL, digest BLOB NOT NULL);
INSERT INTO reach VALUES (0, x'');
"""


class SqliteAuditIndex:
    """Implements `AuditIndex` on one file; a file that is none, or of another release, is made anew."""

    def __init__(self, path: Path) -> None:
        self._guard = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not _is_ours(path):
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                path.with_name(name).unlink(missing_ok=True)
        with _FAULTS:
            self._base = _open(path)

    @property
    def reach(self) -> Reach:
        """How far it goes."""
        with self._guard, _FAULTS:
            return Reach(*self._base.execute("SELECT sequence, digest FROM reach").fetchone())

    def add(self, headers: Sequence[tuple[int, AuditHeader]], reach: Reach) -> None:
        """Takes in the headers between the old reach and the new one, all or none."""
        records = [(number, it.at, it.actor, it.kind, it.action, it.outcome) for number, it in headers]
        customers = sorted(
            {(_customer(customer), number) for number, it in headers for customer in it.customers}
        )
        with self._change():
            self._insert("records", records)
            self._insert("customers", customers)
            self._base.execute("UPDATE reach SET sequence = ?, digest = ?", reach)

    def find(self, wanted: AuditFilter, below: int, most: int) -> list[int]:
        """Up to `most` sequences below one, newest first, of records that are wanted."""
        # Few records name one customer, so these are walked and the rest of each is looked up.
        named = "customers CROSS JOIN records ON records.sequence = customers.sequence"
        order, source = ("customers.sequence", named) if wanted.customer else ("sequence", "records")
        asked: list[tuple[str, object]] = [(f"{order} < ?", below)]
        if wanted.customer:
            asked.append(("customer = ?", _customer(wanted.customer)))
        asked += [(f"{field} = ?", text) for field in _FIELDS if (text := getattr(wanted, field))]
        if wanted.from_at:
            asked.append(("at >= ?", wanted.from_at))
        if wanted.to_at:
            asked.append(("at < ?", wanted.to_at))
        terms = " AND ".join(term for term, _ in asked)
        query = f"SELECT {order} FROM {source} WHERE {terms} ORDER BY {order} DESC LIMIT ?"  # noqa: S608  # ours
        values = (*(value for _, value in asked), most)
        with self._guard, _FAULTS:
            return [row[0] for row in self._base.execute(query, values)]

    def clear(self) -> None:
        """Forgets everything, so that it is made again."""
        with self._change():
            self._base.execute("DELETE FROM records")
            self._base.execute("DELETE FROM customers")
            self._base.execute("UPDATE reach SET sequence = 0, digest = x''")

    def close(self) -> None:
        """Lets go of the file."""
        with self._guard:
            self._base.close()

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Many rows by one statement.

        SQLite works without the interpreter, but asks for it back after each statement: by one a row whoever
        answers meanwhile is interrupted for every row.
        """
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            row = f"({', '.join('?' * len(some[0]))})"
            statement = f"INSERT INTO {table} VALUES {', '.join([row] * len(some))}"  # noqa: S608  # ours
            self._base.execute(statement, [value for it in some for value in it])

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._guard, _FAULTS, changing(self._base):
            yield


def _open(path: Path) -> sqlite3.Connection:
    alone(path)
    base = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = NORMAL")
    base.execute("PRAGMA cache_size = -32768")
    if base.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        base.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_FORMAT}; COMMIT;")
    return base


def _is_ours(path: Path) -> bool:
    """Whether a file is an index of this release, whole as far as can be told at a glance."""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as base:
            (found,) = base.execute("PRAGMA user_version").fetchone()
            return found == _FORMAT and len(base.execute("SELECT * FROM reach").fetchall()) == 1
    except sqlite3.DatabaseError:
        return False


def _customer(text: str) -> bytes:
    """Half as long as the text of an id; what is none is found nowhere."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode()
