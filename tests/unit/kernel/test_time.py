"""Durations as people write them, and instants that are those of no place."""

from __future__ import annotations

import time
from datetime import datetime

import pytest

from onefold.kernel.errors import CallerError
from onefold.kernel.time import instant_from_datetime, iso_instant, seconds_of


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), (" 2h ", 7200), ("1d", 86_400)])
def test_a_duration_is_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "1.5h", "-1s", "15 m", "1w", "²s"])
def test_what_is_no_duration_is_told(text):
    with pytest.raises(CallerError, match="15m"):
        seconds_of(text)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tashkent", "America/St_Johns"])
def test_instants_are_told_in_utc_wherever_the_machine_stands(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    iso_instant.cache_clear()
    try:
        assert iso_instant(1_000) == "1970-01-01T00:00:01.000Z"
        assert instant_from_datetime(datetime(1970, 1, 2)) == 86_400_000
    finally:
        monkeypatch.undo()
        time.tzset()
