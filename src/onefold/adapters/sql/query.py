"""Rows of a query as offered rows, streamed from the server: a batch of rows in memory at a time.

The connection only reads. PostgreSQL answers through a cursor of its own and in UTC. What a driver says may
hold values of the data, so only what it says of names (a table that is not there) is passed on, and never
the address, which holds a password.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError, SQLAlchemyError

from onefold.adapters.files.shape import check_columns
from onefold.adapters.sql.engines import engine_of, url_of
from onefold.adapters.sql.values import plain_of
from onefold.kernel.errors import CallerError, OnefoldError, Unavailable
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.rows import columns_of
from onefold.record.intake.bookmarks import Mark, mark_of
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered

BATCH_ROWS = 2_000


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
        self._engine = engine_of(url_of(url, query.connection))
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
                row = {name: plain_of(values[place]) for name, place in self._places}
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
