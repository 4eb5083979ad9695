"""Questions of many ids at once, in statements of bounded length that SQLite keeps prepared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from onefold.adapters.sqlite.rereading import Asked

AT_ONCE = 500
RANGES_AT_ONCE = (64, 16, 4, 1)
"""How many ranges are asked for in one statement: few lengths, so that all of them stay prepared."""


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


def bounded_for(
    connection: Asked, statement: str, wanted: Sequence[bytes], most: int
) -> Iterator[tuple[Any, ...]]:
    """Rows of a statement of one id and a limit, for each of the wanted, `most` of each at most."""
    start = 0
    for count in RANGES_AT_ONCE:
        while len(wanted) - start >= count:
            bound = [it for key in wanted[start : start + count] for it in (key, most)]
            yield from connection.execute(_ranging(statement, count), bound)
            start += count


@lru_cache(maxsize=16)
def _ranging(statement: str, count: int) -> str:
    return " UNION ALL ".join([f"SELECT * FROM ({statement})"] * count)  # noqa: S608  # statements of ours
