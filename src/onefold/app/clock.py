"""The machine's clock, made to go forward only."""

from __future__ import annotations

import threading
import time

MS = 1_000_000
AHEAD_MAX_MS = 24 * 3600 * 1000


class SystemClock:
    """Implements `Clock`; it never goes back, whatever is done to the machine's clock.

    What is said later has to count as later: a withdrawal said behind a jump back would lose to the grant
    before it as soon as the clock was mended. While the machine's clock is behind what was told last, time
    goes on at half its pace until the two meet. A jump forward is followed at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._looked_ns = time.monotonic_ns()
        self._last_ns = time.time_ns()

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC."""
        with self._lock:
            looked_ns = time.monotonic_ns()
            gone_on_ns = self._last_ns + (looked_ns - self._looked_ns) // 2
            self._looked_ns = looked_ns
            self._last_ns = max(time.time_ns(), gone_on_ns)
            return self._last_ns // MS

    def go_on_from(self, instant: int) -> None:
        """Starts no earlier than an instant that was told before a restart.

        One that is more than a day ahead was the clock's mistake, which somebody has mended since: going on
        from there would keep everything ahead for as long.
        """
        with self._lock:
            if instant <= time.time_ns() // MS + AHEAD_MAX_MS:
                self._last_ns = max(self._last_ns, instant * MS)
