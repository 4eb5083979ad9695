"""One row of a source's database by its key, within a time: implements `Lookup`.

The key is a bound parameter, the transaction only reads, and no more than the wanted columns of two rows are
asked for: one is the answer, two are none. PostgreSQL and SQLite end a statement by themselves when its time
is over; of other databases the connection's own limits hold, and whoever waits gives up.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import NullPool, QueuePool

from onefold.adapters.sql.engines import engine_of, url_of
from onefold.adapters.sql.values import plain_of
from onefold.gate.fetching.model import Outcome
from onefold.gate.fetching.ports import LookupFailed
from onefold.record.contracts.answers import Parameters
from onefold.record.contracts.fetching import BOUND
from onefold.record.contracts.model import Fetch

ANSWER_CHARACTERS_MAX = 64 << 10
_POSTGRES = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,
}
_STATES = {"57014": Outcome.TIMEOUT, "42501": Outcome.DENIED, "25006": Outcome.DENIED}
"""SQLSTATE of PostgreSQL: canceled, no privilege, would write."""
_CLASSES = {"28": Outcome.DENIED, "42": Outcome.MISASKED, "0A": Outcome.MISASKED}
"""Authorization, syntax and names, what cannot be done."""
_SAID = (
    ("interrupted", Outcome.TIMEOUT),
    ("database is locked", Outcome.TIMEOUT),
    ("too big", Outcome.TOO_LARGE),
    ("no such", Outcome.MISASKED),
    ("syntax error", Outcome.MISASKED),
    ("attempt to write a readonly", Outcome.DENIED),
    ("authentication failed", Outcome.DENIED),
    ("permission denied", Outcome.DENIED),
    ("could not decode", Outcome.GARBLED),
)
_STEPS = 1000


class SqlLookup:
    """One database. Connections are kept, at most as many as there are threads that ask."""

    def __init__(self, address: str, connection: str) -> None:
        url = url_of(address, connection)
        self._is_sqlite = url.get_backend_name() == "sqlite"
        if self._is_sqlite:
            self._engine = engine_of(_only_reading(url), pool=NullPool)
        else:
            arguments = _POSTGRES if url.get_backend_name() == "postgresql" else {}
            self._engine = engine_of(url, pool=QueuePool, arguments=arguments)
        self._statements: dict[tuple[str, tuple[str, ...]], sa.Select[Any]] = {}
        self._making = threading.Lock()

    def ask(
        self, fetch: Fetch, parameters: Parameters, properties: tuple[str, ...], seconds: float
    ) -> dict[str, Any] | None:
        """As the port says."""
        ends = time.monotonic() + seconds
        statement = self._statement(fetch.statement, properties)
        with self._reading(ends) as connection:
            rows = connection.execute(statement, parameters).fetchall()
        if len(rows) > 1:
            raise LookupFailed(Outcome.GARBLED)
        if not rows:
            return None
        answer = {name: plain_of(value) for name, value in zip(properties, rows[0], strict=True)}
        if sum(len(str(it)) for it in answer.values()) > ANSWER_CHARACTERS_MAX:
            raise LookupFailed(Outcome.TOO_LARGE)
        return answer

    def close(self) -> None:
        """Lets go of the connections that are not in use."""
        self._engine.dispose()

    def _statement(self, sql: str, properties: tuple[str, ...]) -> sa.Select[Any]:
        """The wanted columns of the contract's statement. A colon that is not ours is a colon."""
        named = (sql, properties)
        with self._making:
            found = self._statements.get(named)
            if found is None:
                asked = sa.text(f"\n{_escaped(sql)}\n").columns(*(sa.column(it) for it in properties))
                row = asked.subquery("onefold_row")
                found = self._statements[named] = sa.select(*(row.c[it] for it in properties)).limit(2)
            return found

    @contextmanager
    def _reading(self, ends: float) -> Iterator[Connection]:
        connected = False
        try:
            with self._engine.connect() as connection:
                connected = True
                if connection.dialect.name == "postgresql":
                    connection = connection.execution_options(postgresql_readonly=True)
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_left_ms(ends)}")
                elif self._is_sqlite:
                    _limit(connection, ends)
                yield connection
        except SQLAlchemyError as error:
            raise LookupFailed(_outcome(error, connected)) from None
        except UnicodeError:
            raise LookupFailed(Outcome.GARBLED) from None


def _only_reading(url: URL) -> URL:
    """A file that is not there is not made."""
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        return url
    path = quote(str(Path(name).absolute()))
    return url.set(database=f"file:{path}", query={**url.query, "mode": "ro", "uri": "true"})


def _limit(connection: Connection, ends: float) -> None:
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_left_ms(ends)}")
    connection.exec_driver_sql("PRAGMA query_only = ON")
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, ANSWER_CHARACTERS_MAX)
    driver.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)


def _left_ms(ends: float) -> int:
    """Zero would mean without end."""
    return max(1, round((ends - time.monotonic()) * 1000))


def _escaped(sql: str) -> str:
    parts, at = [], 0
    for found in BOUND.finditer(sql):
        parts += [sql[at : found.start()].replace(":", "\\:"), found.group()]
        at = found.end()
    return "".join((*parts, sql[at:].replace(":", "\\:")))


def _outcome(error: SQLAlchemyError, connected: bool) -> Outcome:
    """How it ended, out of what drivers say of it; what they say goes no further."""
    if isinstance(error, sa.exc.TimeoutError):
        return Outcome.BUSY
    if not isinstance(error, DBAPIError):
        return Outcome.MISASKED
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _STATES:
        return _STATES[state]
    of_class = _CLASSES.get(state[:2])
    if of_class is not None:
        return of_class
    said = str(error.orig).lower()
    told = next((outcome for words, outcome in _SAID if words in said), None)
    if told is not None:
        return told
    if not connected or error.connection_invalidated:
        return Outcome.DOWN
    return Outcome.MISASKED if isinstance(error, ProgrammingError) else Outcome.GARBLED
