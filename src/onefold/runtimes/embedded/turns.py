"""Whose turn it is: things that one asker at a time may use, and who waits for one, first come, first served.

Some askers are threads, which sleep until it is their turn; an event loop leaves word instead. Both stand in
one queue, so that neither keeps the other waiting for ever.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Lends things: the one that is wished for if it is idle, else the one that was given back last.

    The memory of either is warm. Nobody waits for the one of his wish while another one is idle.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._idle: list[T] = []
        self._waiting: deque[Callable[[T], None]] = deque()

    def give(self, thing: T) -> None:
        """Takes a thing in, or back: whoever waits for the longest time has it next, if he is still there."""
        with self._guard:
            while self._waiting:
                take = self._waiting.popleft()
                with contextlib.suppress(RuntimeError):  # An event loop that was closed meanwhile.
                    take(thing)
                    return
            self._idle.append(thing)

    def take_or_wait(self, take: Callable[[T], None], wish: T | None = None) -> T | None:
        """A thing if one is idle; else None, and `take` is called with one later, by whoever gives it back.

        It must return at once and may not ask for a turn.
        """
        with self._guard:
            if wish is not None and wish in self._idle:
                self._idle.remove(wish)
                return wish
            if self._idle:
                return self._idle.pop()
            self._waiting.append(take)
            return None

    def take(self, timeout_seconds: float, wish: T | None = None) -> T | None:
        """A thing, as soon as it is this thread's turn; None where that takes longer."""
        turn = threading.Lock()
        turn.acquire()
        given: list[T] = []

        def taken(thing: T) -> None:
            given.append(thing)
            turn.release()

        found = self.take_or_wait(taken, wish)
        if found is not None:
            return found
        is_mine = False
        try:
            is_mine = turn.acquire(timeout=timeout_seconds)
        finally:
            if not is_mine:
                self._leave(taken, given)
        return given.pop() if given else None

    def anybody_waits(self) -> bool:
        """Whether somebody's turn is next."""
        return bool(self._waiting)

    def _leave(self, taken: Callable[[T], None], given: list[T]) -> None:
        """Stands in the queue no more; what was given in the last moment goes on to the next."""
        with self._guard:
            if taken in self._waiting:
                self._waiting.remove(taken)
        if given:
            self.give(given.pop())
