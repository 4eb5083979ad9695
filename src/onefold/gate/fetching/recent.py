"""Answers of the last seconds, in memory, so that opening a page twice does not ask twice.

Looked into only after the gate has decided. A key holds what was asked and nothing of who asked. An answer
counts from when its question was put. Emptying starts a new generation: an answer to a question that was put
before is not kept any more, however late it comes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

MOST = 1000
Answer = TypeVar("Answer")


class _Held(NamedTuple, Generic[Answer]):
    answer: Answer
    until: float


class Recent(Generic[Answer]):
    """At most `MOST` answers; the one that was looked for longest ago makes room. Thread-safe."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, _Held[Answer]] = OrderedDict()
        self.generation = 0

    def __len__(self) -> int:
        return len(self._held)

    def find(self, key: Hashable) -> Answer | None:
        """The answer, if its seconds are not over."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            if found.until <= self._now():
                del self._held[key]
                return None
            self._held.move_to_end(key)
            return found.answer

    def keep(self, key: Hashable, answer: Answer, until: float, generation: int) -> None:
        """Keeps an answer whose question was put in that generation, if it is still this one."""
        with self._lock:
            if generation != self.generation or until <= self._now():
                return
            self._held[key] = _Held(answer, until)
            self._held.move_to_end(key)
            if len(self._held) > MOST:
                self._held.popitem(last=False)

    def sweep(self) -> None:
        """Lets go of what is over, for answers that nobody looks for again."""
        with self._lock:
            now = self._now()
            for key in [key for key, held in self._held.items() if held.until <= now]:
                del self._held[key]

    def empty(self) -> None:
        """Lets go of everything."""
        with self._lock:
            self._held.clear()
            self.generation += 1
