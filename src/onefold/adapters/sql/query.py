"""Rows of a query as offered rows, streamed from the server: a batch of rows in memory at a time.

The connection only reads. PostgreSQL answers through a cursor of its own and in UTC. What a driver says may
hold values of the data, so only what it says of names (a table that is not there) is passed on, and never
the address, which holds a password.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, ProgrammingError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from onefold.adapters.files.shape import check_columns
from onefold.kernel.errors import CallerError, OnefoldError, Unavailable
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.rows import columns_of
from onefold.record.intake.bookmarks import Mark, mark_of
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered

BATCH_ROWS = 2_000
CONNECT_SECONDS = 15


class QueryTable:
    """The rows of an object's query from `since` on and before `until`, where it has a cursor."""

    def __init__(
        self, url: str, compiled: CompiledObject, *, since: Mark | None = None, until: Mark | None = None
    ) -> None:
        query = compiled.item.query
        assert query is not None
        self._query = query
        self._name = f"{compiled.source}/{compiled.name}"
        self._since, self._until = since, until
        self._engine = _engine(_url(url, query.connection))
        self._given = 0
        self.is_whole = False
        self._mark: Mark | None = None
        with self._reading() as connection:
            found = list(connection.execute(self._statement("1 = 0")).keys())
        check_columns(f"The query of {self._name}", compiled, found)
        if query.cursor and query.cursor not in found:
            raise WrongFile(
                f"The query of {self._name} has no column {query.cursor}.",
                hint="Select the cursor, too; it need not be a property of the contract.",
            )
        declared, _ = columns_of(compiled.item)
        self._places = tuple((name, found.index(name)) for name in declared if name in found)
        self._cursor = found.index(query.cursor) if query.cursor else -1

    @property
    def given_rows(self) -> int:
        """How many rows were given so far."""
        return self._given

    @property
    def mark(self) -> Mark | None:
        """The cursor's value in the last row given; None before the first that has one."""
        return self._mark

    def __iter__(self) -> Iterator[Offered]:
        # Both close when nobody asks for the rest: a cursor on the server must not outlive its connection.
        with (
            self._reading() as connection,
            connection.execution_options(yield_per=BATCH_ROWS).execute(self._statement()) as result,
        ):
            for number, values in enumerate(result, 1):
                row = {name: _plain(values[place]) for name, place in self._places}
                if self._cursor >= 0:
                    self._mark = mark_of(values[self._cursor]) or self._mark
                self._given = number
                yield Offered(row, number)
        self.is_whole = True

    def _statement(self, only: str = "") -> Any:
        """The query as the contract has it, or what of it lies in the window, in the order of the cursor."""
        # A colon in the contract's SQL is a colon; parameters are ours alone.
        sql = self._query.sql.replace(":", "\\:")
        cursor = self._query.cursor
        given = {name: it for name, it in (("since", self._since), ("until", self._until)) if it is not None}
        if not cursor and not only:
            return sa.text(sql)
        wanted = [only] if only else []
        if not only and "since" in given:
            known = "" if "until" in given else f" OR {cursor} IS NULL"
            wanted.append(f"({cursor} >= :since{known})")
        if not only and "until" in given:
            wanted.append(f"{cursor} < :until")
        where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        order = f" ORDER BY {cursor}" if cursor and not only else ""
        text = sa.text(f"SELECT * FROM (\n{sql}\n) onefold_rows{where}{order}")  # noqa: S608  # names are checked
        return text if only else text.bindparams(**{name: self._bound(it) for name, it in given.items()})

    def _bound(self, mark: Mark) -> Any:
        """SQLite has no type for time: it compares texts, as they were written into it."""
        if self._engine.dialect.name == "sqlite" and mark.kind in {"instant", "local", "day"}:
            value = mark.value
            if isinstance(value, dt.datetime):
                plain = value.replace(tzinfo=None)
                return plain.date().isoformat() if plain.time() == dt.time() else plain.isoformat(" ")
            return value.isoformat()
        return float(mark.value) if isinstance(mark.value, Decimal) else mark.value

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        connected = False
        try:
            with self._engine.connect() as connection:
                connected = True
                if self._engine.dialect.name == "postgresql":
                    connection = connection.execution_options(postgresql_readonly=True)
                yield connection
        except SQLAlchemyError as error:
            raise self._failed(error, connected) from error
        finally:
            self._engine.dispose()

    def _failed(self, error: SQLAlchemyError, connected: bool) -> OnefoldError:
        name = self._query.connection
        said = str(error.orig).strip().splitlines()[0] if isinstance(error, DBAPIError) and error.orig else ""
        if not connected:
            return Unavailable(
                f"The connection {name} does not open.", detail=said, hint="Is the database there?"
            )
        if isinstance(error, ProgrammingError) or said.startswith("no such "):
            return CallerError(
                f"The query of {self._name} cannot be run.", detail=said, hint="Mend its SQL in the contract."
            )
        return Unavailable(
            f"The query of {self._name} broke off behind row {self._given}.",
            detail=type(error).__name__,
            hint="Rows before it were taken; asking again goes on from there.",
        )


def _url(text: str, name: str) -> URL:
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise CallerError(
            f"The address of the connection {name} cannot be read.",
            hint="Write postgresql://user:password@host/database, or another URL of SQLAlchemy.",
        ) from None
    plain = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    return url.set(drivername=plain.get(url.drivername, url.drivername))


def _engine(url: URL) -> sa.Engine:
    arguments: dict[str, Any] = {}
    if url.drivername == "postgresql+psycopg":
        arguments = {"connect_timeout": CONNECT_SECONDS, "options": "-c timezone=UTC"}
        arguments = {name: value for name, value in arguments.items() if name not in url.query}
    try:
        return sa.create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)
    except (NoSuchModuleError, ImportError):
        raise CallerError(
            f"There is no driver for {url.drivername}.",
            hint="Install it beside Onefold; PostgreSQL and SQLite come with it.",
        ) from None


_TURNS: dict[type, Callable[[Any], Any]] = {
    str: str,
    int: int,
    bool: bool,
    type(None): lambda _: None,
    float: lambda value: value if math.isfinite(value) else None,
    Decimal: lambda value: format(value, "f") if value.is_finite() else None,
    dt.datetime: dt.datetime.isoformat,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    dt.timedelta: str,
    UUID: str,
    bytes: bytes.hex,
    memoryview: lambda value: bytes(value).hex(),
    dict: dict,
    list: list,
}


def _plain(value: Any) -> Any:
    """A value as what JSON can hold and a contract reads; kinds of other databases as their text."""
    turn = _TURNS.get(type(value))
    return turn(value) if turn is not None else str(value)
