"""Durations as people write them."""

from __future__ import annotations

import pytest

from onefold.kernel.errors import CallerError
from onefold.kernel.time import seconds_of


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), (" 2h ", 7200), ("1d", 86_400)])
def test_a_duration_is_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "1.5h", "-1s", "15 m", "1w", "²s"])
def test_what_is_no_duration_is_told(text):
    with pytest.raises(CallerError, match="15m"):
        seconds_of(text)
