"""The quarantine at the console: found, understood, mended or given up, by hand and without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import Console, axe_findings
from tests.flow.server import Server, make_folder

HEADER = (
    "contact_id,kind,first_name,last_name,company,birth_date,email,mobile,street,city,postcode,language,"
    "created_at,updated_at"
)
TIMES = "2026-01-01T10:00:00Z,2026-01-02T10:00:00Z"
WRONG_KINDS = 8
WRONG_DATES = 300
SECRET = "Nowhereman"
"""The family name of every contact; on a page it means that a value is shown."""
KIND_Q = "source=marketing&object=contact&version=1.0.0&reason=unknown_value&field=kind"


def contact(number: int, kind: str, born: str) -> str:
    return f"c-{number},{kind},Boris,{SECRET}{number},,{born},b{number}@post.example,,,,,,{TIMES}"


@pytest.fixture(scope="module")
def server(_equipped: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a folder of its own: these tests settle rows for good."""
    data: Path = tmp_path_factory.mktemp("quarantine") / "data"
    house = make_folder(data)
    rows = [contact(number, "Q", "1980-05-05") for number in range(WRONG_KINDS - 1)]
    rows.append(contact(WRONG_KINDS, "Q", "no day"))
    rows += [contact(1000 + number, "P", "no day") for number in range(WRONG_DATES)]
    rows.append(contact(5000, "P", "1990-01-01"))
    rows.append('c-9,P,"open')
    file = data.parent / "contacts-anna-petrova.csv"
    file.write_text("\n".join((HEADER, *rows)) + "\n")
    house.load(data, "marketing", [file], as_of="", backfill=False, watch=lambda *_: None)
    with Server(data) as server:
        yield server


def groups(it: Console, **params: str) -> dict[tuple[str, str], dict]:
    """Kinds by (reason, property)."""
    found = it.api("/api/quarantine", **params)["groups"]
    return {(one["reason"], one["field"]): one for one in found}


def kind_of(page: Page, name: str | re.Pattern[str]) -> Locator:
    return (
        page.get_by_role("list", name="Kinds of held rows")
        .get_by_role("listitem")
        .filter(has=page.get_by_role("heading", name=name))
    )


def result(page: Page):
    return page.get_by_role("dialog").get_by_role("status").last


def test_a_kind_says_what_is_wrong_how_many_there_are_and_what_to_do_next(console):
    it = console("steward")
    page = it.open("/quarantine")
    known = groups(it)
    assert set(known) == {("unknown_value", "kind"), ("bad_date", "birth_date"), ("open_quote", "")}
    for (_, field), one in known.items():
        item = kind_of(page, re.compile(field)) if field else kind_of(page, "Open quote")
        expect(item).to_contain_text(f"{one['open']} open")
        expect(item).to_contain_text(one["message"])
        expect(item).to_contain_text(one["advice"])
        expect(item).to_contain_text("contact")
        expect(item).to_contain_text("v1.0.0")
    assert SECRET not in page.content()


def test_search_filter_and_kind_are_in_the_url_and_come_back_from_it(console):
    it = console("steward")
    page = it.open("/quarantine")
    page.keyboard.press("/")
    page.keyboard.type("date birth")
    kinds = page.get_by_role("list", name="Kinds of held rows").get_by_role("listitem")
    expect(kinds).to_have_count(1)
    expect(page).to_have_url(re.compile(r"q=date(\+|%20)birth"))
    page.get_by_role("link", name=re.compile("Bad date")).click()
    expect(page).to_have_url(re.compile("reason=bad_date.*field=birth_date"))
    page.reload()
    it.settle()
    expect(kinds).to_have_count(1)
    expect(page.get_by_role("link", name=re.compile("Bad date"))).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("table", name="Held rows")).to_contain_text("birth_date")
    page.get_by_label("Search the kinds").fill("nothing is called so")
    expect(page.get_by_text("No kind fits")).to_be_visible()


def test_a_long_list_is_virtual_and_goes_on_to_its_end(console):
    it = console("steward")
    page = it.open("/quarantine?reason=bad_date&source=marketing")
    table = page.get_by_role("table", name="Held rows")
    expect(table.get_by_role("row").nth(1)).to_be_visible()
    assert table.get_by_role("row").count() < 80
    oldest = str(min(int(one["id"]) for one in _all_rows(it, "bad_date")))
    for _ in range(40):
        page.keyboard.press("End")
        if page.get_by_role("link", name=f"Open row {oldest}", exact=True).count():
            break
        page.wait_for_timeout(50)
    expect(page.get_by_role("link", name=f"Open row {oldest}", exact=True)).to_be_visible()
    assert table.get_by_role("row").count() < 80


