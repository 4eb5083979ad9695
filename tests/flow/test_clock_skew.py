"""A source whose clock is off is told by its deliveries, through a real server, and dates nothing."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest

from onefold.app.house import LocalHouse
from onefold.record.intake.skew import SAMPLES_MIN

pytestmark = pytest.mark.xdist_group("api")


def test_a_source_whose_clock_is_ahead_is_named_among_the_sources_and_counted_in_health(server):
    key = server_key(server)
    before = health(server)["skewed"]
    ahead = dt.datetime.now(dt.UTC)
    for number in range(SAMPLES_MIN):
        ahead = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
        call = {
            "type": "track",
            "event": "Screen Viewed",
            "messageId": f"skew-{number}",
            "anonymousId": "skew",
        }
        sent = {"batch": [call | {"timestamp": "2025-06-01T10:00:00Z"}], "sentAt": ahead.isoformat()}
        assert server.send("/v1/batch", sent, key).status_code == 200
    assert health(server)["skewed"] == before + 1
    assert health(server)["status"] == "ok"
    with server.signed_in("engineer") as client:
        (digital,) = [it for it in client.get("/api/sources").json()["items"] if it["name"] == "digital"]
    clock = digital["clock"]
    assert clock["beyond"]
    assert clock["basis"] == "sent"
    assert abs(clock["ahead_ms"] - 7_200_000) < 60_000
    assert digital["last_event_at"] < ahead.isoformat(), "no event was dated by it"


def health(server) -> dict:
    found: dict = httpx.get(f"{server.url}/api/health").json()
    return found


def server_key(server) -> str:
    """A write key of the app."""
    return LocalHouse().new_write_key(server.data, "digital")
