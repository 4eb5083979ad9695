"""Signing in and out: the form, the way back, the end of a session."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from onefold.app.demo import PASSWORD
from onefold.app.house import LocalHouse


def fill(page, login, password):
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_wrong_password_is_told_in_words_and_the_login_stays(console):
    it = console()
    it.allow(401)
    page = it.open("/sign-in")
    fill(page, "rm", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect(page.get_by_label("Login")).to_have_value("rm")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_signing_in_leads_to_the_page_that_was_asked_for(console, somebody):
    it = console()
    it.allow(401)
    page = it.open(f"/customers/{somebody.id}/timeline?purpose=marketing&kind=consent")
    expect(page).to_have_url(re.compile("/sign-in"))
    fill(page, "rm", PASSWORD)
    expect(page).to_have_url(re.compile(f"/customers/{somebody.id}/timeline"))
    assert "purpose=marketing" in page.url
    assert "kind=consent" in page.url


def test_signing_out_ends_the_session_and_forgets_whom_was_looked_at(console, somebody):
    it = console()
    it.allow(401)
    page = it.open(f"/sign-in?back=/customers/{somebody.id}")
    fill(page, "rm", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)
    page.get_by_role("button", name="Signed in as").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("heading", name="Sign in to Onefold").wait_for()
    assert it.context.request.get("/api/session").status == 401
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    page.go_back()
    page.get_by_role("heading", name="Sign in to Onefold").wait_for()
    assert somebody.name not in page.content()


def test_a_session_that_ended_meanwhile_leads_to_signing_in_and_back(console, somebody):
    it = console("rm")
    it.allow(401)
    page = it.open(f"/customers/{somebody.id}")
    it.context.clear_cookies()
    page.get_by_role("navigation", name="Customer").get_by_role("link", name="Timeline").click()
    expect(page.get_by_role("status")).to_contain_text("Your session is over")
    fill(page, "rm", PASSWORD)
    expect(page).to_have_url(re.compile(f"/customers/{somebody.id}/timeline"))
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)


def test_no_script_can_read_the_session(console):
    page = console().open("/sign-in")
    fill(page, "rm", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    assert page.evaluate("document.cookie") == ""


def test_the_companys_provider_is_offered_where_there_is_one_and_what_went_wrong_there_is_told(console):
    it = console()
    it.allow(401)
    ways = {"password": True, "provider": "Bank account"}
    it.page.route("**/api/session/ways", lambda route: route.fulfill(json=ways))
    page = it.open("/sign-in?back=%2Ffind&failed=refused")
    link = page.get_by_role("link", name="Sign in with Bank account")
    expect(link).to_have_attribute("href", "/api/session/provider?back=%2Ffind")
    expect(page.get_by_role("alert")).to_contain_text("None of your groups has a role here.")


def test_a_person_changes_the_password_and_other_sessions_end(console, server):
    LocalHouse().users(server.data).add("changer", PASSWORD, ("agent",))
    it, elsewhere = console(), console()
    it.allow(401)
    it.allow(403)
    elsewhere.allow(401)
    there, page = elsewhere.open("/sign-in"), it.open("/sign-in")
    for one in (there, page):
        fill(one, "changer", PASSWORD)
        one.get_by_role("button", name="Signed in as").wait_for()
    page.get_by_role("button", name="Signed in as").click()
    page.get_by_role("menuitem", name="Change the password").click()
    form = page.get_by_role("form", name="Change the password")
    form.get_by_label("Present password").fill("not the password")
    form.get_by_label("New password", exact=True).fill("quarry nine kettle")
    form.get_by_label("New password again").fill("quarry nine kettles")
    expect(form.get_by_role("button", name="Change the password")).to_be_disabled()
    form.get_by_label("New password again").fill("quarry nine kettle")
    form.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_contain_text("not your present password")
    form.get_by_label("Present password").fill(PASSWORD)
    form.get_by_role("button", name="Change the password").click()
    expect(form.get_by_role("status")).to_contain_text("is changed")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Password")
    assert elsewhere.context.request.get("/api/session").status == 401
    fresh = console()
    fresh.allow(401)
    page = fresh.open("/sign-in")
    fill(page, "changer", "quarry nine kettle")
    page.get_by_role("button", name="Signed in as").wait_for()


def test_leaving_while_the_server_is_away_forgets_and_says_that_the_session_may_go_on(console, somebody):
    it = console("rm")
    it.allow(401)
    it.allow("net::ERR_FAILED")
    page = it.open(f"/customers/{somebody.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)
    page.route("**/api/session", lambda route: route.abort())
    page.get_by_role("button", name="Signed in as").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be told")
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert somebody.name not in page.content()


FILLED_AS_A_MANAGER_DOES = """([name, value]) => {
  const field = document.querySelector(`input[autocomplete="${name}"]`);
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  set.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}"""
"""It finds fields by what they say they are, and types nothing."""


def test_a_password_manager_finds_the_fields_and_fills_them(console):
    it = console()
    it.allow(401)
    page = it.open("/sign-in")
    page.get_by_role("button", name="Sign in").wait_for()
    for name, value in (("username", "rm"), ("current-password", PASSWORD)):
        page.evaluate(FILLED_AS_A_MANAGER_DOES, [name, value])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Signed in as")).to_be_visible()


def test_a_password_may_be_pasted(console):
    it = console()
    it.allow(401)
    page = it.open("/sign-in")
    field = page.get_by_label("Password", exact=True)
    field.focus()
    stays = field.evaluate(
        "it => it.dispatchEvent(new ClipboardEvent('paste', {bubbles: true, cancelable: true}))"
    )
    assert stays, "somebody prevents pasting"
    page.keyboard.insert_text(PASSWORD)
    expect(field).to_have_value(PASSWORD)
