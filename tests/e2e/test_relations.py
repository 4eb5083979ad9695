"""Relations on the customer's page: by kind, each a link to somebody who may be seen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import axe_findings
from tests.e2e.people import customers

PICTURES = os.environ.get("ONEFOLD_PICTURES")


def panel(page):
    return page.get_by_role("region", name="Relations", exact=True)


@pytest.fixture(scope="module")
def related(server) -> dict[str, Any]:
    """The customer with the most kinds of relations, as an agent is told of them."""
    with server.signed_in("rm") as rm:
        found = [
            (view, rm.get(f"/api/customers/{view['customer']}/relations").json()) for view in customers(rm)
        ]
    return max((answer for _, answer in found), key=lambda it: len({one["kind"] for one in it["items"]}))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_relations_are_told_by_kind_and_lead_to_the_other(console, related, scheme):
    it = console("rm", scheme=scheme)
    page = it.open(f"/customers/{related['customer']}")
    first = related["items"][0]
    link = panel(page).get_by_role("link", name=first["name"], exact=True).first
    expect(link).to_be_visible()
    assert len({one["kind"] for one in related["items"]}) >= 3
    expect(panel(page).get_by_role("listitem")).to_have_count(len(related["items"]))
    it.settle()
    assert axe_findings(page) == []
    if PICTURES:
        panel(page).screenshot(path=Path(PICTURES) / f"relations-{scheme}.png")
        page.screenshot(path=Path(PICTURES) / f"relations-page-{scheme}.png")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(first["name"])
    assert page.url.split("?")[0].endswith(first["customer"])


def test_who_may_not_ask_is_shown_no_panel(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}?purpose=marketing")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(panel(page)).to_have_count(0)
