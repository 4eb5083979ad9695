"""Deadlines: what the laws of the settings say, counted by calendar months and days."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY, day_from_date, iso_day
from onefold.record.requests.deadlines import Term
from onefold.record.requests.model import Kind
from onefold.record.requests.parse import read_laws

SHIPPED = (files("onefold.record.requests") / "laws.yaml").read_text("utf-8")
LAWS = read_laws(SHIPPED, "laws.yaml")
OWN = """
version: 1
laws:
  here:
    title: A law
    jurisdictions: [uz]
    answer: {days: 10}
    kinds: {erasure: {days: 3}}
otherwise: here
keep: {interaction: 365}
"""


def day(text: str) -> int:
    return day_from_date(date.fromisoformat(text))


def at(text: str) -> int:
    return day(text) * MS_PER_DAY + MS_PER_DAY - 1


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-01-15", "2026-02-15"),
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-12-31", "2027-01-31"),
        ("2026-03-31", "2026-04-30"),
    ],
)
def test_a_month_ends_on_the_same_day_or_on_the_last_there_is(received, due):
    assert iso_day(LAWS.of("gdpr", "").due_on(Kind.ACCESS, at(received))) == due


def test_two_more_months_are_counted_from_the_first_day():
    law = LAWS.of("gdpr", "")
    assert iso_day(law.extended(Kind.ACCESS, at("2026-11-30"))) == "2027-02-28"
    assert law.extended(Kind.ACCESS, at("2026-01-31")) == day("2026-04-30")


def test_the_law_is_the_one_named_or_that_of_the_jurisdiction_or_the_strict_one():
    assert LAWS.of("ccpa", "uz").name == "ccpa"
    assert LAWS.of("", "uz").name == "uz"
    assert LAWS.of("", "de").name == "gdpr"
    assert LAWS.of("", "zz").name == "gdpr"
    with pytest.raises(CallerError, match="no such law"):
        LAWS.of("lgpd", "uz")


def test_days_are_days():
    law = LAWS.of("ccpa", "")
    assert law.due_on(Kind.ERASURE, at("2026-01-01")) == day("2026-01-01") + 45
    assert law.extended(Kind.ERASURE, at("2026-01-01")) == day("2026-01-01") + 90


def test_a_folder_may_have_laws_of_its_own_by_kind_too():
    law = read_laws(OWN, "own").of("", "uz")
    assert law.due_on(Kind.ACCESS, at("2026-01-01")) == day("2026-01-11")
    assert law.due_on(Kind.ERASURE, at("2026-01-01")) == day("2026-01-04")
    with pytest.raises(CallerError, match="no more time"):
        law.extended(Kind.ACCESS, at("2026-01-01"))
    assert read_laws(OWN, "own").keep == {"interaction": 365}
    assert read_laws(OWN, "own").packages_days == LAWS.packages_days == 30
    assert read_laws(OWN + "packages: {days: 7}", "own").packages_days == 7


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("version: 1", "version: 2", "own: version"),
        ("otherwise: here", "otherwise: there", "own: otherwise"),
        ("answer: {days: 10}", "answer: {days: 0}", "laws.here.answer.days"),
        ("answer: {days: 10}", "answer: {days: 1, months: 1}", "laws.here.answer"),
        ("answer: {days: 10}", "answer: ten", "laws.here.answer"),
        ("title: A law", "title: ''", "laws.here.title"),
        ("[uz]", "Uzbekistan", "laws.here.jurisdictions"),
        ("erasure:", "forgetting:", "laws.here.kinds"),
        ("interaction:", "telepathy:", "keep"),
        ("keep:", "packages: {days: 0}\nkeep:", "packages.days"),
        ("version: 1", "version: 1\nanswers: {}", "own"),
        ("version: 1", "[", "own"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(before, after, place):
    with pytest.raises(CallerError) as told:
        read_laws(OWN.replace(before, after, 1), "own")
    assert place in told.value.message


def test_a_term_over_the_end_of_the_year():
    assert Term(months=13).after(day("2026-12-15")) == day("2028-01-15")
