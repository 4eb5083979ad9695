"""The page: well-formed, self-contained, harmless whatever stands in a cell, and masked unless told so."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import pyarrow as pa
import pytest

from onefold import diagnose
from tests.linking import table

MADE_AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script>'
CANARIES = {
    "id": "canaryid", "first_name": "Canarygiven", "last_name": "Canaryfamily", "born": "1971-10-29",
    "mail": "canary.mail@canaryhost.net", "town": "Canarytown", "phone": "+44 20 7946 0618",
    "street": "77 Canarystreet", "passport": "CANARY8812345", "company": "Canaryfirm Ltd",
    "occupation": "Canarymaker", "postcode": "QX9 7ZZ", "region": "Canaryshire", "country": "Canaryland",
}  # fmt: skip


def with_canaries():
    """Made people, and a dozen records of one person whose values are all told apart from anything else."""
    columns = {name: list(values) for name, values in table(60, seed=4).items() if name != "who"}
    rows = len(columns["id"])
    for at in range(12):
        for name, value in CANARIES.items():
            values = columns.setdefault(name, [""] * rows)
            values += [""] * (rows + at - len(values))
            changed = name == "first_name" and at % 2
            values.append(f"{value}{at}" if name == "id" else f"{value}x" if changed else value)
    columns["born"][-1] = "1971-12-29"
    columns["last_name"][-2] = "Canaryother"
    return pa.table(columns)


@pytest.fixture(scope="module")
def canaries():
    """A diagnosis of them."""
    return diagnose(with_canaries(), sources=["crm"], author="Ann", made_at=MADE_AT)


@pytest.fixture(scope="module")
def masked(canaries):
    """The page as it is without being told to show values."""
    return canaries.to_html()


def tree(html):
    """The page as XML; raises where it is not well-formed."""
    return fromstring(html.removeprefix("<!DOCTYPE html>\n"))


def test_the_page_is_well_formed_and_its_parts_can_be_reached(masked):
    page = tree(masked)
    targets = {it.get("id") for it in page.iter() if it.get("id")}
    links = [it.get("href") for it in page.iter("a")]
    assert len(links) == 7
    assert {it.removeprefix("#") for it in links} <= targets
    assert page.get("lang") == "en"
    assert [it.text for it in page.iter("h1")] == ["Onefold: a look at 159 records"]


def test_the_page_needs_nothing_from_outside_and_runs_nothing(masked):
    page = tree(masked)
    assert not {it.tag for it in page.iter()} & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not [it for it in page.iter() for name in it.attrib if name.startswith("on") or name == "src"]
    assert not re.search(r"https?:|//\w|url\(|@import|javascript:", masked)
    assert "default-src 'none'" in next(
        it.get("content") for it in page.iter("meta") if it.get("http-equiv") == "Content-Security-Policy"
    )


def test_every_picture_says_what_it_shows_and_has_its_numbers_in_a_table(masked):
    figures = list(tree(masked).iter("figure"))
    assert len(figures) >= 6
    for it in figures:
        picture = it.find("svg")
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label")) > 20
        assert it.find("figcaption/b").text
        assert it.find("details/div/table/tbody/tr") is not None


def test_every_table_has_headers_with_a_scope(masked):
    tables = list(tree(masked).iter("table"))
    assert tables
    for it in tables:
        assert all(head.get("scope") == "col" for head in it.iterfind("thead/tr/th"))
        assert all(row.find("th").get("scope") == "row" for row in it.iterfind("tbody/tr"))


def test_no_value_of_any_field_is_seen_unless_values_are_to_be_shown(canaries, masked):
    shown = canaries.to_html(show_values=True)
    assert {CANARIES[it] for it in CANARIES if it != "id"} <= {it for it in CANARIES.values() if it in shown}
    assert not [it for it in CANARIES.values() if it.casefold() in masked.casefold()]
    assert "canary" not in masked.casefold()
    assert "07946" not in re.sub(r"\D", "", masked)


def test_the_page_says_at_its_top_whether_values_are_shown(canaries, masked):
    before, _, _ = masked.partition("<nav")
    assert "Values are masked" in before
    before, _, _ = canaries.to_html(show_values=True).partition("<nav")
    assert "shows personal data" in before
    assert "Values are masked" not in before


def test_the_page_says_who_made_it_when_and_with_what(masked):
    assert "Made by Ann at 2026-05-04 09:30 UTC with Onefold 0." in masked


def test_what_looks_like_markup_or_a_formula_is_text():
    columns = {name: list(values) for name, values in table(30, seed=1).items() if name != "who"}
    for at, name in enumerate(("first_name", "last_name", "mail", "town")):
        columns[name][at] = columns[name][at + 1] = HOSTILE
        columns[name][at + 4] = '=HYPERLINK("x")&\x00\x1b\ud7ff'
    columns['note"><script>'] = ["x"] * len(columns["id"])
    found = diagnose(pa.table(columns), sources=["<b>crm</b>"], author="<i>", made_at=MADE_AT)
    for html in (found.to_html(), found.to_html(show_values=True)):
        page = tree(html)
        assert not list(page.iter("script"))
        assert not list(page.iter("i")) or all(it.get("style") for it in page.iter("i"))
        assert "<script" not in html


def test_one_source_is_said_to_be_one():
    columns = {name: values for name, values in table(40, seed=2).items() if name != "who"}
    assert "One source was given" in diagnose(pa.table(columns), made_at=MADE_AT).to_html()


def test_six_sources_have_their_matrix_and_combinations():
    made = pa.table({name: values for name, values in table(120, seed=6).items() if name != "id"})
    parts = [made.take(list(range(at, made.num_rows, 6))) for at in range(6)]
    found = diagnose(*parts, sources=[f"source{it}" for it in range(6)], truth="who", made_at=MADE_AT)
    page = tree(found.to_html())
    titles = [it.text for it in page.iter("b")]
    assert {"Match rates", "Where customers are"} <= set(titles)
    assert found.measures is not None
    assert "measured against the truth" in found.to_html()
    assert sum(it.customers for it in found.facts.together) == found.facts.customers
    assert sum(it.records for it in found.facts.sources) == found.facts.records == made.num_rows


def test_the_same_records_give_the_same_page():
    columns = pa.table({name: values for name, values in table(40, seed=9).items() if name != "who"})
    pages = {diagnose(columns, made_at=MADE_AT).to_html() for _ in range(2)}
    assert len(pages) == 1
