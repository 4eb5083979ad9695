"""Whether profiles follow the log in time: what stood in it a while ago has to be in the state by now.

How many frames the state is behind says little: a load of a million is taken in for minutes, and one frame
may never be. So what is last in the log is remembered with when it was seen there, and the next is not
before the state has it.
"""

from __future__ import annotations

import threading

LATE_SECONDS = 60
"""As long as a checkpoint waits; a withdrawal is told much sooner that it is not yet in force."""


class Pulse:
    """One sequence that is waited for, and since when. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._awaited = 0
        self._since = 0

    def is_late(self, log: int, state: int, now_ms: int) -> bool:
        """Whether the state lacks for longer than `LATE_SECONDS` what was in the log; both are sequences."""
        with self._guard:
            if state >= self._awaited:
                self._awaited, self._since = log, now_ms
            return now_ms - self._since > LATE_SECONDS * 1000
