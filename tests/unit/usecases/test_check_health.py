"""Health: what it says when something is wrong, and that it says no more than that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.intake.skew import SAMPLES_MIN, Basis, Skews, Told
from onefold.record.intake.topics import FeedStatus, TopicStatus
from onefold.usecases.check_health import check_health
from onefold.usecases.feeds import Feeds
from onefold.usecases.model import StreamsHealth

FAULT = "The disk failed: checkpoint demo_uz_log.jsonl was not written."


def rooms(
    *,
    fault: str = "",
    failure: Unavailable | None = None,
    feeds: Feeds | None = None,
    skews: Skews | None = None,
) -> Any:
    """Rooms that are seven frames in, and two behind."""
    return SimpleNamespace(
        cell="demo/uz",
        log=SimpleNamespace(last_sequence=7),
        reader=SimpleNamespace(offset=5),
        barrier=SimpleNamespace(failure=failure),
        proofs=SimpleNamespace(fault=fault),
        feeds=feeds or Feeds(),
        skews=skews or Skews(),
    )


def test_it_says_how_far_profiles_are_behind():
    health = check_health(rooms())
    assert (health.status, health.log, health.state, health.behind) == ("ok", 7, 5, 2)
    assert health.checkpoint_fault == ""


@pytest.mark.parametrize(
    ("failure", "status"), [(None, "degraded"), (Unavailable("The state is away."), "failing")]
)
def test_a_checkpoint_that_cannot_be_written_outside_is_said(failure, status):
    health = check_health(rooms(fault=FAULT, failure=failure))
    assert (health.status, health.checkpoint_fault) == (status, FAULT)


def test_topics_that_cannot_be_read_are_counted_and_not_named():
    feeds = Feeds()
    well = FeedStatus((TopicStatus("visits", 3, 7, 0), TopicStatus("calls", 1, None, 2)))
    ill = FeedStatus((TopicStatus("tickets", 0, None, 0),), "No broker answers (_TRANSPORT).")
    assert check_health(rooms(feeds=feeds)).streams == StreamsHealth(0, 0, 0, 0)
    with feeds.listed("bank", lambda: well):
        health = check_health(rooms(feeds=feeds))
        assert (health.status, health.streams) == ("ok", StreamsHealth(1, 0, 7, 2))
        with feeds.listed("desk", lambda: ill):
            health = check_health(rooms(feeds=feeds))
            assert (health.status, health.streams) == ("degraded", StreamsHealth(2, 1, 7, 2))
            assert "desk" not in repr(health)
            assert "tickets" not in repr(health)
    assert check_health(rooms(feeds=feeds)).status == "ok"


def test_sources_whose_clocks_are_off_are_counted_and_not_named():
    skews = Skews()
    for _ in range(SAMPLES_MIN):
        skews.heard("digital", Told(3_600_000, Basis.SENT), 0)
        skews.heard("crm", Told(1_000, Basis.SENT), 0)
    health = check_health(rooms(skews=skews))
    assert (health.status, health.skewed) == ("ok", 1)
