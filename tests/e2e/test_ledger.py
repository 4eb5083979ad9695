"""The ledger of a customer's consents by link, back in time, and leaving a customer alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

GRANT, WITHDRAWAL = "letter 41, scanned", "call 88, recorded line"
REASON = re.compile("^Lift: ")


@pytest.fixture(scope="module")
def told(server, somebody):
    """Somebody who agreed to something, and took it back."""
    with server.signed_in("rm") as rm:
        for fact, evidence in (("granted", GRANT), ("withdrawn", WITHDRAWAL)):
            said = {"purpose": "partner", "channel": "post", "fact": fact, "evidence": evidence}
            notice = {"notice": "partner-notice", "notice_version": "7"} if fact == "granted" else {}
            answer = rm.post(f"/api/customers/{somebody.id}/consents", json=said | notice)
            assert answer.status_code == 200, answer.text
    return somebody


def test_a_withdrawal_replaces_a_grant_and_the_grant_stood_before_it(console, told):
    page = console("agent").open(f"/customers/{told.id}/ledger")
    facts = page.get_by_role("list", name="Every fact").get_by_role("listitem")
    granted, withdrawn = facts.filter(has_text=GRANT), facts.filter(has_text=WITHDRAWAL)
    expect(granted).to_contain_text("partner-notice, version 7")
    expect(granted).to_contain_text("Replaced")
    expect(withdrawn).to_contain_text("Stands")
    use = page.get_by_role("table", name="What stands").get_by_role("row").filter(has_text="Partner Post")
    expect(use).to_contain_text("Withdrawn, said at our desk")
    granted.get_by_role("link", name="by “Withdrawn”").click()
    expect(page).to_have_url(re.compile("fact="))
    expect(withdrawn).to_have_attribute("aria-current", "true")

    granted.get_by_role("link", name="What stood then").click()
    expect(page).to_have_url(re.compile(r"at=\d{4}-"))
    expect(page.get_by_role("status").filter(has_text="As it was on")).to_contain_text("known today")
    expect(use).to_contain_text("Granted")
    expect(withdrawn).to_contain_text("Came later")
    expect(page.get_by_role("button", name="Leave alone")).to_have_count(0)
    page.get_by_role("button", name="Back to now").click()
    expect(use).to_contain_text("Withdrawn")


def test_a_day_is_asked_for_by_hand_and_by_the_knowledge_of_then_and_both_are_in_the_link(console, told):
    it = console("privacy")
    page = it.open(f"/customers/{told.id}/ledger")
    page.get_by_label("As it was at").fill("2026-06-01T12:30:00")
    page.get_by_role("search", name="Go to an instant").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("at=2026-06-01T07%3A30%3A00.000Z"))
    asked = page.get_by_role("status").filter(has_text="As it was on 1 Jun 2026")
    expect(asked).to_contain_text("known today")
    page.get_by_text("As we knew it then").click()
    expect(asked).to_contain_text("recorded by then")
    page.go_back()
    expect(asked).to_contain_text("known today")
    expect(page.get_by_role("radio", name="As we know it now")).to_be_checked()
    page.go_forward()
    expect(page.get_by_role("radio", name="As we knew it then")).to_be_checked()
    expect(asked).to_contain_text("recorded by then")
    link = page.url
    other = console("agent").open(link.replace(it.server.url, ""))
    expect(other.get_by_role("status").filter(has_text="As it was on")).to_contain_text("recorded by then")
    page.get_by_text("As of another date").click()
    page.get_by_label("As we knew it at").fill("2026-07-01T09:00:00")
    page.get_by_role("search", name="Go to a knowledge").get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("known=2026-07-01T04%3A00%3A00.000Z"))
    expect(asked).to_contain_text("recorded by 1 Jul 2026")
    page.reload()
    expect(page.get_by_label("As we knew it at")).to_have_value(re.compile("^2026-07-01T09:00"))
    # The whole world was recorded today, so nothing was known then.
    facts = other.get_by_role("list", name="Every fact").get_by_role("listitem")
    expect(facts.filter(has_text="Came later")).to_have_count(facts.count())


def test_a_desk_leaves_a_customer_alone_and_a_privacy_officer_lifts_it(console, told):
    page = console("agent").open(f"/customers/{told.id}/ledger")
    page.get_by_role("button", name="Leave alone").click()
    dialog = page.get_by_role("dialog", name="Leave alone")
    send = dialog.get_by_role("button", name="Leave alone")
    expect(send).to_be_disabled()
    dialog.get_by_role("combobox", name="Channel").click()
    page.get_by_role("option", name="Post").click()
    dialog.get_by_role("combobox", name="Reason").click()
    expect(page.get_by_role("option", name="Fraud")).to_have_count(0)
    page.get_by_role("option", name="Complaint").click()
    expect(dialog).to_contain_text("Nothing goes out to them by post any more")
    send.click()
    expect(dialog.get_by_role("status")).to_contain_text("In force")
    dialog.get_by_role("button", name="Done").click()
    stopped = (
        page.get_by_role("list", name="Do not contact").get_by_role("listitem").filter(has_text="Complaint")
    )
    expect(stopped).to_contain_text("Post")
    expect(page.get_by_role("main")).to_contain_text("Do not contact: complaint")
    expect(page.get_by_role("button", name=REASON)).to_have_count(0)

    it = console("privacy")
    page = it.open(f"/customers/{told.id}/ledger")
    page.get_by_role("button", name="Lift: Post, complaint").click()
    dialog = page.get_by_role("dialog", name="Lift a do-not-contact")
    dialog.get_by_role("button", name="Lift it").click()
    expect(dialog.get_by_role("status")).to_contain_text("Lifted for")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Lift: Post, complaint")).to_have_count(0)
    expect(page.get_by_role("main")).not_to_contain_text("Do not contact: complaint")
    left = it.api(f"/api/customers/{told.id}/consents", purpose="compliance")["suppressions"]
    assert "complaint" not in {one["reason"] for one in left}


@pytest.mark.parametrize(("login", "purpose"), [("steward", "stewardship"), ("marketer", "marketing")])
def test_a_role_without_the_right_has_neither_the_page_nor_its_buttons(console, told, login, purpose):
    it = console(login)
    page = it.open(f"/customers/{told.id}/ledger")
    expect(page.get_by_role("main")).to_contain_text("No policy lets your role see this for any purpose")
    expect(page.get_by_role("navigation", name="Customer").get_by_role("link", name="Ledger")).to_have_count(
        0
    )
    expect(page.get_by_role("button", name="Leave alone")).to_have_count(0)
    expect(page.get_by_role("list", name="Every fact")).to_have_count(0)
    path = f"/api/customers/{told.id}/consents"
    assert it.context.request.get(path, params={"purpose": purpose}).status == 403


def test_a_purpose_that_closes_the_ledger_leads_to_one_that_opens_it(console, told):
    page = console("rm").open(f"/customers/{told.id}/ledger?purpose=marketing")
    page.get_by_role("link", name="Look for servicing instead").click()
    expect(page.get_by_role("list", name="Every fact")).to_contain_text(GRANT)


def test_a_ledger_that_cannot_be_read_says_so_and_is_asked_again(console, told):
    it = console("agent")
    it.allow(500)
    consents = re.compile(r"/api/customers/\w+/consents")
    it.context.route(consents, lambda route: route.fulfill(status=500, body="no"))
    page = it.open(f"/customers/{told.id}/ledger")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server could not answer")
    it.context.unroute(consents)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("list", name="Every fact")).to_contain_text(GRANT)
