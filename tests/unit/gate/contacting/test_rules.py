"""Who is left alone, promise by promise; and that records which join only ever keep back more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.gate.contacting.model import Campaign, Cap, Contact, Contacting, ContactingRules, QuietHours
from onefold.gate.contacting.rules import PREFERS, QUIET, QUIET_UNKNOWN, reason_to_wait
from onefold.kernel.time import MS_PER_DAY, instant_from_datetime

A, B = b"a" * 16, b"b" * 16
TASHKENT = {"time_zone": "Asia/Tashkent"}
NIGHT = QuietHours(frozenset({"sms"}), 21 * 60, 9 * 60)


def at(hour: int, minute: int = 0) -> int:
    """An instant of one day, UTC; in Tashkent it is five hours later."""
    return instant_from_datetime(datetime(2026, 11, 2, hour, minute, tzinfo=UTC))


NOON = at(7)


def rules(**parts: Any) -> ContactingRules:
    whole = {
        "preferring": frozenset({"marketing"}),
        "quiet_hours": (),
        "unknown_zone": (),
        "caps": (),
        "campaigns": {},
    }
    return ContactingRules(version=1, **whole | parts)


def reason(
    found: ContactingRules,
    *members: dict[str, Any],
    channel: str = "sms",
    purpose: str = "marketing",
    campaign: str = "dip",
    made: Mapping[bytes, tuple[Contact, ...]] | None = None,
    now: int = NOON,
) -> str | None:
    records = dict(zip((A, B), members or (TASHKENT,), strict=False))
    return reason_to_wait(Contacting(found, campaign, dict(made or {})), records, purpose, channel, now)


def contact(release: str, days_ago: float, **more: str) -> Contact:
    told = {"purpose": "marketing", "channel": "sms", "campaign": "dip"} | more
    return Contact(release, int(NOON - days_ago * MS_PER_DAY), **told)


def test_without_rules_nobody_is_kept_back():
    assert reason(rules()) is None


def test_whoever_prefers_another_channel_is_left_alone_for_the_purposes_that_say_so():
    prefers = TASHKENT | {"preferred_channel": "email"}
    assert reason(rules(), prefers) == PREFERS
    assert reason(rules(), prefers, purpose="direct_marketing") == PREFERS
    assert reason(rules(), prefers, purpose="servicing") is None
    assert reason(rules(), prefers, channel="email") is None
    assert reason(rules(), TASHKENT, prefers) == PREFERS


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(15, 59, False), (16, 0, True), (3, 59, True), (4, 0, False), (12, 0, False)],
)
def test_the_hours_are_those_of_the_customers_own_clock(hour, minute, quiet):
    found = reason(rules(quiet_hours=(NIGHT,)), now=at(hour, minute))
    assert found == (QUIET if quiet else None)


def test_quiet_hours_hold_for_their_channels_alone():
    assert reason(rules(quiet_hours=(NIGHT,)), channel="email", now=at(20)) is None
    everywhere = QuietHours(frozenset(), 0, 24 * 60)
    assert reason(rules(quiet_hours=(everywhere,)), channel="post") == QUIET


@pytest.mark.parametrize(
    ("values", "quiet_at_seven_utc"),
    [
        ({"phone": "+998901112233"}, None),
        ({"country": "UZ"}, None),
        ({"phone": "+12125550123"}, QUIET),
        ({"country": "UZ", "phone": "+12125550123"}, QUIET),
        ({"time_zone": "Asia/Tashkent", "phone": "+12125550123"}, None),
        ({"time_zone": "Mars/Olympus"}, QUIET_UNKNOWN),
        ({"country": "XX"}, QUIET_UNKNOWN),
        ({"phone": "no number"}, QUIET_UNKNOWN),
        ({}, QUIET_UNKNOWN),
    ],
)
def test_the_zone_is_told_by_what_the_record_says_and_an_unknown_one_is_the_strictest(
    values, quiet_at_seven_utc
):
    assert reason(rules(quiet_hours=(NIGHT,)), values) == quiet_at_seven_utc


def test_the_house_may_say_where_those_live_who_say_nothing():
    found = rules(quiet_hours=(NIGHT,), unknown_zone=("Asia/Tashkent",))
    assert reason(found, {}) is None
    assert reason(found, {}, now=at(20)) == QUIET_UNKNOWN


def test_an_hour_has_to_be_a_good_one_wherever_the_customer_may_be():
    new_york = {"time_zone": "America/New_York"}
    assert reason(rules(quiet_hours=(NIGHT,)), TASHKENT, new_york) == QUIET
    assert reason(rules(quiet_hours=(NIGHT,)), TASHKENT, {}) == QUIET_UNKNOWN


CAP = Cap(frozenset({"sms", "call"}), frozenset({"marketing"}), 2, 7)


@pytest.mark.parametrize(
    ("made", "held"),
    [
        ([contact("r1", 1), contact("r2", 2)], True),
        ([contact("r1", 1)], False),
        ([contact("r1", 1), contact("r2", 7)], False),
        ([contact("r1", 1), contact("r2", 6.99)], True),
        ([contact("r1", 1), contact("r2", 2, channel="call", campaign="other")], True),
        ([contact("r1", 1), contact("r2", 2, channel="email")], False),
        ([contact("r1", 1), contact("r2", 2, purpose="servicing")], False),
        ([contact("r1", 1), contact("r2", 2, purpose="direct_marketing")], True),
    ],
)
def test_no_more_releases_reach_somebody_within_the_days_than_the_cap_says(made, held):
    found = reason(rules(caps=(CAP,)), made={A: tuple(made)})
    assert found == ("contacted often enough: 2 in 7 days" if held else None)


def test_a_cap_stops_its_own_channels_and_purposes_alone():
    made = {A: (contact("r1", 1), contact("r2", 1))}
    assert reason(rules(caps=(CAP,)), made=made, channel="email") is None
    assert reason(rules(caps=(CAP,)), made=made, purpose="servicing") is None
    nothing_at_all = Cap(frozenset(), frozenset(), 0, 1)
    assert reason(rules(caps=(nothing_at_all,))) == "contacted often enough: 0 in 1 days"


def test_a_release_that_reached_two_records_of_a_customer_counts_once_and_those_of_each_together():
    one = contact("r1", 1)
    assert reason(rules(caps=(CAP,)), TASHKENT, TASHKENT, made={A: (one,), B: (one,)}) is None
    assert reason(rules(caps=(CAP,)), TASHKENT, TASHKENT, made={A: (one,), B: (contact("r2", 1),)})


def test_a_campaign_has_rules_of_its_own_on_top_and_counts_itself_alone():
    own = Campaign(caps=(Cap(frozenset(), frozenset(), 1, 30),))
    found = rules(caps=(CAP,), campaigns={"dip": own})
    other = {A: (contact("r1", 9, campaign="other"),)}
    assert reason(found, made=other) is None
    assert reason(found, made={A: (contact("r1", 9),)}) == "contacted often enough: 1 in 30 days"
    assert reason(found, made={A: (contact("r1", 9),)}, campaign="other") is None
    often = {A: (contact("r1", 1, campaign="x"), contact("r2", 1, campaign="x"))}
    assert reason(found, made=often) == "contacted often enough: 2 in 7 days"


records = st.fixed_dictionaries(
    {},
    optional={
        "time_zone": st.sampled_from(("Asia/Tashkent", "America/New_York", "nowhere")),
        "phone": st.sampled_from(("+998901112233", "+12125550123", "?")),
        "country": st.sampled_from(("UZ", "US", "KZ", "XX")),
        "preferred_channel": st.sampled_from(("sms", "email")),
    },
)
contacts = st.lists(
    st.builds(contact, st.sampled_from(("r1", "r2", "r3")), st.sampled_from((1.0, 3.0, 8.0))), max_size=3
)
found_rules = st.builds(
    lambda cap, spans, zone: rules(caps=cap, quiet_hours=spans, unknown_zone=zone),
    st.sampled_from(((), (CAP,))),
    st.sampled_from(((), (NIGHT,))),
    st.sampled_from(((), ("Asia/Tashkent",))),
)


@given(found_rules, records, records, contacts, contacts, st.integers(0, 23))
def test_records_that_join_keep_back_whoever_one_of_them_would(found, one, other, mine, theirs, hour):
    made, now = {A: tuple(mine), B: tuple(theirs)}, at(hour)
    asked = Contacting(found, "dip", made)
    alone = [
        reason_to_wait(asked, {key: values}, "marketing", "sms", now)
        for key, values in ((A, one), (B, other))
    ]
    together = reason_to_wait(asked, {A: one, B: other}, "marketing", "sms", now)
    assert together is not None or alone == [None, None]
