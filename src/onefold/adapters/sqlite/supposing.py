"""Customers as they would be, laid over a state for whoever asks on one connection; nothing is written to it.

SQLite looks a table up among those of the connection before it looks in the file. So two temporary tables
with the names of the state's stand in their place, in memory, for every statement that is asked meanwhile.
What follows from customers and is kept with them (contacts, spells) is as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from onefold.adapters.sqlite.rereading import Asked

_TABLES = (
    "CREATE TEMP TABLE members (fragment_id BLOB PRIMARY KEY, customer_id BLOB NOT NULL) WITHOUT ROWID",
    "CREATE UNIQUE INDEX temp.supposed_by_customer ON members (customer_id, fragment_id)",
    "CREATE TEMP TABLE customers (customer_id BLOB PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID",
)


@contextmanager
def supposed(connection: Asked, members: Mapping[bytes, bytes]) -> Iterator[None]:
    """Within it the connection sees the customers of a mapping, from party fragment to customer."""
    connection.execute("PRAGMA temp_store = MEMORY")
    try:
        for table in _TABLES:
            connection.execute(table)
        connection.executemany("INSERT INTO temp.members VALUES (?, ?)", sorted(members.items()))
        sizes = sorted(Counter(members.values()).items())
        connection.executemany("INSERT INTO temp.customers VALUES (?, ?)", sizes)
        yield
    finally:
        for name in ("members", "customers"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
