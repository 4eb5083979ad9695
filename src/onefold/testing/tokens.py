"""The rows of the token vault in memory: the port of record/tokens without a disk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

from onefold.record.tokens.model import Sealed
from onefold.record.tokens.ports import Place


class MemoryTokens:
    """Implements `TokenStore` with a dictionary."""

    def __init__(self) -> None:
        self._rows: dict[Place, Sealed] = {}

    def known(self, places: Collection[Place]) -> set[Place]:
        """Those that there is a row for."""
        return {it for it in places if it in self._rows}

    def add(self, rows: Sequence[Sealed]) -> None:
        """Keeps them; the first of a place stays."""
        for it in rows:
            self._rows.setdefault((it.token, it.fragment_id), it)

    def of(self, token: str) -> list[Sealed]:
        """The rows of a token."""
        return [it for place, it in sorted(self._rows.items()) if place[0] == token]

    def held(self, ids: AbstractSet[bytes]) -> set[bytes]:
        """Those that a row is about."""
        return {about for it in self._rows.values() for about in (it.fragment_id, it.subject_id)} & ids

    def forget(self, ids: Collection[bytes]) -> int:
        """Takes away the rows of these records and subjects."""
        going = [place for place, it in self._rows.items() if {it.fragment_id, it.subject_id} & set(ids)]
        for place in going:
            del self._rows[place]
        return len(going)

    def sweep(self) -> None:
        """There is no file."""
