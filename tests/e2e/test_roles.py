"""What a role may not see is absent from the page, and refused by the API to the same person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

PLACES = {
    "rm": {"Home", "Find"},
    "agent": {"Home", "Find"},
    "steward": {"Home", "Find", "Sources", "Quarantine"},
    "marketer": {"Home", "Segments"},
    "privacy": {"Home", "Find", "Sources", "Quarantine", "Requests", "Audit"},
    "engineer": {"Home", "Sources", "Quarantine"},
}
QUESTIONS = {
    "Find": "/api/customers?q=karimov",
    "Segments": "/api/segments",
    "Sources": "/api/sources",
    "Quarantine": "/api/quarantine",
    "Requests": "/api/requests",
    "Audit": "/api/audit",
}


@pytest.mark.parametrize("login", sorted(PLACES))
def test_the_sidebar_has_what_the_role_may_and_the_api_refuses_the_rest(console, login):
    it = console(login)
    page = it.open("/")
    shown = page.get_by_role("navigation", name="Main").get_by_role("link").all_inner_texts()
    assert {text.splitlines()[0] for text in shown} - {"Onefold"} == PLACES[login]
    for place, question in QUESTIONS.items():
        own = {"marketer": "marketing", "steward": "stewardship", "privacy": "compliance"}.get(
            login, "servicing"
        )
        path = f"{question}&purpose={own}" if place == "Find" else question
        assert it.context.request.get(path).status == (200 if place in PLACES[login] else 403)


def test_a_page_the_role_may_not_see_says_why(console):
    it = console("rm")
    it.allow(403)
    page = it.open("/audit")
    expect(page.get_by_role("alert")).to_contain_text("Policy does not allow this.")
    expect(page.get_by_role("alert")).to_contain_text(
        "no policy lets the role relationship manager", ignore_case=True
    )
    expect(page.get_by_role("table")).to_have_count(0)


def test_an_agent_sees_the_last_four_of_a_number_and_what_was_withheld(console, somebody):
    it = console("agent")
    page = it.open(f"/customers/{somebody.id}")
    number = somebody.busiest["number"]
    strip = page.get_by_role("navigation", name="Accounts")
    expect(strip).to_contain_text(f"•••• {number[-4:]}")
    assert number not in page.content()
    withheld = page.get_by_role("region", name="Withheld")
    withheld.get_by_role("button").click()
    expect(withheld).to_contain_text("Everything from risk")
    expect(withheld).to_contain_text("Its contract does not allow servicing")
    assert it.context.request.get(f"/api/customers/{somebody.id}?purpose=marketing").status == 403


def test_a_marketer_sees_no_more_than_initials_and_no_money(console, server, somebody):
    it = console("marketer")
    page = it.open(f"/customers/{somebody.id}")
    text = page.locator("main").inner_text()
    for secret in (
        somebody.value("phone"),
        somebody.value("email"),
        somebody.busiest["number"],
        somebody.busiest["balance"],
    ):
        assert secret not in page.content()
    assert somebody.value("family_name") not in text
    expect(page.get_by_role("table", name="Transactions")).to_have_count(0)
    path = f"/api/customers/{somebody.id}/transactions?purpose=marketing"
    assert it.context.request.get(path).status == 403


def test_only_who_may_record_a_consent_is_offered_to(console, somebody):
    page = console("marketer").open(f"/customers/{somebody.id}/consents")
    expect(page.get_by_role("button", name="Record a decision")).to_have_count(0)
    other = console("agent").open(f"/customers/{somebody.id}/consents")
    expect(other.get_by_role("button", name="Record a decision", exact=True)).to_be_visible()


def test_a_write_without_the_token_of_the_page_is_refused(console, somebody):
    it = console("rm")
    fact = {"purpose": "marketing", "channel": "sms", "fact": "granted", "evidence": "forged"}
    answer = it.context.request.post(f"/api/customers/{somebody.id}/consents", data=fact)
    assert answer.status == 403


def test_a_steward_is_offered_to_judge_and_others_are_not(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}/records")
    expect(page.get_by_role("checkbox")).to_have_count(0)
    page = console("steward").open(f"/customers/{somebody.id}/records")
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare the record of"))
    expect(boxes).to_have_count(len(somebody.view["fragments"]))
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.get_by_role("button", name="Decide")).to_be_disabled()
    page.get_by_label("Reason").fill("same documents seen")
    expect(page.get_by_role("button", name="Decide")).to_be_enabled()
