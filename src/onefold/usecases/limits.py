"""How much of each source is taken over HTTP: a bucket of tokens, filled at the rate of its contract.

A token is an event. A source that sends too much is told when to come again before its request is parsed, so
that it costs the others next to nothing. How many events a request holds is known once it is parsed: it is
then taken whole, if nobody else has overdrawn the bucket meanwhile, and what it holds beyond the bucket is
owed, and has to be waited off before the next one. So a batch larger than the burst is served, too, and over
time no source gets more than its rate.
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
    """Tokens left, by source; below nothing, what it owes. Without a rate a source is not limited."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def enter(self, source: str, rate: Rate | None, now_ms: int) -> None:
        """Takes the token of a request's first event; `TooManyRequests` where there is none."""
        self._spend(source, rate, now_ms, events=1, least=1)

    def hold(self, source: str, rate: Rate | None, now_ms: int, events: int) -> None:
        """Takes the tokens of the other events of a request that has entered, or owes them.

        `TooManyRequests` where another request has brought the source into debt since.
        """
        if events > 1:
            self._spend(source, rate, now_ms, events=events - 1, least=0)

    def _spend(self, source: str, rate: Rate | None, now_ms: int, *, events: int, least: int) -> None:
        if rate is None:
            return
        with self._lock:
            tokens, at = self._buckets.get(source, (float(rate.burst), now_ms))
            # A clock that was set back must not empty the bucket for as long.
            passed = max(0, now_ms - at)
            tokens = min(float(rate.burst), tokens + passed * rate.events_per_second / 1000)
            enough = tokens >= least
            self._buckets[source] = (tokens - events if enough else tokens, now_ms)
        if not enough:
            raise TooManyRequests(
                "This source sends more than its contract allows.",
                detail=f"It allows {rate.events_per_second:g} events a second.",
                retry_after_seconds=max(1, math.ceil((1 - tokens) / rate.events_per_second)),
                hint="Send again after that time, or have rateLimit in the contract raised.",
            )
