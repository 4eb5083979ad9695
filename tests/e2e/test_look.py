"""How every page looks in both themes: no finding of axe, nothing that overflows, the reader's theme kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import axe_findings

PAGES = {
    "sign-in": (None, "/sign-in"),
    "home": ("privacy", "/"),
    "home of a marketer": ("marketer", "/"),
    "find": ("rm", "/find?q=kar"),
    "nobody found": ("rm", "/find?q=zzqqxxzz"),
    "customer": ("rm", "/customers/{id}"),
    "provenance": ("rm", "/customers/{id}?field=phone"),
    "no match": ("rm", "/customers/{id}?least=999999999999"),
    "customer for marketing": ("marketer", "/customers/{id}"),
    "timeline": ("rm", "/customers/{id}/timeline"),
    "consents": ("rm", "/customers/{id}/consents"),
    "ledger": ("privacy", "/customers/{id}/ledger"),
    "ledger of a day": ("agent", "/customers/{id}/ledger?at=2026-06-01T00:00:00Z&known=then"),
    "ledger by another date": (
        "privacy",
        "/customers/{id}/ledger?at=2026-06-01T00:00:00Z&known=2026-11-01T00:00:00Z",
    ),
    "ledger closed": ("steward", "/customers/{id}/ledger"),
    "records": ("steward", "/customers/{id}/records"),
    "sources": ("steward", "/sources?source=core-banking"),
    "source": ("engineer", "/sources/digital?object=track"),
    "quarantine": ("steward", "/quarantine"),
    "settled": ("privacy", "/quarantine?standing=settled"),
    "held row": ("steward", "/quarantine/1"),
    "held row, no values": ("engineer", "/quarantine/1"),
    "no such row": ("steward", "/quarantine/999999"),
    "violations": ("engineer", "/violations"),
    "segments": ("marketer", "/segments"),
    "segment": ("marketer", "/segments/balance-dip-fewer-logins"),
    "requests": ("privacy", "/requests?state=all"),
    "overdue requests": ("privacy", "/requests?state=overdue"),
    "new request": ("privacy", "/requests/new?customer={id}"),
    "no such request": ("privacy", "/requests/nowhere"),
    "audit": ("privacy", "/audit"),
    "refused": ("rm", "/audit"),
    "missing": ("rm", "/nowhere"),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_either_theme_and_nothing_overflows(console, somebody, name):
    login, address = PAGES[name]
    it = console(login)
    it.allow(401, 403, 404)
    page = it.open(address.format(id=somebody.id))
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        it.settle()
        assert axe_findings(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_overflows_on_a_phone_and_every_place_is_in_reach(console, somebody, name):
    login, address = PAGES[name]
    it = console(login, width=390, height=844)
    it.allow(401, 403, 404)
    page = it.open(address.format(id=somebody.id))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if login is not None:
        for link in page.get_by_role("navigation", name="Main").get_by_role("link").all():
            if link.inner_text() not in ("", "Onefold"):
                expect(link).to_be_in_viewport()
    assert axe_findings(page) == []


@pytest.mark.parametrize("name", ["palette", "help", "consent", "leave alone"])
def test_axe_finds_nothing_in_what_opens_over_a_page(console, somebody, name):
    place = "ledger" if name == "leave alone" else "consents"
    page = console("rm").open(f"/customers/{somebody.id}/{place}")
    if name == "palette":
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Find a customer or a page").fill("kar")
        page.get_by_role("option").first.wait_for()
    elif name == "help":
        page.keyboard.press("?")
    else:
        button = {"consent": "Record a decision", "leave alone": "Leave alone"}[name]
        page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.evaluate("it => Promise.all(it.getAnimations({subtree: true}).map(a => a.finished))")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        assert axe_findings(page) == []


def test_the_theme_follows_the_system_until_the_reader_chooses(console):
    it = console("rm", scheme="dark")
    page = it.open("/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitem", name="Light").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.reload()
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("menuitem", name="As the system").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")


def test_the_chosen_theme_stands_before_the_first_paint(console):
    it = console("rm", scheme="light")
    it.context.add_init_script("localStorage.setItem('onefold.scheme', 'dark')")
    it.context.route("**/assets/*.js", lambda route: route.abort())
    it.page.goto("/")
    assert it.page.locator("html").get_attribute("data-mantine-color-scheme") == "dark"
    it.page.close()  # Nothing is asked for any more, so nothing more is said of it.
    it.faults.clear()  # the scripts were kept away on purpose


@pytest.mark.parametrize("width", [1024, 1920])
def test_the_customer_page_fits_other_screens(console, somebody, width):
    page = console("rm", width=width).open(f"/customers/{somebody.id}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.get_by_role("img", name="Balance of")).to_be_visible()


def test_the_policy_of_the_page_allows_nothing_inline(console, server):
    it = console()
    answer = it.context.request.get("/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