def _all_rows(it: Console, reason: str) -> list[dict]:
    rows, cursor = [], ""
    while cursor is not None:
        page = it.api("/api/quarantine", reason=reason, cursor=cursor, limit=500)
        rows += page["items"]
        cursor = page["next"]
    return rows


def test_one_row_is_opened_mended_by_hand_and_let_in(console, server):
    it = console("steward")
    page = it.open(f"/quarantine?{KIND_Q}")
    before = groups(it)["unknown_value", "kind"]
    page.get_by_role("link", name=re.compile("^Open row")).last.click()
    it.settle()
    row = page.url.rpartition("/")[2]
    broken = page.get_by_role("list", name="Properties").get_by_role("listitem").first
    expect(broken).to_contain_text("kind")
    expect(broken).to_contain_text("This broke: A code is not in the contract's list.")
    name = page.get_by_label("last_name").input_value()
    assert name.startswith(SECRET)
    expect(page.get_by_text("version 1.0.0")).to_be_visible()
    expect(page.get_by_text("load of files")).to_be_visible()
    expect(page.get_by_text("line ", exact=False).first).to_be_visible()
    page.get_by_label("kind", exact=True).fill("P")
    expect(page.get_by_text("1 property changed")).to_be_visible()
    page.get_by_role("button", name="Hand in again…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("checked against the contract in force today")
    expect(dialog).to_contain_text("Put in first: kind.")
    dialog.get_by_role("button", name="Hand it in again").click()
    expect(result(page)).to_have_text("1 row was let in, 0 still held.")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Handed in again", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="kind")).to_have_count(0)
    after = groups(it)["unknown_value", "kind"]
    assert (after["open"], after["resubmitted"]) == (before["open"] - 1, before["resubmitted"] + 1)
    with server.signed_in("steward") as steward:
        found = steward.get("/api/customers", params={"q": name, "purpose": "stewardship"}).json()["items"]
        assert found[0]["name"] == f"Boris {name}"
    with server.signed_in("privacy") as privacy:
        asked = {"kind": "quarantine_row", "actor": "steward"}
        looks = [one["details"] for one in privacy.get("/api/audit", params=asked).json()["items"]]
        assert {"source": "marketing", "object": "contact", "row": row} in looks


def test_the_next_row_like_it_is_a_key_away(console):
    it = console("steward")
    open_rows = [row["id"] for row in _all_rows(it, "bad_date") if not row["outcome"]]
    page = it.open(f"/quarantine/{open_rows[3]}")
    page.get_by_role("link", name="Next like it").wait_for()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Row {open_rows[4]}")
    page = it.open(f"/quarantine/{open_rows[-1]}")
    expect(page.get_by_role("list", name="Properties")).to_be_visible()
    expect(page.get_by_role("link", name="Next like it")).to_have_count(0)


def test_a_property_is_emptied_only_where_that_is_said(console):
    it = console("engineer")
    before = groups(it)["bad_date", "birth_date"]
    page = it.open("/quarantine?reason=bad_date&source=marketing")
    page.get_by_role("checkbox", name=re.compile("^Row ")).last.check()
    page.get_by_role("button", name="Hand in again…", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Put a value in…").click()
    dialog.get_by_role("checkbox", name=re.compile("^Empty")).check()
    dialog.get_by_role("button", name="Hand it in again").click()
    expect(result(page)).to_have_text("1 row was let in, 0 still held.")
    after = groups(it)["bad_date", "birth_date"]
    assert (after["open"], after["resubmitted"]) == (before["open"] - 1, before["resubmitted"] + 1)


def test_a_whole_kind_is_handed_in_and_what_is_still_wrong_is_told(console):
    it = console("steward")
    page = it.open("/quarantine")
    open_rows = groups(it)["unknown_value", "kind"]["open"]
    page.get_by_role("button", name=re.compile("^Hand in again: Unknown value")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{open_rows} open rows")
    dialog.get_by_role("button", name="Put a value in…").click()
    expect(dialog.get_by_label("Property", exact=True)).to_have_value("kind")
    dialog.get_by_role("button", name=f"Hand in {open_rows} rows again").click()
    expect(dialog.get_by_label("Value of kind")).to_be_focused()  # nothing is emptied by mistake
    assert groups(it)["unknown_value", "kind"]["open"] == open_rows
    dialog.get_by_label("Value of kind").fill("P")
    dialog.get_by_role("button", name=f"Hand in {open_rows} rows again").click()
    expect(result(page)).to_have_text(f"{open_rows - 1} rows were let in, 1 still held.")
    still = dialog.get_by_role("list", name="Still held")
    expect(still).to_contain_text("A date does not exist")
    expect(still).to_contain_text("birth_date")
    assert axe_findings(page) == []
    dialog.get_by_role("button", name="Done").click()
    expect(kind_of(page, re.compile("^Unknown value"))).to_contain_text("1 open")
    expect(kind_of(page, re.compile("^Unknown value"))).to_contain_text("handed in")


def test_ticked_rows_are_given_up_for_a_reason_and_by_keys_alone(console):
    it = console("steward")
    page = it.open("/quarantine?reason=bad_date&source=marketing")
    before = groups(it)["bad_date", "birth_date"]
    boxes = page.get_by_role("checkbox", name=re.compile("^Row "))
    ids = [boxes.nth(at).get_attribute("aria-label").removeprefix("Row ") for at in (0, 1)]
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    for _ in range(10):  # over the row's own link to the next box
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Row {ids[1]}":
            break
    page.keyboard.press("Space")
    expect(page.get_by_text("2 ticked")).to_be_visible()
    page.get_by_role("button", name="Give up…", exact=True).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("there is no way back")
    give_up = dialog.get_by_role("button", name="Give up 2 rows")
    expect(give_up).to_be_disabled()
    expect(dialog.get_by_role("radio", name=re.compile("^Sent again"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name=re.compile("^Test data"))).to_be_checked()
    expect(give_up).to_be_enabled()
    page.keyboard.press("Enter")
    expect(result(page)).to_have_text("2 rows were given up.")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    after = groups(it)["bad_date", "birth_date"]
    assert (after["open"], after["discarded"]) == (before["open"] - 2, before["discarded"] + 2)
    for row in ids:
        assert it.api(f"/api/quarantine/{row}")["row"]["outcome"] == "discarded"
        expect(page.get_by_role("checkbox", name=f"Row {row}", exact=True)).to_have_count(0)
    settled = it.open("/quarantine?standing=settled&reason=bad_date&source=marketing")
    expect(settled.get_by_role("table", name="Held rows")).to_contain_text("given up")


def test_who_may_only_look_has_no_buttons_and_is_told_who_has(console):
    it = console("privacy")
    page = it.open("/quarantine")
    expect(page.get_by_role("note")).to_contain_text("Stewards and engineers hand rows in again")
    expect(page.get_by_role("button", name=re.compile("Hand in|Give up"))).to_have_count(0)
    expect(page.get_by_role("checkbox")).to_have_count(0)
    it.allow(403)
    page = it.open("/quarantine/1")
    expect(page.get_by_role("alert")).to_contain_text("Policy does not allow this.")
    expect(page.get_by_role("alert")).to_contain_text("show held row")


def test_an_engineer_sees_properties_and_what_broke_and_not_one_value(console):
    it = console("engineer")
    page = it.open("/quarantine")
    expect(page.get_by_role("note")).to_contain_text("only stewards give rows up")
    expect(page.get_by_role("button", name=re.compile("^Give up"))).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Hand in again")).first).to_be_visible()
    row = next(it["id"] for it in _all_rows(it, "bad_date") if not it["outcome"])
    page = it.open(f"/quarantine/{row}")
    expect(page.get_by_text("Your role sees which properties there are and what broke")).to_be_visible()
    broken = page.get_by_role("list", name="Properties").get_by_role("listitem").first
    expect(broken).to_contain_text("birth_date")
    expect(broken).to_contain_text("pii")
    assert {box.input_value() for box in page.get_by_role("list").get_by_role("textbox").all()} == {""}
    assert SECRET not in page.content()
    assert "post.example" not in page.content()
    answer = it.context.request.get(f"/api/quarantine/{row}").text()
    assert SECRET not in answer
    assert "no day" not in answer


def test_a_line_that_could_not_be_taken_apart_is_shown_as_it_came(console):
    it = console("steward")
    row = _all_rows(it, "open_quote")[0]["id"]
    page = it.open(f"/quarantine/{row}")
    expect(page.locator("pre")).to_contain_text('c-9,P,"open')
    expect(page.get_by_role("button", name="Hand in again…")).to_have_count(0)
    expect(page.get_by_role("button", name="Give up…")).to_be_visible()


def test_what_failed_is_told_and_can_be_tried_again(console):
    it = console("steward")
    it.allow(503)
    page = it.open("/quarantine")
    before = groups(it)
    down = {"title": "The disk is full.", "status": 503, "hint": "Try again.", "code": "unavailable"}
    it.context.route("**/api/quarantine/resubmit", lambda route: route.fulfill(status=503, json=down))
    page.get_by_role("button", name=re.compile("^Hand in again: Bad date")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=re.compile("^Hand in .* rows again")).click()
    expect(dialog.get_by_role("alert")).to_contain_text("The disk is full.")
    assert groups(it) == before
    it.context.unroute("**/api/quarantine/resubmit")
    dialog.get_by_role("button", name=re.compile("^Hand in .* rows again")).click()
    expect(result(page)).to_contain_text("0 rows were let in")
    assert groups(it) == before


def test_a_list_that_cannot_be_read_says_so_and_reads_again(console):
    it = console("steward")
    it.allow(500)
    broken = {"title": "A row in quarantine does not open.", "status": 500, "code": "damaged"}
    it.context.route("**/api/quarantine?*", lambda route: route.fulfill(status=500, json=broken))
    page = it.open("/quarantine")
    expect(page.get_by_role("alert").first).to_contain_text("does not open")
    it.context.unroute("**/api/quarantine?*")
    page.get_by_role("button", name="Try again").first.click()
    expect(kind_of(page, re.compile("Bad date"))).to_be_visible()


def test_an_empty_quarantine_is_a_good_thing_and_says_so(console):
    it = console("steward")
    nothing = {"items": [], "groups": [], "next": None}
    it.context.route("**/api/quarantine?*", lambda route: route.fulfill(json=nothing))
    page = it.open("/quarantine")
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(0)


def test_the_deliveries_of_a_source_add_up_and_name_no_file(console):
    it = console("engineer")
    page = it.open("/sources/marketing")
    detail = it.api("/api/sources/marketing")
    table = page.get_by_role("table", name="Deliveries of marketing")
    first = detail["runs"][-1]
    row = table.get_by_role("row").last
    expect(row).to_contain_text("Load of files")
    expect(row).to_contain_text(f"mark {first['mark']}")
    numbers = [
        int(cell.inner_text().replace(",", "").split()[0]) for cell in row.get_by_role("cell").all()[2:8]
    ]
    assert numbers[0] == sum(numbers[1:]) == first["counts"]["offered"]
    assert "anna" not in page.content()
    offered = sum(day["counts"]["offered"] for day in detail["days"])
    expect(page.get_by_role("img", name=re.compile("^In the last 60 days rows came on"))).to_have_attribute(
        "aria-label", re.compile(f"{offered:,}")
    )
    row.get_by_role("link", name=re.compile("bad date")).click()
    expect(page).to_have_url(re.compile("/quarantine.*reason=bad_date"))


def test_violations_are_told_by_version_and_lead_to_the_rows_and_the_contract(console):
    it = console("engineer")
    page = it.open("/violations")
    table = page.get_by_role("table", name="Violations of marketing 1.0.0")
    known = groups(it)
    for (_, field), one in known.items():
        row = table.get_by_role("row").filter(has_text=field or "the whole row")
        expect(row).to_contain_text("contact")
        expect(row).to_contain_text(one["message"])
        expect(row.get_by_role("link", name=re.compile(f"^{one['rows']} rows?"))).to_be_visible()
    page.get_by_role("link", name=re.compile("rows: Bad date")).click()
    expect(page).to_have_url(re.compile("/quarantine.*standing=all"))
    page.go_back()
    it.settle()
    table.get_by_role("link", name="contact").first.click()
    expect(page).to_have_url(re.compile("/sources/marketing.*object=contact.*#contract"))
    it.settle()
    expect(page.get_by_role("table", name="Properties of contact")).to_contain_text("birth_date")


@pytest.mark.parametrize("name", ["hand in", "give up"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_dialogs_and_they_fit(console, name, width):
    page = console("steward", width=width, height=844).open("/quarantine")
    if name == "hand in":
        page.get_by_role("button", name=re.compile("^Hand in again: Bad date")).click()
        page.get_by_role("button", name="Put a value in…").click()
    else:
        page.get_by_role("button", name=re.compile("^Give up: Bad date")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.evaluate("it => Promise.all(it.getAnimations({subtree: true}).map(a => a.finished))")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert dialog.evaluate("it => it.scrollWidth <= it.clientWidth")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        assert axe_findings(page) == []


def test_a_write_from_elsewhere_is_refused(console):
    it = console("steward")
    said = {"source": "marketing", "because": "worthless"}
    assert it.context.request.post("/api/quarantine/discard", data=said).status == httpx.codes.FORBIDDEN
