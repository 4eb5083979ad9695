"""How far the clock of each source is from ours, as far as its deliveries tell.

Theory. A delivery that says when it was sent came `received - sent = delay - ahead` later, where a source's
clock is `ahead` of ours and the delay is never negative. Over many deliveries the median is robust against
retries and single odd times, and what is left of the delay is short. An event says when it *happened*, which
may be long before it was sent: a clock that is behind cannot be told from an event that is late, a clock that
is ahead can, since nothing arrives before it happens.

This is about sources and not about events: no time in the log is ever corrected by it (a retry would change
it). It is measured anew by each process, from its start.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from statistics import median_low
from typing import Any, NamedTuple

import msgspec

from onefold.kernel.time import instant_from_datetime

TOLERANCE_MS = 60_000
SAMPLES = 101
SAMPLES_MIN = 5
"""Fewer say nothing yet."""


class Basis(StrEnum):
    """What a source's time is: when it sent the delivery, or when the newest event in it happened."""

    SENT = "sent"
    EVENT = "event"


class Told(NamedTuple):
    """A time that a delivery states, in ms."""

    at: int
    basis: Basis


class Skew(msgspec.Struct, frozen=True):
    """How far a source's clock is ahead of ours (behind: negative), by its last deliveries since `since`."""

    ahead_ms: int
    basis: Basis
    deliveries: int
    since: int

    @property
    def is_beyond(self) -> bool:
        """Whether it is wrong by more than is tolerated, for all that can be told."""
        if self.deliveries < SAMPLES_MIN:
            return False
        return self.ahead_ms > TOLERANCE_MS or (self.basis is Basis.SENT and self.ahead_ms < -TOLERANCE_MS)


class Skews:
    """The last deliveries of each source, never more than `SAMPLES` of each basis. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._heard: dict[tuple[str, Basis], deque[int]] = {}
        self._since: dict[str, int] = {}

    def heard(self, source: str, told: Told | None, received_at: int) -> None:
        """Counts one delivery; one that states no time tells nothing."""
        if told is None:
            return
        with self._guard:
            self._since.setdefault(source, received_at)
            known = self._heard.setdefault((source, told.basis), deque(maxlen=SAMPLES))
            known.append(told.at - received_at)

    def of(self, source: str) -> Skew | None:
        """What is known of a source, by when it sent if it ever says so; None where it never told a time."""
        with self._guard:
            for basis in Basis:
                known = self._heard.get((source, basis))
                if known:
                    return Skew(median_low(known), basis, len(known), self._since[source])
        return None

    def beyond(self) -> int:
        """How many sources are beyond what is tolerated."""
        with self._guard:
            sources = list(self._since)
        return sum(1 for it in sources if (skew := self.of(it)) and skew.is_beyond)


class _SentOne(msgspec.Struct, rename="camel"):
    sent_at: Any = None


class _Sent(msgspec.Struct, rename="camel"):
    sent_at: Any = None
    batch: list[_SentOne] = []


_SENT = msgspec.json.Decoder(_Sent)


def sent_in_body(body: bytes) -> Told | None:
    """The `sentAt` of tracking calls: of the batch, else the newest of its messages."""
    try:
        found = _SENT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return _newest([found.sent_at] if found.sent_at else [it.sent_at for it in found.batch], Basis.SENT)


def sent_in_headers(headers: Mapping[str, str]) -> Told | None:
    """The `Date` of a request (RFC 9110), which few senders write."""
    try:
        return Told(instant_from_datetime(parsedate_to_datetime(headers["date"])), Basis.SENT)
    except (KeyError, ValueError, OverflowError):
        return None


def happened(times: list[Any]) -> Told | None:
    """The newest of the times at which events happened: ISO texts, or ms."""
    return _newest(times, Basis.EVENT)


def _newest(times: list[Any], basis: Basis) -> Told | None:
    found = [at for it in times if (at := _instant(it)) is not None]
    return Told(max(found), basis) if found else None


def _instant(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value < 1 << 53 else None
    try:
        return instant_from_datetime(datetime.fromisoformat(value)) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
