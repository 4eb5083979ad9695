"""The clock of a source against ours: a bounded median, careful about what cannot be told."""

from __future__ import annotations

import json

import pytest

from onefold.record.intake.skew import (
    SAMPLES,
    SAMPLES_MIN,
    TOLERANCE_MS,
    Basis,
    Skews,
    Told,
    happened,
    sent_in_body,
    sent_in_headers,
)
from onefold.testing.clock import SetClock

HOUR = 3_600_000


class Source:
    """A source whose clock is off, on a network that takes its time."""

    def __init__(self, ahead: int, basis: Basis = Basis.SENT) -> None:
        self.skews = Skews()
        self.clock = SetClock()
        self.ahead = ahead
        self.basis = basis

    def deliver(self, times: int = 1, delay: int = 40) -> Source:
        for _ in range(times):
            self.clock.advance(1_000)
            sent = self.clock.now_ms() + self.ahead
            self.clock.advance(delay)
            self.skews.heard("digital", Told(sent, self.basis), self.clock.now_ms())
        return self

    @property
    def skew(self):
        found = self.skews.of("digital")
        assert found is not None
        return found


def test_a_source_that_never_told_a_time_is_not_known():
    skews = Skews()
    skews.heard("digital", None, 0)
    assert skews.of("digital") is None
    assert skews.beyond() == 0


@pytest.mark.parametrize("ahead", [HOUR, -HOUR, 0, TOLERANCE_MS // 2])
def test_a_clock_is_told_from_its_deliveries(ahead):
    skew = Source(ahead).deliver(9).skew
    assert abs(skew.ahead_ms - ahead) <= 40
    assert skew.is_beyond == (abs(ahead) == HOUR)
    assert skew.since == SetClock().now_ms() + 1_040


def test_few_deliveries_say_nothing_yet():
    source = Source(HOUR).deliver(SAMPLES_MIN - 1)
    assert not source.skew.is_beyond
    assert source.deliver().skew.is_beyond
    assert source.skews.beyond() == 1


def test_retries_and_single_odd_times_do_not_count():
    source = Source(0).deliver(20)
    source.deliver(8, delay=HOUR)
    source.ahead = 50 * HOUR
    source.deliver(8)
    assert abs(source.skew.ahead_ms) < 1_000


def test_a_clock_that_was_set_right_is_right_again_after_some_deliveries():
    source = Source(HOUR).deliver(SAMPLES)
    source.ahead = 0
    assert not source.deliver(SAMPLES // 2 + 1).skew.is_beyond
    assert source.skew.deliveries == SAMPLES, "never more are remembered"


def test_events_that_are_late_are_no_clock_that_is_behind():
    assert not Source(-HOUR, Basis.EVENT).deliver(9).skew.is_beyond
    assert Source(HOUR, Basis.EVENT).deliver(9).skew.is_beyond, "nothing arrives before it happens"


def test_when_it_was_sent_counts_more_than_when_it_happened():
    source = Source(HOUR, Basis.EVENT).deliver(9)
    source.basis, source.ahead = Basis.SENT, 0
    assert source.deliver().skew.basis is Basis.SENT


SENT = "2025-06-15T15:06:40.250Z"
AT = 1_750_000_000_250


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"batch": [{"type": "track"}], "sentAt": SENT}, AT),
        ({"batch": [{"sentAt": "2025-06-15T15:06:39Z"}, {"sentAt": SENT}]}, AT),
        ({"type": "track", "sentAt": SENT}, AT),
        ({"type": "track", "sentAt": "2025-06-15T17:06:40.250+02:00"}, AT),
        ({"type": "track"}, None),
        ({"batch": [], "sentAt": "soon"}, None),
        ({"batch": [], "sentAt": {"$date": 1}}, None),
        ({"batch": 3}, None),
        ([], None),
    ],
)
def test_tracking_calls_say_when_they_were_sent(body, at):
    told = sent_in_body(json.dumps(body).encode())
    assert (told.at if told else None) == at


def test_requests_may_say_when_they_were_sent():
    assert sent_in_headers({"date": "Sun, 15 Jun 2025 15:06:40 GMT"}) == Told(AT - 250, Basis.SENT)
    assert sent_in_headers({}) is None
    assert sent_in_headers({"date": "today"}) is None


def test_the_newest_event_of_a_delivery_counts():
    assert happened([SENT, None, "2020-01-01T00:00:00Z", True]) == Told(AT, Basis.EVENT)
    assert happened([AT, AT - 5]) == Told(AT, Basis.EVENT)
    assert happened([]) is None
    assert happened([-1, "x", 1 << 60]) is None
