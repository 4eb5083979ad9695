"""The whole way from signing in to a transaction without a mouse, and a focus that can be seen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from onefold.app.demo import PASSWORD


def test_from_signing_in_to_a_filtered_transaction_by_keyboard_alone(console, somebody):
    it = console()
    it.allow(401)
    page = it.open("/")
    press = page.keyboard.press
    expect(page.get_by_label("Login")).to_be_focused()
    page.keyboard.type("rm")
    press("Tab")
    page.keyboard.type(PASSWORD)
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    press("g")
    press("f")
    expect(page.get_by_role("textbox", name="Find a customer")).to_be_focused()
    page.keyboard.type(somebody.value("phone"))
    found = page.get_by_role("list", name="Customers found").get_by_role("link")
    expect(found.first).to_contain_text(somebody.name)
    press("ArrowDown")
    expect(found.first).to_be_focused()
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)
    it.settle()
    accounts = page.get_by_role("navigation", name="Accounts")
    before = page.url
    press("]")
    expect(page).not_to_have_url(before)
    press("[")
    expect(accounts.locator("[aria-current]")).to_contain_text(somebody.busiest["number"])
    press("/")
    expect(page.get_by_label("Text or counterparty")).to_be_focused()
    page.keyboard.type("zz")
    expect(page.get_by_text("Nothing matches")).to_be_visible()
    press("Tab")
    press("g")
    press("h")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")


def test_a_request_is_taken_in_by_keyboard_alone(console, somebody):
    page = console("privacy").open("/")
    press = page.keyboard.press
    press("g")
    press("r")
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests")
    page.get_by_role("link", name="Open a request").focus()
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open a request")
    page.get_by_label("Customer").focus()
    page.keyboard.type(somebody.id)
    press("Tab")
    press("ArrowDown")
    expect(page.get_by_role("radio", name=re.compile("^Portability"))).to_be_checked()
    page.get_by_label("Customer").focus()
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Portability request")


def test_letters_typed_into_a_field_are_no_shortcuts(console):
    page = console("rm").open("/find")
    page.get_by_role("textbox", name="Find a customer").press_sequentially("gh gs ? /")
    expect(page.get_by_role("textbox", name="Find a customer")).to_have_value("gh gs ? /")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a customer")


def test_the_keyboard_is_explained_and_escape_closes(console):
    page = console("rm").open("/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_contain_text("Go to Find")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_first_stop_leads_past_the_sidebar(console):
    page = console("rm").open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


@pytest.mark.parametrize(("place", "stops"), [("", 20), ("/ledger", 15)])
def test_whatever_has_the_focus_shows_it(console, somebody, place, stops):
    page = console("rm").open(f"/customers/{somebody.id}{place}")
    seen = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const it = document.activeElement, style = getComputedStyle(it);
                const field = it.matches('input') ? getComputedStyle(it).borderColor : '';
                const label = it.labels?.[0] ? getComputedStyle(it.labels[0]) : null;
                return [it.outerHTML.slice(0, 120), it === document.body,
                        style.outlineStyle !== 'none' || style.boxShadow !== 'none' || field !== ''
                        || (label !== null && label.outlineStyle !== 'none')];
            }"""
        )
        html, left, shown = found
        if left:
            break
        assert shown, f"the focus cannot be seen on {html}"
        seen.add(re.sub(r"id=\"[^\"]*\"", "", html))
    assert len(seen) > stops
