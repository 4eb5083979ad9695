"""A clock that stands until it is told to go on."""

from __future__ import annotations


class SetClock:
    """Implements `Clock` with a time that a test sets (milliseconds since the epoch)."""

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        """The time it was set to."""
        return self._now_ms

    def advance(self, milliseconds: int) -> None:
        """Lets time pass."""
        self._now_ms += milliseconds
