"""How often a customer may be compared without agreeing: nobody tries faces until one fits.

What failed of late is in memory alone: after a restart everybody begins anew, and the audit knows all of it.
"""

from __future__ import annotations

import threading
from collections import deque

from onefold.usecases.limits import TooManyRequests

AN_HOUR_MAX = 10
HOUR_MS = 3_600_000


class Tries:
    """Comparisons within the last hour that did not agree, by customer. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._failed: dict[bytes, deque[int]] = {}

    def begin(self, customer: bytes, now_ms: int) -> None:
        """Counts one more as if it would not agree; `TooManyRequests` past the limit, and not counted."""
        with self._guard:
            for it in [it for it, failed in self._failed.items() if failed[-1] <= now_ms - HOUR_MS]:
                del self._failed[it]
            failed = self._failed.get(customer, deque())
            while failed and failed[0] <= now_ms - HOUR_MS:
                failed.popleft()
            if len(failed) >= AN_HOUR_MAX:
                raise TooManyRequests(
                    "There were too many samples that did not agree with this customer's.",
                    retry_after_seconds=max(1, (failed[0] + HOUR_MS - now_ms) // 1000 + 1),
                    hint="Ask them something else.",
                )
            failed.append(now_ms)
            self._failed[customer] = failed

    def undecided(self, customer: bytes) -> None:
        """Takes the last one back: nobody could tell."""
        with self._guard:
            failed = self._failed.get(customer)
            if failed:
                failed.pop()
            if not failed:
                self._failed.pop(customer, None)

    def agreed(self, customer: bytes) -> None:
        """Forgets those of a customer."""
        with self._guard:
            self._failed.pop(customer, None)
