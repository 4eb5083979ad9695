"""Wrong passwords of late: too many for one login lock it for a while, whether or not anybody has it.

An attempt counts before its password is looked at, in one step with asking whether the login waits: else any
number sent at once would all be let through while the first ones are still being hashed.
"""

from __future__ import annotations

import threading

from onefold.kernel.errors import Unavailable
from onefold.kernel.time import Clock

FAILURES_MAX = 5
LOCK_SECONDS_FIRST = 30
LOCK_SECONDS_MAX = 15 * 60
_REMEMBERED_MAX = 10_000


class LockedOut(Unavailable):
    """Too many wrong passwords for one login; says nothing about whether the login exists."""

    code = "locked_out"
    status = 429


class Attempts:
    """Wrong passwords of late, by login. The lock doubles with each failure above the limit."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def begin(self, login: str) -> None:
        """Counts one more as if it had failed; `LockedOut`, and nothing counted, while the login waits."""
        with self._lock:
            failures, locked_until = self._failures.get(login, (0, 0))
            wait_ms = locked_until - self._clock.now_ms()
            if failures >= FAILURES_MAX and wait_ms > 0:
                raise LockedOut(
                    "There were too many wrong passwords for this login.",
                    retry_after_seconds=wait_ms // 1000 + 1,
                    hint="Wait, then try again.",
                )
            self._failures.pop(login, None)
            failures += 1
            doubled = LOCK_SECONDS_FIRST << min(max(failures - FAILURES_MAX, 0), 10)
            until = self._clock.now_ms() + min(doubled, LOCK_SECONDS_MAX) * 1000
            self._failures[login] = (failures, until)
            while len(self._failures) > _REMEMBERED_MAX:
                del self._failures[next(iter(self._failures))]

    def succeeded(self, login: str) -> None:
        """Forgets the failures, this attempt among them."""
        with self._lock:
            self._failures.pop(login, None)
