"""How many tokens somebody may turn back: so many at once, and so many an hour, whether or not there are any.

Somebody who has a list of tokens has a list of people; one by one is for cases, not for lists. What was asked
for of late is in memory alone: after a restart everybody begins anew, and the audit knows all of it.
"""

from __future__ import annotations

import threading
from collections import deque

from onefold.usecases.limits import TooManyRequests

AT_ONCE_MAX = 20
AN_HOUR_MAX = 100
HOUR_MS = 3_600_000


class Reveals:
    """Tokens asked for within the last hour, by who asked. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked: dict[str, deque[tuple[int, int]]] = {}

    def take(self, actor: str, count: int, now_ms: int) -> None:
        """Counts what somebody asks for; `TooManyRequests`, and nothing counted, where it is too much."""
        with self._guard:
            asked = self._asked.setdefault(actor, deque())
            while asked and asked[0][0] <= now_ms - HOUR_MS:
                asked.popleft()
            if sum(it for _, it in asked) + count > AN_HOUR_MAX:
                first = asked[0][0] if asked else now_ms
                raise TooManyRequests(
                    f"Nobody turns back more than {AN_HOUR_MAX} tokens an hour.",
                    retry_after_seconds=max(1, (first + HOUR_MS - now_ms) // 1000 + 1),
                    hint="Ask for those that the case needs.",
                )
            asked.append((now_ms, count))
