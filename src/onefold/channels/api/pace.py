"""How many requests a minute one person or program may send, where the house sets a limit.

A bucket that holds a minute's worth and fills evenly: who was away may ask fast for a moment, and over time
nobody asks more than that. All sessions of a person are one. What was asked is in memory: a restart begins
anew. Counted on the event loop alone, so without a lock.
"""

from __future__ import annotations

import math

from onefold.usecases.limits import TooManyRequests

REMEMBERED_MAX = 10_000


class Pace:
    """Tokens left, by person; those who asked the longest ago are forgotten, which fills their bucket."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._left: dict[str, tuple[float, int]] = {}

    def enter(self, person: str, now_ms: int) -> None:
        """Takes one token; `TooManyRequests` where there is none. Without a limit everybody may."""
        if not self._a_minute:
            return
        left, at = self._left.pop(person, (float(self._a_minute), now_ms))
        # A clock that was set back must not empty the bucket for as long.
        left = min(float(self._a_minute), left + max(0, now_ms - at) * self._a_minute / 60_000)
        enough = left >= 1
        self._left[person] = (left - 1 if enough else left, now_ms)
        if len(self._left) > REMEMBERED_MAX:
            del self._left[next(iter(self._left))]
        if not enough:
            raise TooManyRequests(
                "You ask more than one may here.",
                detail=f"{self._a_minute:,} requests a minute.",
                retry_after_seconds=max(1, math.ceil((1 - left) * 60 / self._a_minute)),
                hint="Go on after that time; who runs this server sets the limit.",
            )
