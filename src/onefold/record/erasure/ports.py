"""What every room that stores personal data can do, and what the door asks of the ledger."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Protocol

from onefold.record.erasure.model import Erased


class Erasable(Protocol):
    """A room that stores personal data: it forgets people, and its files with it.

    `tests/ports/erasable.py` is what it promises; `tests/style/test_stores.py` fails for a room that is not
    one.
    """

    @property
    def room(self) -> str:
        """What it is called in the account of an erasure."""
        ...

    def erase(self, erased: Erased) -> int:
        """Makes what it holds of them unreadable for ever, on the disk, before it returns: how many things.

        Doing it again is safe and finds nothing. What it holds of others stands. `Unavailable` where somebody
        is in the way: what was not forgotten by then is, the next time.
        """
        ...


class ErasedIds(Protocol):
    """The ids that the door has to turn away."""

    @property
    def refused(self) -> AbstractSet[bytes]:
        """Subjects and fragments of which nothing is taken any more; empty in most cells, and then free."""
        ...


class NobodyErased:
    """A ledger with nothing in it, for doors that have none."""

    refused: frozenset[bytes] = frozenset()
