"""Marks of cursors: written as text, and back as what the database compares."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from onefold.kernel.errors import CallerError
from onefold.record.intake.bookmarks import Mark, mark_from, mark_of


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        datetime(2026, 1, 2, 3, 4, 5),
        date(2026, 1, 2),
        12345678901234567890,
        Decimal("1.50"),
        "2026-01-02 03:04:05",
    ],
)
def test_a_mark_is_the_value_it_was_made_of(value):
    found = mark_of(value)
    assert found is not None
    assert found.value == value
    assert type(found.value) is type(value)


def test_nothing_marks_nothing():
    assert mark_of(None) is None
    assert mark_from("") is None


@pytest.mark.parametrize("value", [True, 1.5, b"x", object()])
def test_what_has_no_exact_order_is_no_cursor(value):
    with pytest.raises(CallerError, match="cannot go by"):
        mark_of(value)


def test_what_a_person_writes_is_read():
    assert mark_from("2026-01-02") == Mark("instant", "2026-01-02T00:00:00+00:00")
    assert mark_from("2026-01-02T03:04:05+05:00") == Mark("instant", "2026-01-02T03:04:05+05:00")
    assert mark_from("42") == Mark("number", "42")
    with pytest.raises(CallerError, match="Write 2026-09-30"):
        mark_from("yesterday")


def test_only_points_in_time_have_something_before_them():
    assert Mark("instant", "2026-01-01T00:00:00+00:00").earlier(60).text == "2025-12-31T23:59:00+00:00"
    assert Mark("number", "5").earlier(60) == Mark("number", "5")
