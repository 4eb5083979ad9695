"""National ids: whose, of what kind, valid or not, and never shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.national_ids import COUNTRIES, kinds_that_fit, national_id

# Made numbers that satisfy the published checks of their countries.
VALID = [
    ("44051401359", "PL", "pesel"),
    ("2341 2341 2346", "IN", "aadhaar"),
    ("536-90-4399", "US", "ssn"),
    ("112-233-445 95", "RU", "snils"),
    ("111.444.777-35", "BR", "cpf"),
    ("10000000146", "TR", "tckimlik"),
    ("131052-308T", "FI", "hetu"),
    ("RSSMRA85T10A562S", "IT", "codicefiscale"),
]


@pytest.mark.parametrize(("text", "country", "kind"), VALID)
def test_a_valid_number_is_told_for_its_country(text, country, kind):
    found = national_id(text, country)
    assert (found.valid, found.country, found.kind) == (True, country, kind)


@pytest.mark.parametrize(("text", "country", "kind"), [it for it in VALID if it[2] != "ssn"])
def test_a_number_with_one_digit_changed_is_not_valid(text, country, kind):
    at = next(i for i, it in enumerate(text) if it.isdecimal())
    changed = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
    assert not any(it.kind == kind for it in kinds_that_fit(national_id(changed, country).number, country))


def test_a_number_of_uzbekistan_has_a_check_digit():
    first = "3010185123456"
    weighed = sum(int(digit) * weight for digit, weight in zip(first, (7, 3, 1) * 4 + (7,), strict=True))
    assert national_id(f"{first}{weighed % 10}", "UZ").kind == "pinfl"
    assert national_id(f"{first}{weighed % 10}", "UZ").valid
    assert not national_id(f"{first}{(weighed + 1) % 10}", "UZ").valid


@pytest.mark.parametrize("text", ["", "n/a", "00000000000", "123456789", "1234567890", "AAAAA"])
def test_a_filler_is_no_number(text):
    assert not national_id(text, "US").number


def test_a_number_is_not_shown():
    assert "44051401359" not in repr(national_id("44051401359", "PL"))
    assert "44051401359" not in str(national_id("44051401359"))


@given(st.text(), st.sampled_from(["", "US", "uz", "IN", "zz"]))
def test_any_text_is_some_kind_of_number(text, country):
    found = national_id(text, country)
    assert found.number or not found.valid


@given(st.from_regex(r"[0-9A-Z]{5,18}", fullmatch=True), st.sampled_from(sorted(COUNTRIES)))
def test_every_check_of_every_country_can_be_asked(number, country):
    assert all(it.country == country for it in kinds_that_fit(number, country))
