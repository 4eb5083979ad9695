"""Days of birth: many spellings, two readings, and days that fill a field."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.dates import DateState, Order, day, order_of

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "text",
    [
        "1985-04-13", "13.04.1985", "13/4/85", "04/13/1985", "19850413", "13041985", "850413",
        "13 апреля 1985 г.", "April 13, 1985", "13-Apr-1985", "1985-Apr-13", "13. April 1985",
        "1985-04-13T00:00:00", "1985-04-13 00:00",
        "१३/०४/१९८५", "13 aprel 1985", "13 de abril de 1985",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings_is_one_day(text):
    found = day(text, TODAY)
    assert (found.state, found.iso) == (DateState.WHOLE, "1985-04-13")


@pytest.mark.parametrize(
    ("text", "state", "iso"),
    [
        ("03/04/1985", DateState.AMBIGUOUS, "1985-04-03"),
        ("1985", DateState.PARTIAL, "1985"),
        ("1985.0", DateState.PARTIAL, "1985"),
        ("1985-04", DateState.PARTIAL, "1985-04"),
        ("April 1985", DateState.PARTIAL, "1985-04"),
        ("1985-00-00", DateState.PARTIAL, "1985"),
        ("01.01.1985", DateState.PLACEHOLDER, "1985-01-01"),
        ("1900-01-01", DateState.PLACEHOLDER, ""),
        ("0000-00-00", DateState.PLACEHOLDER, ""),
        ("31.02.1980", DateState.IMPOSSIBLE, ""),
        ("2030-05-05", DateState.IMPOSSIBLE, ""),
        ("hello", DateState.IMPOSSIBLE, ""),
        ("N/A", DateState.EMPTY, ""),
        ("", DateState.EMPTY, ""),
        ("1630-08-02", DateState.WHOLE, "1630-08-02"),
    ],
)
def test_what_is_not_one_whole_day_says_so(text, state, iso):
    found = day(text, TODAY)
    assert (found.state, found.iso) == (state, iso)


def test_a_two_digit_year_is_of_the_last_hundred():
    assert day("13/04/26", TODAY).year == 2026
    assert day("13/04/27", TODAY).year == 1927


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["03/04/1985", "13/04/1985"], Order.DAY_FIRST),
        (["03/04/1985", "04/13/1985"], Order.MONTH_FIRST),
        (["03/04/1985", "04/13/1985", "13/04/1985", "14/04/1985"], Order.DAY_FIRST),
        (["1985-04-13"], Order.DAY_FIRST),
    ],
)
def test_a_column_tells_the_order_of_its_values(values, order):
    assert order_of(values) is order


def test_an_order_settles_a_value_with_two_readings():
    assert day("03/04/1985", TODAY, Order.DAY_FIRST).iso == "1985-04-03"
    assert day("03/04/1985", TODAY, Order.MONTH_FIRST).iso == "1985-03-04"
    assert day("03/04/1985", TODAY).other == (3, 4)


@given(st.text(), st.sampled_from([None, *Order]))
def test_any_text_is_some_kind_of_day(text, order):
    assert day(text, TODAY, order).state in DateState


@given(st.text(alphabet="0123456789./- ", max_size=12))
def test_digits_in_any_order_are_some_kind_of_day(text):
    found = day(text, TODAY)
    assert found.state is not DateState.WHOLE or day(found.iso, TODAY) == found


@given(st.dates(date(1900, 1, 2), TODAY))
def test_a_day_written_as_iso_is_itself(born):
    assert day(born.isoformat(), TODAY).iso in {born.isoformat(), ""}
