"""Counts as they are printed: in full, or in steps for who may only aggregate."""

from __future__ import annotations

import io
from typing import Any

import msgspec
from rich.console import Console

from onefold.channels.cli.segments import print_activation, print_audience, print_segment
from onefold.channels.cli.tokens import print_revealed
from onefold.usecases.model import (
    Activation,
    CountedAudience,
    LeftOut,
    RevealedToken,
    RevealedTokens,
    SegmentView,
)

SEGMENT = SegmentView(
    "dip", "Dip", "", "Retention", "1", ("The balance dipped.",), 4_321, 37, 337, 337, "2026-01-31", None
)
AUDIENCE = CountedAudience(
    "2026-01-31T10:00:00Z", "dip", "1", "2026-01-31", "marketing", "sms", 37, 25,
    (LeftOut("consent unknown", 8), LeftOut("suppressed", 4)), "7",
)  # fmt: skip


def printed(printing: Any, value: Any) -> str:
    out = io.StringIO()
    printing(Console(file=out, width=200, markup=False, highlight=False), value)
    return " ".join(out.getvalue().split())


def test_a_segment_is_told_in_full_with_what_was_asked_one_by_one():
    told = printed(print_segment, SEGMENT)
    assert "37 of 4,321 customers" in told
    assert "Asked one by one of 337 customers" in told
    assert "steps" not in told


def test_in_steps_nobody_was_asked_one_by_one_and_a_small_count_is_none():
    steps = msgspec.structs.replace(SEGMENT, bulk=30, of_customers=4_320, asked=None, agreed=None, least=10)
    assert "30 of 4,320 customers, in steps of 10" in printed(print_segment, steps)
    small = printed(print_segment, msgspec.structs.replace(steps, bulk=0))
    assert "fewer than 10 of 4,320 customers" in small
    assert "one by one" not in small


def test_an_audience_is_told_in_full_or_in_steps():
    told = printed(print_audience, AUDIENCE)
    assert "may be contacted 25" in told
    assert "left out: suppressed 4" in told
    steps = msgspec.structs.replace(
        AUDIENCE, members=30, reachable=20, left_out=(LeftOut("other reasons", 0),), least=10
    )
    told = printed(print_audience, steps)
    assert "left out: other reasons fewer than 10" in told
    assert "all 30" in told


def test_an_activation_with_nobody_is_told_as_none_and_not_as_few():
    sent = Activation("r", "", "dip", "1", "marketing", "sms", 0, 0, (), "dip.csv", "8", mark="anna; today")
    told = printed(print_activation, sent)
    assert "released 0" in told
    assert "Each row says: anna; today" in told


def test_a_token_that_is_not_told_is_not_found_whatever_the_reason():
    found = RevealedToken("tok_phone_a", "phone", "+998901234567", "c" * 32, "phone", "1")
    unknown = RevealedToken("tok_phone_b", "phone", None, "", "", "2")
    told = printed(print_revealed, RevealedTokens("complaint", (found, unknown)))
    assert f"tok_phone_a +998901234567 {'c' * 32} 1" in told
    assert "tok_phone_b (not found) 2" in told
