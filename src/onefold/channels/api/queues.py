"""How much may wait at the entrance: in all, in bytes, of one sender. What is above is turned away at once.

Counted on the event loop alone, so without a lock. A sender is known by its credentials as they came, before
anybody has looked whether they are good: a flood must cost as little as a look at a header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from onefold.kernel.errors import Unavailable

WAITING_MAX = 1024
WAITING_OF_ONE_MAX = 256
WAITING_BYTES_MAX = 64 << 20


class Crowded(Unavailable):
    """One sender has as much waiting as one may have."""

    code = "crowded"
    status = 429


class Queues:
    """Requests under way, and the bytes of their bodies."""

    def __init__(self) -> None:
        self._waiting = 0
        self._bytes = 0
        self._of: Counter[str] = Counter()

    def place(self, sender: str) -> Place:
        """A place for one request, to be held for a block; an empty `sender` is nobody."""
        return Place(self, sender)

    def take(self, sender: str) -> None:
        """Counts one more request of a sender; `Unavailable` where there is no place."""
        if self._waiting >= WAITING_MAX:
            raise Unavailable("Too many requests are waiting.", retry_after_seconds=1)
        if sender:
            if self._of[sender] >= WAITING_OF_ONE_MAX:
                raise Crowded("Too many requests of one sender are waiting.", retry_after_seconds=1)
            self._of[sender] += 1
        self._waiting += 1

    def leave(self, sender: str, size_bytes: int) -> None:
        """The request is answered, and its bytes are gone."""
        self._waiting -= 1
        self._bytes -= size_bytes
        if sender:
            self._of[sender] -= 1
            if not self._of[sender]:
                del self._of[sender]

    def hold(self, size_bytes: int) -> None:
        """Counts more bytes as held; `Unavailable` where that would be too many."""
        if self._bytes + size_bytes > WAITING_BYTES_MAX:
            raise Unavailable("Too much is waiting to be written.", retry_after_seconds=1)
        self._bytes += size_bytes


class Place:
    """One request's part of what is held, from the beginning of a block to its end."""

    __slots__ = ("_queues", "_sender", "size_bytes")

    def __init__(self, queues: Queues, sender: str) -> None:
        self._queues = queues
        self._sender = sender
        self.size_bytes = 0

    def __enter__(self) -> Place:
        self._queues.take(self._sender)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queues.leave(self._sender, self.size_bytes)

    def hold(self, size_bytes: int) -> None:
        """Holds more bytes for as long as the request is under way."""
        self._queues.hold(size_bytes)
        self.size_bytes += size_bytes


class Shares:
    """How much of what all share one person or program has at a time. Counted on the event loop alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: Counter[str] = Counter()

    @contextmanager
    def of(self, person: str) -> Iterator[None]:
        """One more of theirs; `Crowded` where they have their share. An empty `person` is nobody."""
        if not person:
            yield
            return
        if self._of[person] >= self._most:
            raise Crowded("You have as much under way as one may have.", retry_after_seconds=1)
        self._of[person] += 1
        try:
            yield
        finally:
            self._of[person] -= 1
            if not self._of[person]:
                del self._of[person]
