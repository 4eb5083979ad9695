"""The file of the rules: what it may say, and that a fault in it is an error with its place."""

from __future__ import annotations

from importlib.resources import files

import pytest

from onefold.gate.contacting.parse import read_rules
from onefold.kernel.errors import CallerError

SHIPPED = (files("onefold.gate.contacting") / "contacting.yaml").read_text("utf-8")


def test_the_rules_that_come_with_onefold_can_be_read():
    found = read_rules(SHIPPED, "contacting.yaml")
    assert found.preferring == {"marketing"}
    assert (found.quiet_hours[0].from_minute, found.quiet_hours[0].to_minute) == (21 * 60, 9 * 60)
    assert found.days_most == 30
    assert not found.campaigns


def test_a_campaign_adds_to_what_holds_for_all():
    text = "version: 1\ncaps: [{most: 3, days: 7}]\ncampaigns: {dip: {caps: [{most: 1, days: 60}]}}"
    found = read_rules(text, "x")
    assert [it.most for it in found.of("dip").caps] == [3, 1]
    assert [it.most for it in found.of("other").caps] == [3]
    assert found.days_most == 60


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- 1", "x"),
        ("a: [", "x"),
        ("version: 2", "version"),
        ("version: 1\nquite_hours: []", "x"),
        ('version: 1\nquiet_hours: [{from: "25:00", to: "09:00"}]', "quiet_hours[0].from"),
        ("version: 1\nquiet_hours: [{from: 21:00, to: 9:00}]", "quiet_hours[0].from"),
        ('version: 1\nquiet_hours: [{from: "09:00", to: "09:00"}]', "quiet_hours[0]"),
        (
            'version: 1\nquiet_hours: [{channels: [fax], from: "09:00", to: "10:00"}]',
            "quiet_hours[0].channels",
        ),
        ("version: 1\ncaps: [{most: -1, days: 7}]", "caps[0].most"),
        ("version: 1\ncaps: [{most: 1}]", "caps[0].days"),
        ("version: 1\ncaps: [{most: true, days: 7}]", "caps[0].most"),
        ("version: 1\ncaps: [{most: 1, days: 7, purposes: [spam]}]", "caps[0].purposes"),
        ("version: 1\ncaps: {most: 1}", "caps"),
        ("version: 1\nunknown_zone: [Mars/Olympus]", "unknown_zone"),
        ("version: 1\ncampaigns: {dip: {preference: {}}}", "campaigns.dip"),
        ("version: 1\ncampaigns: [dip]", "campaigns"),
    ],
)
def test_a_fault_is_named_with_its_place(text, place):
    with pytest.raises(CallerError) as caught:
        read_rules(text, "x")
    assert place in str(caught.value)
