"""Questions of many ids at once, in statements of bounded length that SQLite keeps prepared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from onefold.adapters.sqlite.rereading import Asked

AT_ONCE = 500


def rows_for(
    connection: Asked, statement: str, wanted: Sequence[bytes], *others: object
) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement with `{}` where the wanted ids go, and `others` bound after them."""
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        yield from connection.execute(_asking(statement, len(part)), (*part, *others))


@lru_cache(maxsize=1024)
def _asking(statement: str, count: int) -> str:
    """The statement with so many places. The same text is the same object, which is found sooner."""
    return statement.format(",".join("?" * count))
