"""The machine's clock."""

from __future__ import annotations

import time


class SystemClock:
    """Implements `Clock`."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch, UTC."""
        return time.time_ns() // 1_000_000
