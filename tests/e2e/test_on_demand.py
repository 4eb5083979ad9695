"""What sources keep to themselves, on the customer's page: waited for, given, or named with the reason."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import Console, axe_findings
from tests.flow.test_references import CITY, MOBILE, Bank
from tests.rest_source import slow

pytestmark = pytest.mark.xdist_group("references")
PICTURES = os.environ.get("ONEFOLD_PICTURES")


@pytest.fixture(scope="module")
def bank(tmp_path_factory) -> Iterator[Bank]:
    made = Bank(tmp_path_factory.mktemp("on-demand"))
    with made.server:
        yield made
    made.cards.close()


def opened(browser: Browser, bank: Bank, login: str, scheme: str) -> tuple[Console, Page, Locator]:
    console = Console(browser, bank.server, scheme=scheme).as_(login)
    customer = console.api("/api/customers", q="Karimova")["items"][0]["customer"]
    console.page.goto(f"/customers/{customer}")
    console.page.get_by_role("heading", level=1).wait_for()
    return console, console.page, console.page.locator("section", has_text="Fetched on demand").last


def picture(page: Page, name: str) -> None:
    """For whoever wants to look."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_values_come_after_the_page_and_say_when_they_were_asked(browser, bank, scheme):
    console, page, panel = opened(browser, bank, "rm", scheme)
    console.settle()
    expect(page.get_by_text(CITY)).to_be_visible()
    expect(page.get_by_text(re_spaced(MOBILE))).to_be_visible()
    expect(panel).to_contain_text("asked")
    assert axe_findings(page) == []
    picture(page, f"value-{scheme}")
    console.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_slow_source_holds_up_nothing_and_is_named(browser, bank, scheme):
    bank.cards.ended.clear()
    bank.cards.behaviour = slow(bank.cards)
    console, page, _ = opened(browser, bank, "rm", scheme)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Anna Karimova")
    picture(page, f"loading-{scheme}")
    expect(page.get_by_text("Core did not answer in time")).to_be_visible()
    expect(page.get_by_text(CITY)).to_be_visible()
    assert axe_findings(page) == []
    picture(page, f"unavailable-{scheme}")
    bank.cards.let_go()
    bank.cards.behaviour = None
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("Core did not answer in time")).to_have_count(0)
    console.close()


def test_a_role_that_sees_a_mask_is_given_the_mask(browser, bank):
    console, page, _ = opened(browser, bank, "agent", "light")
    console.settle()
    expect(page.get_by_text("•••• 1234")).to_be_visible()
    console.close()


def re_spaced(number: str) -> re.Pattern[str]:
    """A number however the console groups it."""
    return re.compile(r"\s*".join(re.escape(it) for it in number))
