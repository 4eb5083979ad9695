"""What was said: excerpts on the timeline, the whole of it on demand, and words found and marked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from onefold.app.demo import LOGINS, PASSWORD
from onefold.app.house import LocalHouse
from tests.e2e.browser import Console, axe_findings
from tests.flow.conversing import Bank
from tests.flow.server import Server
from tests.letters import ANNA, BANK, folder, letter, transcript

LONG = "Dear bank,\n\nI lost my card in the market. " + "I looked everywhere and asked everybody. " * 12
CALL = transcript(
    (3, "Anna Karimova", "Good day, my card is gone since this morning."),
    (9, "Agent Rustam", "I am sorry to hear that. Shall I block it now?"),
    (12, "Agent Rustam", "It takes a second."),
    (16, "Anna Karimova", "Да, заблокируйте карту, пожалуйста."),
    (75, "Agent Rustam", "Done. The new card comes by post within five days."),
    title="Lost card",
)


@pytest.fixture(scope="module")
def talking(tmp_path_factory):
    """A server on a bank whose customer has called and written."""
    bank = Bank(tmp_path_factory.mktemp("talking"))
    bank.load("telephone", folder(bank.root / "calls", **{"C-1_20250901T100000__vtt": CALL}))
    answer = letter("It is on its way.", sender=BANK, to=ANNA, at="Wed, 03 Sep 2025 10:00:00 +0500")
    bank.load(
        "mailbox",
        folder(
            bank.root / "mails",
            a__eml=letter(LONG, at="Tue, 02 Sep 2025 10:00:00 +0500", attached=("police report.pdf",)),
            b__eml=answer,
        ),
    )
    users = LocalHouse().users(bank.folder.root)
    for login, roles in LOGINS.items():
        users.add(login, PASSWORD, roles)
    with Server(bank.folder.root) as server:
        yield server


@pytest.fixture
def console(talking, browser):
    """Opens the timeline of the customer as somebody; a fault on the page fails the test at its end."""
    opened = []

    def open_console(login="rm", address="", **options) -> tuple[Console, object]:
        it = Console(browser, talking, **options).as_(login)
        opened.append(it)
        with talking.signed_in("rm") as rm:
            found = rm.get("/api/customers", params={"q": "C-1"}).json()["items"]
        return it, it.open(f"/customers/{found[0]['customer']}/timeline{address}")

    yield open_console
    for it in opened:
        it.close()


def moments(page):
    return page.get_by_role("list", name="Timeline").get_by_role("article")


def test_a_long_mail_is_an_excerpt_that_opens_to_the_whole_letter(console):
    it, page = console()
    mail = moments(page).filter(has_text="Received by e-mail")
    expect(mail).to_contain_text("I lost my card in the market.")
    expect(mail).to_contain_text("…")
    mail.get_by_role("link", name="Read all of it").click()
    whole = page.get_by_role("dialog")
    expect(whole.get_by_role("heading")).to_have_text("Received by e-mail: Card")
    expect(whole).to_contain_text("police report.pdf")
    assert whole.inner_text().count("asked everybody") == 12
    assert not axe_findings(page)
    expect(page).to_have_url(re.compile("open=[0-9a-f]{32}"))
    page.keyboard.press("Escape")
    expect(whole).to_have_count(0)
    expect(page).not_to_have_url(re.compile("open="))
    it.settle()


def test_a_call_opens_to_who_said_what_and_when(console):
    _, page = console()
    moments(page).filter(has_text="Phone call").get_by_role("link", name="Read all of it").click()
    turns = page.get_by_role("dialog").get_by_role("list", name="Who said what").get_by_role("listitem")
    expect(turns).to_have_count(4)
    expect(turns.nth(1)).to_contain_text("Agent Rustam")
    expect(turns.nth(1)).to_contain_text("0:00:09")
    expect(turns.nth(1)).to_contain_text("Shall I block it now? It takes a second.")
    expect(turns.nth(3)).to_contain_text("0:01:15")


def test_words_are_found_and_marked_on_the_timeline_and_in_the_whole(console):
    it, page = console()
    page.get_by_role("textbox", name="Words of conversations").fill("КАРТУ заблок")
    expect(page).to_have_url(re.compile("q="))
    it.settle()
    expect(moments(page)).to_have_count(1)
    expect(moments(page).locator("mark")).to_have_text(["заблокируйте", "карту"])
    moments(page).get_by_role("link", name="Read all of it").click()
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(["заблокируйте", "карту"])
    assert not axe_findings(page)


def test_a_search_has_an_address_and_says_when_nothing_was_said(console):
    _, page = console(address="?q=card")
    expect(page.get_by_role("textbox", name="Words of conversations")).to_have_value("card")
    expect(moments(page)).to_have_count(3)
    page.get_by_role("textbox", name="Words of conversations").fill("mortgage")
    expect(page.get_by_text("Nothing was said")).to_be_visible()


def test_a_customer_is_found_by_what_was_said_and_the_result_opens_it(console):
    it, page = console()
    it.open("/find")
    page.get_by_role("navigation", name="Ways to find").get_by_role("link", name="By what was said").click()
    page.get_by_role("textbox", name="Words of conversations").fill("block sorry")
    rows = page.get_by_role("list", name="Conversations found").get_by_role("link")
    expect(rows).to_have_count(1)
    expect(rows.locator("mark")).to_have_text(["sorry", "block"])
    assert not axe_findings(page)
    rows.click()
    expect(page.get_by_role("dialog")).to_contain_text("Shall I block it now?")
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(["sorry", "block"])
    it.settle()


def test_an_agent_is_not_offered_to_search_everybodys_conversations(console):
    it, page = console("agent")
    it.open("/find")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="By what was said")).to_have_count(0)


def test_whoever_may_not_see_what_was_said_neither_finds_nor_opens_it(console, talking):
    said = {"purpose": "marketing", "channel": "email", "fact": "granted", "evidence": "form 7"}
    with talking.signed_in("rm") as rm:
        customer = rm.get("/api/customers", params={"q": "C-1"}).json()["items"][0]["customer"]
        assert rm.post(f"/api/customers/{customer}/consents", json=said).status_code == 200
    it, page = console("marketer", "?purpose=marketing")
    expect(moments(page).first).to_be_visible()
    expect(page.get_by_text("card is gone")).to_have_count(0)
    expect(page.get_by_role("link", name="Read all of it")).to_have_count(0)
    page.get_by_role("textbox", name="Words of conversations").fill("card")
    expect(page.get_by_text("search in conversations")).to_be_visible()
    expect(moments(page)).to_have_count(0)
    it.settle()
