"""Where the vault keeps its rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from onefold.record.tokens.model import Sealed

Place = tuple[str, bytes]
"""A token and the record that it was made of: one row each."""


class TokenStore(Protocol):
    """Rows by token. Safe to share by threads."""

    def known(self, places: Collection[Place]) -> set[Place]:
        """Those of the places that there is a row for."""
        ...

    def add(self, rows: Sequence[Sealed]) -> None:
        """Keeps rows, durable when it returns; where there is one already, that one stays."""
        ...

    def of(self, token: str) -> list[Sealed]:
        """The rows of a token, by record; none for one that is not known."""
        ...

    def held(self, ids: AbstractSet[bytes]) -> set[bytes]:
        """Those of the ids that are the record or the subject of a row.

        Its cost is that of the rows there are, however many ids are asked about.
        """
        ...

    def forget(self, ids: Collection[bytes]) -> int:
        """Takes away every row whose record or subject is among the ids, durably: how many.

        Nobody is told of them any more; `sweep` is due then, also after a crash.
        """
        ...

    def sweep(self) -> None:
        """No file holds a byte of what was forgotten when it returns; at once where nothing is due.

        May take minutes; the store is in use meanwhile. `Unavailable` when somebody is in the way of it:
        doing it again finishes it.
        """
        ...
