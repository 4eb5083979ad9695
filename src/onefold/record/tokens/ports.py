"""Where the vault keeps its rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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

    def forget(self, ids: Collection[bytes]) -> int:
        """Takes away every row whose record or subject is among the ids: how many.

        No file holds a byte of them then. `Unavailable` when somebody is in the way of that: doing it again
        finishes it, also without ids.
        """
        ...
