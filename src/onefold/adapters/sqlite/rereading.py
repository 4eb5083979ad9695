"""Questions put to a state and their answers as they came, to be asked again of a later state.

Held against each other are rows, not what was made of them. SQLite numbers what others committed, as far as a
connection has seen it (`PRAGMA data_version`); within a transaction the number stands still. Where it is the
one of the last comparison nothing has to be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

import msgspec

_ROW_BYTES = 200
"""Of an answer or one row in it, beside its texts and bodies."""
_MEASURED = msgspec.msgpack.Encoder().encode
"""Adding texts and bodies up one by one takes as long as a question to the state."""


class Asked(Protocol):
    """Whoever answers a statement: a connection, or one whose questions are noted."""

    def execute(self, statement: str, parameters: Any = ..., /) -> Any:
        """The rows, as a cursor has them."""
        ...

    def executemany(self, statement: str, parameters: Iterable[Any], /) -> Any:
        """For each of the parameters."""
        ...


class _Rows(list[Any]):
    """An answer that is kept, read as a cursor is."""

    def fetchone(self) -> Any:
        """The first row; None where there is none. Only for who asks for one."""
        return self[0] if self else None

    def fetchall(self) -> list[Any]:
        """All of them."""
        return self


class SqliteReading:
    """Implements `Reading`; stands for its connection while it notes."""

    __slots__ = ("_connection", "_noted", "_version")

    def __init__(self, connection: Asked) -> None:
        self._connection = connection
        self._version = _version(connection)
        self._noted: list[tuple[str, Any, _Rows]] = []

    def execute(self, statement: str, parameters: Any = (), /) -> Any:
        """Asks, and notes the answer."""
        rows = _Rows(self._connection.execute(statement, parameters))
        self._noted.append((statement, parameters, rows))
        return rows

    def executemany(self, statement: str, parameters: Iterable[Any], /) -> Any:
        """Nothing that is noted asks about a list that is put beside the state."""
        raise AssertionError("such a question cannot be asked again by itself")

    @property
    def size_bytes(self) -> int:
        """As the port says."""
        rows = sum(1 + len(found) for _, _, found in self._noted)
        return _ROW_BYTES * rows + len(_MEASURED([(asked, found) for _, asked, found in self._noted]))

    def names(self, ids: AbstractSet[bytes]) -> bool:
        """As the port says."""
        return any(it in ids for it in self._told() if isinstance(it, bytes))

    def stands(self, connection: Asked) -> bool:
        """Whether another transaction, on whatever connection, answers every question alike."""
        version = _version(connection)
        if connection is self._connection and version == self._version:
            return True
        for statement, parameters, rows in self._noted:
            if connection.execute(statement, parameters).fetchall() != rows:
                return False
        self._connection, self._version = connection, version
        return True

    def _told(self) -> Iterator[Any]:
        for _, parameters, rows in self._noted:
            yield from parameters
            for row in rows:
                yield from row


def _version(connection: Asked) -> int:
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
