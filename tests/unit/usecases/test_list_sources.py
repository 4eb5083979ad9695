"""A source as it is shown: what arrived last, and whether that is longer ago than its contract allows."""

from __future__ import annotations

import pytest

from onefold.record.contracts.model import Contract
from onefold.record.intake.model import SourceCount, Tally
from onefold.record.intake.topics import FeedStatus, TopicStatus
from onefold.usecases.list_sources import source_view, streams_of
from onefold.usecases.model import StreamView

HOUR = 3_600_000
NOW = 1_000 * HOUR


def shown(*arrivals: int, hours: float | None = 6):
    contract = Contract("crm", "1.0.0", "active", "CRM", "", "", "owner", (), {}, "", freshness_hours=hours)
    counts = [SourceCount("crm", f"object-{it}", Tally(), it, it - 500 * HOUR) for it in arrivals]
    return source_view(contract, counts, NOW)


@pytest.mark.parametrize(
    ("arrivals", "hours", "overdue"),
    [
        ([NOW], 6, False),
        ([NOW - 6 * HOUR], 6, False),
        ([NOW - 6 * HOUR - 1], 6, True),
        ([NOW - 90 * HOUR, NOW - HOUR], 6, False),
        ([NOW - 900 * HOUR], None, False),
        ([NOW - HOUR // 2 - 1], 0.5, True),
        ([], 6, False),
        ([0], 6, False),
    ],
)
def test_a_source_is_overdue_when_the_last_arrival_is_too_long_ago(arrivals, hours, overdue):
    assert shown(*arrivals, hours=hours).overdue is overdue


def test_what_arrived_now_may_tell_of_long_ago():
    view = shown(NOW)
    assert (view.last_arrival_at, view.last_event_at) == (
        "1970-02-11T16:00:00.000Z",
        "1970-01-21T20:00:00.000Z",
    )
    assert shown().last_arrival_at is None


def test_the_promise_is_told_in_hours():
    assert shown(hours=0.5).freshness == "within 0.5 h"
    assert shown(hours=None).freshness == ""


def test_a_topic_is_shown_once_however_many_read_it():
    one = FeedStatus((TopicStatus("visits", 2, 5, 0), TopicStatus("calls", 1, None, 0)))
    two = FeedStatus((TopicStatus("visits", 1, 3, 4), TopicStatus("calls", 0, 0, 0)), "No broker answers.")
    assert streams_of([one, two]) == (
        StreamView("visits", 3, 8, 4, "No broker answers."),
        StreamView("calls", 1, 0, 0, "No broker answers."),
    )
    assert streams_of([one])[1].lag is None, "nobody knows yet"
    assert streams_of([]) == ()
