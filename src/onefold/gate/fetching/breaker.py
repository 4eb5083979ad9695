"""A source that fails again and again is left alone for a while, and nobody waits for it meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

FAILURES = 5
"""In a row, from whomever."""
REST_SECONDS = 15.0


class Breaker:
    """Whether one connection may be asked now. Thread-safe; `now` is in seconds and never goes back.

    After `FAILURES` in a row it may not for `REST_SECONDS`; then one question is let through in each such
    span, until one succeeds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Whether to ask; a yes after a rest is for this one question."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            now = self._now()
            if now < self._rests_until:
                return False
            self._rests_until = now + REST_SECONDS
            return True

    def succeeded(self) -> None:
        """It answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """It did not."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = self._now() + REST_SECONDS
