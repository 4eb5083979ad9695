"""What SQLite says, said as ours: out of space or locked is `Unavailable`, a bad page is `Damaged`.

SQLite names a full disk in several ways (`SQLITE_FULL`; `SQLITE_IOERR_SHMSIZE` when its shared memory
cannot grow; `SQLITE_CANTOPEN` when a file cannot be made), so whatever failed, the reader is told to look at
space first.
"""

from __future__ import annotations

import sqlite3
from types import TracebackType

from onefold.kernel.errors import Damaged, Unavailable

_LOOK = "Check that the disk has space and the file may be written, and try again: nothing was acknowledged."
_OURS = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.DataError, sqlite3.NotSupportedError)
"""What says that we made a mistake, and nothing about the file."""


class Faults:
    """A block within which SQLite's errors become ours; enter it as often as you like.

    `what` begins the sentence, as in "the subject keys". `cure` says what to do with a damaged file. What is
    `derived` (an index made again when it is gone) is only ever unavailable, and its cure is always said.

    A plain class, because every read enters it: a generator costs ten times as much.
    """

    __slots__ = ("_cure", "_derived", "_what")

    def __init__(self, what: str, cure: str, *, derived: bool = False) -> None:
        self._what = what
        self._cure = cure
        self._derived = derived

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises our error in place of SQLite's."""
        if isinstance(error, sqlite3.DatabaseError) and not self._is_ours(error):
            raise self.translated(error) from error

    def _is_ours(self, error: sqlite3.DatabaseError) -> bool:
        """Whether it says that we made a mistake; of an index that contradicts itself, another is made."""
        return isinstance(error, sqlite3.ProgrammingError if self._derived else _OURS)

    def translated(self, error: sqlite3.DatabaseError) -> Damaged | Unavailable:
        """Our error for one of SQLite's."""
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        passing = isinstance(error, sqlite3.OperationalError)
        if self._derived or passing:
            hint = f"{_LOOK} If it stays so: {self._cure}" if self._derived else _LOOK
            return Unavailable(
                f"{_sentence(self._what)} cannot be read or written now.",
                detail=f"SQLite says {name}.",
                hint=hint,
            )
        return Damaged(
            f"{_sentence(self._what)} cannot be read: the file is damaged.",
            detail=f"SQLite says {name}.",
            hint=self._cure,
        )


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
