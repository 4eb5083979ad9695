"""How much of each source is taken over HTTP: a bucket of tokens, filled at the rate of its contract.

A source that sends too much is told when to come again before its request is parsed, so that it costs the
others next to nothing.
"""

from __future__ import annotations

import math
import threading

from onefold.kernel.errors import Unavailable
from onefold.record.contracts.model import Rate


class TooManyRequests(Unavailable):
    """The source sends more than its contract allows, or has more waiting than one source may have."""

    code = "too_many_requests"
    status = 429


class Limits:
    """Tokens left, by source. Without a rate in its contract a source is not limited."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, source: str, rate: Rate | None, now_ms: int) -> None:
        """Takes a token for one request; `TooManyRequests` with the seconds until there is one again."""
        if rate is None:
            return
        with self._lock:
            tokens, at = self._buckets.get(source, (float(rate.burst), now_ms))
            # A clock that was set back must not empty the bucket for as long.
            passed = max(0, now_ms - at)
            tokens = min(float(rate.burst), tokens + passed * rate.requests_per_second / 1000)
            if tokens >= 1:
                self._buckets[source] = (tokens - 1, now_ms)
                return
            self._buckets[source] = (tokens, now_ms)
        wait = max(1, math.ceil((1 - tokens) / rate.requests_per_second))
        raise TooManyRequests(
            "This source sends more than its contract allows.",
            detail=f"It allows {rate.requests_per_second:g} requests a second.",
            retry_after_seconds=wait,
            hint="Send larger batches, or have rateLimit in the contract raised.",
        )
