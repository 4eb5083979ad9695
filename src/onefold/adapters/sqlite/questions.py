"""Questions of many ids at once, in statements of bounded length that SQLite keeps prepared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from onefold.kernel.errors import Damaged, Unavailable

AT_ONCE = 500


def rows_for(
    connection: sqlite3.Connection, statement: str, wanted: Sequence[bytes], *others: object
) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement with `{}` where the wanted ids go, and `others` bound after them."""
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        yield from connection.execute(statement.format(",".join("?" * len(part))), (*part, *others))


class ClearFailures:
    """Turns SQLite's errors into ours: out of space or locked is `Unavailable`, a bad page is `Damaged`.

    A plain class, because every read enters it: a generator costs ten times as much.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises our error in place of SQLite's."""
        if isinstance(error, sqlite3.OperationalError):
            raise Unavailable(
                "The state cannot be read or written now.",
                detail=f"SQLite says {error.sqlite_errorname}.",
                hint="Check free space and the file's permissions.",
            ) from error
        if isinstance(error, sqlite3.DatabaseError):
            raise Damaged(
                "The state file is damaged.",
                detail=f"SQLite says {error.sqlite_errorname}.",
                hint="Delete state.db: it is rebuilt from the log.",
            ) from error


_CLEAR = ClearFailures()


def clear_failures() -> ClearFailures:
    """A block within which SQLite's errors become ours."""
    return _CLEAR
