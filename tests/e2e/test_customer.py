"""The customer page: every value with its origin, the money, what happened, what was agreed to."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import expect

from tests.e2e.people import contested, silent_about_marketing


def golden(page):
    return page.get_by_role("complementary", name="Golden record")


def rows(page):
    """The transaction rows that stand in the page now, without the heading."""
    return (
        page.get_by_role("table", name="Transactions").get_by_role("row").filter(has=page.get_by_role("cell"))
    )


def test_the_golden_record_shows_what_the_api_answers(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(somebody.name)
    for field in ("phone", "email"):
        expect(golden(page)).to_contain_text(somebody.value(field))
    for fragment in somebody.view["fragments"]:
        expect(page.locator("header").filter(has=page.get_by_role("heading", level=1))).to_contain_text(
            fragment["source"]
        )


def test_a_field_opens_to_every_candidate_with_the_chosen_one_marked(console, somebody):
    name = contested(somebody.view)[0]
    value = somebody.view["profile"][name]
    page = console("rm").open(f"/customers/{somebody.id}?field={name}")
    opened = golden(page).get_by_role("region", name="Where it came from")
    expect(opened.get_by_role("row")).to_have_count(len(value["candidates"]) + 1)
    for candidate in value["candidates"]:
        expect(opened).to_contain_text(str(candidate["value"]))
        expect(opened).to_contain_text(candidate["source"])
    expect(opened.get_by_role("row").filter(has_text="chosen")).to_contain_text(str(value["value"]))
    golden(page).get_by_role("button", expanded=True).click()
    expect(opened).to_have_count(0)
    assert "field=" not in page.url


def test_a_customer_opens_on_an_account_that_moves_with_the_newest_on_top(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}")
    moved = [account["moved_on"] for account in somebody.view["accounts"] if account["moved_on"]]
    newest = it.api(f"/api/customers/{somebody.id}/transactions", account=somebody.busiest["id"], limit="1")
    assert newest["items"][0]["at"][:10] <= max(moved)
    first = rows(page).first.locator("time")
    expect(first).to_have_attribute("datetime", newest["items"][0]["at"])


def test_choosing_an_account_turns_chart_and_transactions_to_it(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}")
    chosen = page.get_by_role("navigation", name="Accounts").get_by_role("link")
    expect(chosen.and_(page.locator("[aria-current]"))).to_contain_text(somebody.busiest["number"])
    chart = page.get_by_role("img", name=re.compile(r"^Balance of"))
    expect(chart).to_be_visible()
    other = next(a for a in somebody.view["accounts"] if a["id"] != somebody.busiest["id"])
    chosen.filter(has_text=other["number"]).first.click()
    expect(page).to_have_url(re.compile(f"account={other['id']}"))
    it.settle()
    answer = it.api(f"/api/customers/{somebody.id}/transactions", account=other["id"], limit="500")
    expected = len(answer["items"])
    if expected == 0:
        expect(page.get_by_text("No transactions")).to_be_visible()
    else:
        expect(page.get_by_role("table", name="Transactions")).to_have_attribute(
            "aria-rowcount", str(expected + 1)
        )
    page.go_back()
    expect(chosen.and_(page.locator("[aria-current]"))).to_contain_text(somebody.busiest["number"])


def test_the_range_of_the_chart_is_in_the_url(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}?range=3m")
    expect(page.get_by_role("radiogroup", name="Range").get_by_role("radio", name="3M")).to_be_checked()
    page.get_by_role("radiogroup", name="Range").get_by_text("All", exact=True).click()
    expect(page).to_have_url(re.compile("range=all"))


def rarest_text(items):
    """A text that some have and not all."""
    counts = Counter(it["text"] for it in items if it["text"])
    return {"q": min(counts, key=lambda text: (counts[text], text))}


def amount_in_the_middle(items):
    """An amount that some are below."""
    return {"least": sorted((it["amount"].lstrip("-") for it in items), key=Decimal)[len(items) // 2]}


def day_of_the_oldest(items):
    """One day with a movement."""
    day = items[-1]["at"][:10]
    return {"from": day, "to": day}


FILTERS = {
    "text": rarest_text,
    "direction": lambda items: {"direction": "debit"},
    "amount": amount_in_the_middle,
    "days": day_of_the_oldest,
}
LABELS = {"q": "Text or counterparty", "least": "Least amount", "from": "From", "to": "To"}


@pytest.mark.parametrize("by", FILTERS)
def test_transactions_are_filtered_by(console, somebody, by):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}")
    account = somebody.busiest["id"]
    everything = it.api(f"/api/customers/{somebody.id}/transactions", account=account, limit="500")["items"]
    asked = FILTERS[by](everything)
    filters = page.get_by_role("search", name="Filter transactions")
    for name, value in asked.items():
        if name == "direction":
            filters.get_by_text("Out", exact=True).click()
        else:
            filters.get_by_label(LABELS[name], exact=True).fill(value)
    url = "&".join(f"{name}={re.escape(quote_plus(value))}" for name, value in asked.items())
    expect(page).to_have_url(re.compile(url))
    expected = it.api(f"/api/customers/{somebody.id}/transactions", account=account, limit="500", **asked)[
        "items"
    ]
    assert 0 < len(expected) < len(everything)
    table = page.get_by_role("table", name="Transactions")
    expect(table).to_have_attribute("aria-rowcount", str(len(expected) + 1))
    filters.get_by_role("button", name="Clear").click()
    expect(table).to_have_attribute("aria-rowcount", str(len(everything) + 1))


def test_a_filter_that_fits_nothing_says_so(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}?least=999999999999")
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_only_the_rows_in_sight_exist_and_scrolling_reaches_the_oldest(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}?account=all")
    everything = []
    cursor = ""
    while cursor is not None:
        answer = it.api(f"/api/customers/{somebody.id}/transactions", cursor=cursor, limit="500")
        everything += answer["items"]
        cursor = answer["next"]
    assert rows(page).count() < max(40, len(everything))
    oldest = page.get_by_role("row").and_(page.locator(f"[aria-rowindex='{len(everything) + 1}']"))
    for _ in range(20):
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        it.settle()
        if oldest.count():
            break
    expect(oldest).to_be_visible()
    assert rows(page).count() < 80


def test_the_timeline_is_filtered_by_kind(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}/timeline")
    kinds = page.get_by_role("navigation", name="Kind of event")
    expect(kinds.locator("[aria-current]")).to_have_text("All")
    kinds.get_by_role("link", name="Products").click()
    expect(page).to_have_url(re.compile("kind=product"))
    it.settle()
    expected = it.api(f"/api/customers/{somebody.id}/timeline", kind="product")["items"]
    assert expected
    expect(page.get_by_role("list", name="Timeline").get_by_role("article")).to_have_count(len(expected))


def test_the_timeline_is_in_words_with_its_zone_named(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}/timeline")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("times in Asia/Tashkent")
    titles = [moment["title"] for moment in it.api(f"/api/customers/{somebody.id}/timeline")["items"]]
    assert titles
    assert not [title for title in titles if "·" in title or "_" in title]
    product = it.open(f"/customers/{somebody.id}/timeline?kind=product").get_by_role("article").first
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", product.locator("time").get_attribute("datetime"))


def test_the_filter_stands_in_two_straight_rows_and_nothing_moves_when_it_is_used(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}")
    filters = page.get_by_role("search", name="Filter transactions")

    def places():
        fields = [filters.get_by_label(name, exact=True) for name in ("Least amount", "From", "To")]
        boxes = [it.bounding_box() for it in (*fields, filters.get_by_role("button", name="Clear"))]
        top = filters.bounding_box()["y"]  # the page may scroll to the field that is filled
        return [box | {"y": box["y"] - top} for box in boxes]

    before = places()
    middles = {round(box["y"] + box["height"] / 2) for box in before}
    assert max(middles) - min(middles) <= 2
    expect(filters.get_by_role("button", name="Clear")).to_be_disabled()
    filters.get_by_label("From", exact=True).fill("2020-01-01")
    expect(filters.get_by_role("button", name="Clear")).to_be_enabled()
    assert places() == before


def test_records_that_do_not_fit_say_so_and_are_moved_into_sight(console, somebody):
    page = console("rm", width=1024).open(f"/customers/{somebody.id}/records")
    table = page.get_by_role("region", name="Records, side by side")
    last = table.get_by_role("columnheader").last
    more = page.get_by_role("button", name="Records, side by side: more to the right")
    expect(more).to_be_visible()
    more.click()
    expect(page.get_by_role("button", name="Records, side by side: more to the left")).to_be_visible()
    # It moves smoothly, and goes as soon as the end is in sight: a click on its way would miss it.
    table.evaluate("it => { it.scrollTo({ left: it.scrollWidth, behavior: 'instant' }); }")
    expect(more).to_have_count(0)
    expect(last).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("button", name="Records, side by side: more to the left")).to_be_visible()


def test_a_withdrawal_is_in_force_when_the_page_says_so(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}/consents")
    page.get_by_role("button", name=re.compile("^Marketing by phone call")).click()
    dialog = page.get_by_role("dialog", name="Record a decision")
    dialog.get_by_text("Withdraws").click()
    send = dialog.get_by_role("button", name="Record the")
    expect(send).to_be_disabled()
    dialog.get_by_label("Evidence").fill("call of today, recorded line")
    send.click()
    expect(dialog.get_by_role("status")).to_contain_text("in force")
    consents = it.api(f"/api/customers/{somebody.id}")["consents"]
    assert {"marketing", "call", "withdrawn"} <= {
        word
        for one in consents
        if one["channel"] == "call"
        for word in (one["purpose"], one["channel"], one["state"])
    }
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name=re.compile("^Marketing by phone call: Withdrawn"))).to_be_visible()
    expect(page.get_by_role("table").last).to_contain_text("call of today, recorded line")


def test_the_records_stand_side_by_side_under_their_own_keys(console, somebody):
    page = console("rm").open(f"/customers/{somebody.id}/records")
    table = page.get_by_role("region", name="Records, side by side").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(len(somebody.view["fragments"]) + 1)
    for fragment in somebody.view["fragments"]:
        expect(table.get_by_role("columnheader").filter(has_text=fragment["key"])).to_contain_text(
            fragment["source"]
        )


def test_another_purpose_shows_another_view_and_is_in_the_url(console, somebody):
    it = console("rm")
    page = it.open(f"/customers/{somebody.id}")
    page.get_by_role("combobox", name="Purpose").click()
    page.get_by_role("option", name="Marketing").click()
    expect(page).to_have_url(re.compile("purpose=marketing"))
    it.settle()
    page.get_by_role("region", name="Withheld").get_by_role("button").click()
    for withheld in it.api(f"/api/customers/{somebody.id}", purpose="marketing")["withheld"]:
        expect(page.get_by_role("region", name="Withheld")).to_contain_text(
            re.compile(re.escape(withheld["reason"]), re.IGNORECASE)
        )


def test_a_customer_that_is_not_there_is_said_with_what_to_do(console):
    it = console("rm")
    it.allow(404)
    it.page.goto("/customers/00000000000000000000000000000000")
    expect(it.page.get_by_role("alert")).to_contain_text("There is no such customer.")
    expect(it.page.get_by_role("alert")).to_contain_text("Search by name")


def test_a_purpose_that_closes_everything_says_why_and_leaves_the_way_to_another(console, server):
    silent = silent_about_marketing(server)
    it = console("rm")
    it.allow(403)
    page = it.open(f"/customers/{silent.id}?purpose=marketing")
    expect(page.get_by_role("alert")).to_contain_text("No consent to marketing stands")
    assert silent.name not in page.locator("main").inner_text()
    page.get_by_role("combobox", name="Purpose").click()
    page.get_by_role("option", name="Servicing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(silent.name)


TIMELINE = re.compile(r"/api/customers/\w+/timeline")


def test_a_server_out_of_reach_is_told_and_can_be_asked_again(console, somebody):
    it = console("rm")
    it.allow("net::ERR_FAILED")
    page = it.open(f"/customers/{somebody.id}")
    it.context.route(TIMELINE, lambda route: route.abort())
    page.get_by_role("navigation", name="Customer").get_by_role("link", name="Timeline").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Onefold cannot be reached", timeout=15_000)
    it.context.unroute(TIMELINE)
    alert.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("list", name="Timeline")).to_be_visible()


def test_while_data_is_on_its_way_its_shape_is_there(console, somebody):
    it = console("rm")
    held = []
    it.context.route(re.compile(r"/api/customers/[0-9a-f]{32}(\?|$)"), lambda route: held.append(route))
    it.page.goto(f"/customers/{somebody.id}")
    expect(it.page.locator("main [aria-busy=true]")).to_be_visible()
    expect(it.page.get_by_role("heading", level=1)).to_have_count(0)
    for route in held:
        route.continue_()
    expect(it.page.get_by_role("heading", level=1)).to_have_text(somebody.name)


def test_a_page_whose_script_does_not_come_is_told_and_loaded_anew(console, somebody):
    it = console("rm")
    it.allow("net::ERR_FAILED")
    page = it.open(f"/customers/{somebody.id}")
    it.context.route("**/assets/consents-page-*", lambda route: route.abort())
    page.get_by_role("navigation", name="Customer").get_by_role("link", name="Consents").click()
    expect(page.get_by_role("alert")).to_contain_text("This page could not be loaded")
    it.context.unroute("**/assets/consents-page-*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="What was said")).to_be_visible()
    it.faults.clear()  # the router writes the failure to the log as well
