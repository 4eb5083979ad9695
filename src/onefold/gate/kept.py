"""Cuts that were made lately, given out again where the state still says what they were made of.

Theory. A cut is a function of the question, the state and the instant. So one may be given out again where

- the same is asked by the same: the key is the whole question, permit and contracts, all but the instant;
- every row it was made of, consents and suppressions as much as names, is what stands now: the reader asks
  all of them again in the snapshot at hand, unless nothing was committed since;
- no instant passed at which time alone changes an answer (`span`).

Nothing here is the authority for anything: what cannot be shown to stand is cut anew. What is kept is
personal data, held by this process alone; it goes with whoever is erased, and when nobody asked for it for a
while.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Set as AbstractSet
from typing import Generic, NamedTuple, Protocol, TypeVar

from onefold.customer.profile.ports import Reading, RereadingReader
from onefold.kernel import memory
from onefold.record.erasure.model import Erased

KEPT_BYTES_MAX = 48 << 20
"""Of all that one process keeps."""
KEPT_MS = 600_000
"""Since it was last asked for, as far as somebody asks: a process that nobody asks keeps for longer."""

Made = TypeVar("Made")
Span = tuple[int, int]
"""The instants from the first to before the second."""


class _Held(NamedTuple, Generic[Made]):
    made: Made
    reading: Reading
    span: Span
    used_at: int
    size_bytes: int


class Kept(Generic[Made]):
    """What was made of the states of one reader; whoever uses it does so within a snapshot, one at a time."""

    def __init__(self, reader: RereadingReader, bytes_max: int = KEPT_BYTES_MAX) -> None:
        self.reader = reader
        self.size_bytes = 0
        self._bytes_max = bytes_max
        self._held: OrderedDict[bytes, _Held[Made]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def find(self, key: bytes, now: int) -> Made | None:
        """What was made for the key, if it would be made again; what would not is let go of."""
        self._sweep(now)
        found = self._held.pop(key, None)
        if found is None:
            return None
        self.size_bytes -= found.size_bytes
        if not (found.span[0] <= now < found.span[1] and self.reader.stands(found.reading)):
            return None
        self._held[key] = found._replace(used_at=now)
        self.size_bytes += found.size_bytes
        return found.made

    def keep(self, key: bytes, made: Made, size_bytes: int, reading: Reading, span: Span, now: int) -> None:
        """Keeps what was made of a reading; what was asked for longest ago makes room.

        For a key of which `find` has found nothing.
        """
        size = size_bytes + len(key) + reading.size_bytes
        self._held[key] = _Held(made, reading, span, now, size)
        self.size_bytes += size
        while self.size_bytes > self._bytes_max:
            self._drop_oldest()

    def forget(self, ids: AbstractSet[bytes]) -> int:
        """Lets go of everything for which something with one of these ids was read: how many."""
        gone = [key for key, it in self._held.items() if it.reading.names(ids)]
        for key in gone:
            self.size_bytes -= self._held.pop(key).size_bytes
        return len(gone)

    def _sweep(self, now: int) -> None:
        while self._held and next(iter(self._held.values())).used_at < now - KEPT_MS:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, oldest = self._held.popitem(last=False)
        self.size_bytes -= oldest.size_bytes


class Forgetting(Protocol):
    """Whoever keeps cuts, wherever that is."""

    def forget(self, ids: AbstractSet[bytes]) -> int:
        """Lets go of every cut for which something with one of these ids was read: how many."""
        ...


class CutErasure:
    """Implements `Erasable` for cuts that are kept, for a state that has the erasure in it already.

    None of them is on the disk. What is cut from then on is cut of a state without who was erased.
    """

    room = "cuts"

    def __init__(self, cutting: Forgetting) -> None:
        self._cutting = cutting

    def erase(self, erased: Erased) -> int:
        """Cuts for which something of them was read.

        What pure functions remember (kernel/memory.py) goes with them, here and wherever cuts are made: the
        process that takes the erasure into the state empties its own alone.
        """
        memory.forget()
        return self._cutting.forget(erased.parties | erased.subjects | erased.fragments)
