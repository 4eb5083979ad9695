"""What was turned away at the entrance before anybody knew who asks: forged tokens, writes of foreign pages.

Each goes into the audit as a count, once a minute: who sends a million of them writes a record and no flood.
A count says nothing of who, since nobody is known; where it came from is in the log of the proxy. What was
counted since the last record is lost with the process.
"""

from __future__ import annotations

import threading
from collections import Counter
from enum import StrEnum
from typing import Protocol

from onefold.kernel.errors import OnefoldError

EVERY_MS = 60_000


class Why(StrEnum):
    """What was wrong, in the words of the audit."""

    TOKEN = "tokens that are not ours"
    KEY = "write keys and signatures that are not ours"
    CSRF = "writes without the token of their session"
    ORIGIN = "writes of a page of another origin"


class Trail(Protocol):
    """Where records go."""

    def record(self, kind: str, *, actor: str, outcome: str, counts: dict[str, int]) -> str:
        """Keeps one."""
        ...


class TurnedAway:
    """Counts since the last record. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._since: int | None = None

    def count(self, why: Why, now_ms: int) -> None:
        """One more."""
        with self._guard:
            self._counts[why.value] += 1
            if self._since is None:
                self._since = now_ms

    def write_down(self, audit: Trail, now_ms: int, *, last: bool = False) -> bool:
        """Writes what was counted once a minute is over, or at the `last` look; whether it did.

        What could not be written is counted on.
        """
        with self._guard:
            if self._since is None or (not last and now_ms - self._since < EVERY_MS):
                return False
            counts, since = self._counts, self._since
            self._counts, self._since = Counter(), None
        try:
            audit.record("turned_away", actor="unknown", outcome="refused", counts=dict(counts))
        except OnefoldError:
            with self._guard:
                self._counts += counts
                self._since = since
            raise
        return True
