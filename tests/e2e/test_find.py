"""Finding a customer: by whatever is known of them, from anywhere, and linkable."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


def wanted(somebody, kind):
    """What somebody would type, and how the page says that it matched."""
    if kind == "account":
        return somebody.busiest["number"], "account number|account key"
    if kind == "key":
        core = next(it for it in somebody.view["fragments"] if it["source"] == "core-banking")
        return core["key"], "source key|customer number"
    if kind == "name":
        return somebody.name, "name"
    return somebody.value(kind), {"phone": "phone|account number", "email": "e-mail"}[kind]


@pytest.mark.parametrize("kind", ["name", "phone", "email", "account", "key"])
def test_a_customer_is_found_by(console, somebody, kind):
    page = console("rm").open("/find")
    text, words = wanted(somebody, kind)
    page.get_by_role("textbox", name="Find a customer").fill(text)
    found = page.get_by_role("list", name="Customers found").get_by_role("link")
    mine = found.filter(has_text=somebody.name).first
    expect(mine).to_contain_text(re.compile(f"found by ({words})"))
    mine.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)


def test_the_query_is_in_the_url_and_survives_reload_and_back(console, somebody):
    it = console("rm")
    page = it.open("/find")
    page.get_by_role("textbox", name="Find a customer").fill(somebody.value("family_name"))
    expect(page).to_have_url(re.compile(r"[?&]q="))
    first = page.get_by_role("list", name="Customers found").get_by_role("link").first
    expect(first).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Find a customer")).to_have_value(somebody.value("family_name"))
    first.click()
    page.get_by_role("navigation", name="Customer").wait_for()
    page.go_back()
    expect(page.get_by_role("textbox", name="Find a customer")).to_have_value(somebody.value("family_name"))
    expect(first).to_be_visible()


def test_nobody_found_is_said(console):
    page = console("rm").open("/find?q=zzqqxxzz")
    expect(page.get_by_text("Nobody found")).to_be_visible()


def test_one_letter_asks_for_more_and_not_the_server(console):
    it = console("rm")
    page = it.open("/find?q=k")
    expect(page.get_by_text("Start typing")).to_be_visible()
    assert not [url for url in it.asked if "/api/customers" in url]


def test_the_palette_finds_customers_and_pages_from_anywhere(console, somebody):
    page = console("rm").open("/")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find a customer or a page")
    field.fill(somebody.value("phone"))
    options = page.get_by_role("listbox", name="Results").get_by_role("option")
    expect(options.first).to_contain_text(somebody.name)
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)
    page.keyboard.press("Control+k")
    field.fill("home")
    expect(options.first).to_contain_text("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    expect(page.get_by_role("link", name=somebody.name)).to_be_visible()
