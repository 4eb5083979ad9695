"""Questions of many ids at once, in statements of bounded length that SQLite keeps prepared."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turns SQLite's errors into ours: out of space or locked is `Unavailable`, a bad page is `Damaged`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(
            "The state cannot be read or written now.",
            detail=f"SQLite says {error.sqlite_errorname}.",
            hint="Check free space and the file's permissions.",
        ) from error
    except sqlite3.DatabaseError as error:
        raise Damaged(
            "The state file is damaged.",
            detail=f"SQLite says {error.sqlite_errorname}.",
            hint="Delete state.db: it is rebuilt from the log.",
        ) from error
