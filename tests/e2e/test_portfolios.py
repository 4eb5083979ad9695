"""A customer of another portfolio: found by a number, closed, and reached through the glass."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import axe_findings
from tests.e2e.people import customers


@pytest.fixture(scope="module")
def other(server):
    """The view of somebody whom the banker does not serve, and whose phone is nobody else's."""
    with server.signed_in("rm") as rm, server.signed_in("banker") as banker:
        for view in customers(rm):
            closed = banker.get(f"/api/customers/{view['customer']}").status_code == 403
            if closed and "phone" in view["profile"]:
                phone = view["profile"]["phone"]["value"]
                if len(rm.get("/api/customers", params={"q": phone}).json()["items"]) == 1:
                    return view
    raise AssertionError("the banker serves everybody")


def test_who_it_is_stays_hidden_until_the_glass_is_broken_with_a_reason(console, other):
    it = console("banker")
    it.allow(403)
    page = it.open(f"/find?q={other['profile']['phone']['value'].replace('+', '%2B')}")
    line = page.get_by_role("link", name="A customer of another portfolio")
    expect(line).to_have_count(1)
    expect(page.get_by_role("main")).not_to_contain_text(other["name"])
    line.click()
    expect(page.get_by_role("alert")).to_contain_text("This customer is not of your portfolio.")
    expect(page.get_by_role("main")).not_to_contain_text(other["name"])
    breaks = page.get_by_role("button", name="Break the glass")
    expect(breaks).to_be_disabled()
    assert axe_findings(page) == []
    page.get_by_role("radio", name="The customer is here, or on the phone").check()
    breaks.click()
    expect(page.get_by_role("heading", name=other["name"])).to_be_visible()
    expect(page.get_by_role("complementary", name="Golden record")).to_be_visible()


def test_the_look_behind_the_glass_is_in_the_audit_with_the_reason(console, server, other):
    with server.signed_in("banker") as banker:
        page = f"/api/customers/{other['customer']}"
        assert banker.post(f"{page}/glass", json={"because": "covering"}).status_code == 200
        assert banker.get(page).status_code == 200
    page = console("privacy").open(f"/audit?customer={other['customer']}")
    table = page.get_by_role("table", name="Audit records")
    expect(table).to_contain_text("Looked at a customer")
    page.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name="Broken glasses").click()
    expect(table).not_to_contain_text("Looked at a customer")
    expect(table).to_contain_text("Broke the glass")
    expect(table).to_contain_text("covering")
    assert "kind=break_glass" in page.url
