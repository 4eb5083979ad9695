"""Requests of data subjects at the console: opened, seen in time, proven, answered, handed over or ended."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import axe_findings

LONG_AGO = "2026-01-05"


@pytest.fixture
def ask(server, somebody) -> Callable[..., str]:
    """Takes a request in behind the console's back; its id."""

    def asked(kind: str, **more: str) -> str:
        said = {"id": str(uuid.uuid4()), "kind": kind, "customer": somebody.id} | more
        with server.signed_in("privacy") as client:
            answer = client.post("/api/requests", json=said)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    return asked


def row_of(page: Page, request: str):
    return (
        page.get_by_role("table", name="Requests")
        .get_by_role("row")
        .filter(has=page.locator(f"a[href='/requests/{request}']"))
    )


def status(it, request: str) -> str:
    return str(it.api(f"/api/requests/{request}")["status"])


def test_access_is_opened_from_a_customer_seen_with_its_deadline_proven_answered_and_handed_over(
    console, somebody
):
    it = console("privacy")
    page = it.open(f"/customers/{somebody.id}")
    page.get_by_role("link", name="Open a request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Open a request")
    expect(page.get_by_role("textbox", name="Customer")).to_have_value(somebody.id)
    expect(page.get_by_role("radio", name=re.compile("^Access"))).to_be_checked()
    page.get_by_role("button", name="Open the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Access request")
    request = page.url.rpartition("/")[2]
    complete = page.get_by_role("button", name="Complete…")
    expect(complete).to_be_disabled()

    page.get_by_role("link", name="All requests").click()
    row = row_of(page, request)
    expect(row).to_contain_text("15 days left")
    expect(row).to_contain_text("by uz")
    expect(row).to_contain_text("not proven yet")
    row.get_by_role("link", name="Access").click()

    page.get_by_role("combobox", name="How it was proven who asks").click()
    page.get_by_role("option", name="A document was shown").click()
    page.get_by_role("button", name="It is proven").click()
    complete.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("A package of all that is held about them is made")
    dialog.get_by_role("button", name="Complete it").click()
    expect(page.get_by_role("list", name="Steps of the request").get_by_role("listitem")).to_have_text(
        [re.compile(it) for it in ("Completed", "Work began", "Proven who asks", "Taken in")]
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the package").click()
    assert download.value.suggested_filename == f"request-{request[:8]}.zip"
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert {"manifest.json", "index.html", "records.json"} <= set(archive.namelist())
    expect(page.get_by_text("Saved to your downloads.")).to_be_visible()


def test_what_is_overdue_comes_first_and_stands_out_in_words(console, ask):
    late, now = ask("access", received=LONG_AGO), ask("portability")
    it = console("privacy")
    page = it.open("/requests")
    expect(row_of(page, late)).to_contain_text(re.compile(r"\d+ days overdue"))
    expect(page.get_by_text(re.compile(r", \d+ overdue"))).to_be_visible()
    shown = page.get_by_role("table", name="Requests").get_by_role("row").all_inner_texts()
    assert "overdue" in shown[1]
    page.get_by_text("Overdue", exact=True).click()
    expect(page).to_have_url(re.compile("state=overdue"))
    expect(row_of(page, now)).to_have_count(0)
    page.reload()
    expect(row_of(page, late)).to_have_count(1)
    page.get_by_label("Id of a customer or a request").fill(late[:8])
    expect(page).to_have_url(re.compile(f"q={late[:8]}"))
    expect(page.get_by_role("table", name="Requests").get_by_role("row")).to_have_count(2)


def test_one_that_nobody_wants_any_more_is_cancelled_and_one_that_may_not_be_is_refused(console, ask):
    unwanted, excessive = ask("access"), ask("erasure", proof="login")
    it = console("privacy")
    page = it.open(f"/requests/{unwanted}")
    page.get_by_role("button", name="Cancel…").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel the request").click()
    expect(page.get_by_text("It was cancelled before work on it began")).to_be_visible()
    assert status(it, unwanted) == "cancelled"

    it.open(f"/requests/{excessive}")
    page.get_by_role("button", name="Refuse…").click()
    send = page.get_by_role("dialog").get_by_role("button", name="Refuse it")
    expect(send).to_be_disabled()
    page.get_by_role("radio", name=re.compile("^Legal hold")).check()
    send.click()
    expect(page.get_by_text("Nothing was done. It is kept for a court.")).to_be_visible()
    assert it.api(f"/api/requests/{excessive}")["because"] == "legal_hold"
    expect(page.get_by_role("group", name="What to do with this request")).to_have_count(0)


def test_more_time_moves_the_day_and_is_taken_once(console, ask):
    request = ask("rectification", proof="document", law="gdpr")
    it = console("privacy")
    page = it.open(f"/requests/{request}")
    before = it.api(f"/api/requests/{request}")["due_on"]
    page.get_by_role("button", name="Take more time…").click()
    page.get_by_role("radio", name=re.compile("^Complex")).check()
    page.get_by_role("dialog").get_by_role("button", name="Take more time").click()
    expect(page.get_by_text("More time taken: complex")).to_be_visible()
    expect(page.get_by_role("button", name="Take more time…")).to_have_count(0)
    assert it.api(f"/api/requests/{request}")["due_on"] > before


def test_a_step_that_somebody_else_was_faster_with_is_told_and_the_page_shows_what_is(console, ask, server):
    request = ask("access")
    it = console("privacy")
    it.allow(409)
    page = it.open(f"/requests/{request}")
    page.get_by_role("button", name="Cancel…").click()
    with server.signed_in("privacy") as other:
        assert other.post(f"/api/requests/{request}/cancel").status_code == 200
    page.get_by_role("dialog").get_by_role("button", name="Cancel the request").click()
    expect(page.get_by_text("It was cancelled before work on it began")).to_be_visible()


def test_an_objection_names_what_it_is_against_and_when_they_asked_counts(console, somebody):
    it = console("privacy")
    page = it.open(f"/requests/new?customer={somebody.id}&kind=objection")
    page.get_by_role("checkbox", name="Analytics").check()
    asked = (datetime.now(UTC) - timedelta(days=3)).date()
    page.get_by_label("When they asked").fill(asked.isoformat())
    page.get_by_role("button", name="Open the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Objection request")
    found = it.api(f"/api/requests/{page.url.rpartition('/')[2]}")
    assert (found["purposes"], found["days_left"]) == (["analytics"], 12)


def test_what_was_sent_without_an_answer_is_sent_again_and_is_one_request(console, somebody):
    it = console("privacy")
    it.allow("net::ERR_FAILED")
    page = it.open(f"/requests/new?customer={somebody.id}&kind=restriction")
    before = len(it.api("/api/requests")["items"])

    def answer_is_lost(route):
        if route.request.method == "POST":
            assert route.fetch().status == 201
            route.abort()
        else:
            route.continue_()

    it.context.route("**/api/requests", answer_is_lost)
    send = page.get_by_role("button", name="Open the request")
    send.click()
    expect(page.get_by_role("alert")).to_contain_text("Onefold cannot be reached")
    it.context.unroute("**/api/requests")
    send.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Restriction request")
    assert len(it.api("/api/requests")["items"]) == before + 1


def test_a_role_without_the_right_sees_neither_the_page_nor_the_link(console, somebody, ask):
    it = console("rm")
    it.allow(403)
    page = it.open(f"/customers/{somebody.id}")
    expect(page.get_by_role("link", name="Requests")).to_have_count(0)
    expect(page.get_by_role("link", name="Open a request")).to_have_count(0)
    for address in ("/requests", "/requests/new", f"/requests/{ask('access')}"):
        it.open(address)
        expect(page.get_by_role("alert")).to_contain_text("Policy does not allow this.")
        expect(page.get_by_role("button", name=re.compile("Open|Complete|Refuse"))).to_have_count(0)


def test_a_list_that_is_empty_and_one_that_cannot_be_read_say_so(console):
    it = console("privacy")
    it.allow(500)
    nothing = {"items": [], "overdue": 0, "more": False, "laws": [], "purposes": []}
    it.context.route("**/api/requests?*", lambda route: route.fulfill(json=nothing))
    page = it.open("/requests")
    expect(page.get_by_text("Nobody waits for an answer")).to_be_visible()
    it.context.unroute("**/api/requests?*")
    broken = {"title": "The register of requests cannot be read.", "status": 500, "code": "damaged"}
    it.context.route("**/api/requests?*", lambda route: route.fulfill(status=500, json=broken))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("cannot be read")
    it.context.unroute("**/api/requests?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_form_the_request_and_its_dialog_and_they_fit(console, somebody, ask, width):
    request = ask("erasure", proof="login", received=LONG_AGO)
    page = console("privacy", width=width, height=844).open(
        f"/requests/new?customer={somebody.id}&kind=objection"
    )
    _looks_right(page, width)
    page.goto(f"/requests/{request}")
    page.get_by_role("button", name="Refuse…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.evaluate("it => Promise.all(it.getAnimations({subtree: true}).map(a => a.finished))")
    _looks_right(page, width)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    _looks_right(page, width)


def _looks_right(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        assert axe_findings(page) == []


def test_a_hold_keeps_an_erasure_from_being_completed_until_it_is_lifted(console, ask):
    request = ask("erasure", proof="login")
    it = console("privacy")
    page = it.open(f"/requests/{request}")
    panel = page.get_by_role("region", name="Legal holds")
    expect(panel).to_contain_text("None stands.")
    panel.get_by_role("button", name="Place a hold…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Place it")).to_be_disabled()
    dialog.get_by_label("Matter").fill("Case 7")
    dialog.get_by_label("Reason").fill("the court asked for it")
    dialog.get_by_label("To be looked at again").fill("2040-01-01")
    assert axe_findings(page) == []
    dialog.get_by_role("button", name="Place it").click()
    expect(panel).to_contain_text("Case 7: the court asked for it")
    expect(page.get_by_role("region", name="What is asked")).to_contain_text("Held")
    expect(page.get_by_role("button", name="Complete…")).to_be_disabled()
    assert status(it, request) == "held"
    panel.get_by_role("button", name="Lift the hold for Case 7").click()
    dialog.get_by_label("Reason").fill("the court has ruled")
    dialog.get_by_role("button", name="Lift it").click()
    expect(panel).to_contain_text("None stands.")
    expect(page.get_by_role("button", name="Complete…")).to_be_enabled()
    assert status(it, request) == "received"
