"""The rooms beside the customer: sources, segments with their activation, audit, home."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


def test_the_sources_account_for_every_row(console):
    it = console("steward")
    page = it.open("/sources")
    items = it.api("/api/sources")["items"]
    offered = sum(it["counts"]["offered"] for it in items)
    expect(page.get_by_text("Every row accounted for")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"{offered:,}")
    for source in items:
        expect(page.get_by_role("link", name=source["name"], exact=True)).to_be_visible()


def test_a_source_that_is_late_says_so_in_words(console):
    it = console("steward")
    answer = it.api("/api/sources")
    late, fresh = answer["items"][:2]
    late |= {"overdue": True, "last_arrival_at": "2020-01-01T00:00:00.000Z"}
    fresh |= {"overdue": False}
    it.context.route("**/api/sources", lambda route: route.fulfill(json=answer))
    page = it.open("/sources")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=late["name"], exact=True))
    expect(row).to_contain_text(re.compile("years ago.*Overdue.*promised within"))
    expect(page.get_by_text(f"{late['name']} is late: nothing came")).to_be_visible()
    other = page.get_by_role("row").filter(has=page.get_by_role("link", name=fresh["name"], exact=True))
    expect(other).not_to_contain_text("Overdue")
    expect(other).to_contain_text("due within")
    home = it.open("/")
    expect(home.get_by_role("listitem").filter(has_text=late["name"]).first).to_contain_text("Overdue")


def test_a_source_opens_to_its_objects_and_is_in_the_url(console):
    it = console("steward")
    page = it.open("/sources")
    source = it.api("/api/sources")["items"][0]
    page.get_by_role("link", name=source["name"], exact=True).click()
    expect(page).to_have_url(re.compile(f"source={source['name']}"))
    for item in source["objects"]:
        named = page.locator("tbody").get_by_role("cell", name=re.compile(f"^{item['name']}( |$)"))
        expect(named).to_be_visible()


def test_from_a_source_one_comes_to_what_is_held_of_it(console):
    it = console("steward")
    groups = it.api("/api/quarantine")["groups"]
    assert groups, "the world has bad rows"
    source = groups[0]["source"]
    page = it.open("/sources")
    page.get_by_role("link", name=re.compile(f"quarantined rows of {source}$")).click()
    expect(page).to_have_url(re.compile(f"/quarantine.*source={source}"))
    kinds = page.get_by_role("list", name="Kinds of held rows").get_by_role("listitem")
    expect(kinds).to_have_count(sum(it["source"] == source for it in groups))


def test_a_segment_is_told_in_words_counted_and_activated(console):
    it = console("marketer")
    page = it.open("/segments")
    segment = it.api("/api/segments")["items"][0]
    page.get_by_role("link", name=re.compile(re.escape(segment["name"]))).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(segment["name"])
    view = it.api(f"/api/segments/{segment['id']}")
    expect(page.get_by_text(view["about"])).to_be_visible()
    expect(page.get_by_text("Bulk and live agree")).to_be_visible()
    preview = page.get_by_role("region", name="Who can be reached now")
    expect(preview).to_contain_text(f"of {view['bulk']} members can be reached now")
    before = [int(text.splitlines()[-1]) for text in preview.get_by_role("listitem").all_inner_texts()]
    assert sum(before) == view["bulk"]
    page.get_by_role("button", name="Activate").click()
    done = page.get_by_role("status").filter(has_text="members released")
    expect(done).to_contain_text(f"of {view['bulk']} members released")
    bars = done.get_by_role("list", name="Members by what became of them").get_by_role("listitem")
    numbers = [int(text.splitlines()[-1]) for text in bars.all_inner_texts()]
    assert numbers == before
    expect(done).to_contain_text(".csv")


def test_the_channel_of_an_activation_is_in_the_url(console):
    it = console("marketer")
    page = it.open("/segments/" + it.api("/api/segments")["items"][0]["id"] + "?channel=sms")
    expect(page.get_by_role("combobox", name="Channel")).to_have_value("SMS")
    expect(page.get_by_role("region", name="Who can be reached now")).to_contain_text("can be reached now")
    assert [url for url in it.asked if url.endswith("/audience?purpose=marketing&channel=sms")]


def test_the_audit_has_what_was_just_looked_at(console, somebody):
    console("agent").open(f"/customers/{somebody.id}")
    page = console("privacy").open(f"/audit?customer={somebody.id}&actor=agent")
    first = page.get_by_role("table", name="Audit records").get_by_role("row").nth(1)
    expect(first).to_contain_text("agent")
    expect(first).to_contain_text("Servicing")
    expect(first).to_contain_text(somebody.id[:8])
    page.get_by_label("Actor").fill("nobody-of-this-name")
    expect(page.get_by_text("Nothing on record")).to_be_visible()
    expect(page).to_have_url(re.compile("actor=nobody-of-this-name"))


def test_half_a_customer_id_is_told_and_not_sent(console):
    it = console("privacy")
    page = it.open("/audit")
    page.get_by_label("Customer id").fill("abc")
    expect(page.get_by_text("An id has 32 hexadecimal digits")).to_be_visible()
    it.settle()
    assert not [url for url in it.asked if "customer=abc" in url and "/api/" in url]


def test_home_suits_the_role(console):
    steward = console("steward").open("/")
    expect(steward.get_by_role("heading", name="Sources")).to_be_visible()
    expect(steward.get_by_role("heading", name="Latest in the audit")).to_have_count(0)
    marketer = console("marketer").open("/")
    expect(marketer.get_by_role("heading", name="Segments")).to_be_visible()
    expect(marketer.get_by_role("textbox", name="Find a customer")).to_have_count(0)
    privacy = console("privacy").open("/")
    expect(privacy.get_by_role("heading", name="Latest in the audit")).to_be_visible()


@pytest.mark.parametrize("login", ["rm", "agent", "steward", "marketer", "privacy", "engineer"])
def test_home_says_in_words_what_one_can_do_and_leads_there(console, login):
    it = console(login)
    page = it.open("/")
    panel = page.get_by_role("region", name="What you can do here")
    text = panel.inner_text()
    for word in ("_", "evaluate segment", "list segments", "show customer", "decide judgement"):
        assert word not in text
    if login in ("rm", "agent"):
        assert "segment" not in text
    addresses = [link.get_attribute("href") for link in panel.get_by_role("link").all()]
    assert addresses
    for address in addresses:
        page = it.open(address)
        expect(page.get_by_role("alert")).to_have_count(0)


def test_an_address_that_is_none_says_so(console):
    page = console("rm").open("/nowhere")
    expect(page.get_by_role("heading", level=1)).to_have_text("No such page")
    page.get_by_role("link", name="Go home").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
