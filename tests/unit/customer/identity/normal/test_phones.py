"""Phones: E.164 for what somebody may answer, and a name for every other kind of nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.phones import PhoneState, dialled, phone


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("8 (903) 123-45-68", "RU", "+79031234568"),
        ("+7 903 1234568", "", "+79031234568"),
        ("79031234568", "", "+79031234568"),
        ("90 931-23-45", "UZ", "+998909312345"),
        ("998909312345.0", "UZ", "+998909312345"),
        ("00998909312345", "UZ", "+998909312345"),
        ("702-919-1300", "us", "+17029191300"),
        ("020 7946 0958 ext. 3", "GB", "+442079460958"),
        ("+91 98765-43211", "", "+919876543211"),
        ("٠٥٠١٢٣٤٥٦٨", "SA", "+966501234568"),
        ("903 123 45 68; 903 123 45 69", "RU", "+79031234568"),
    ],
)
def test_a_number_is_written_as_e164(text, region, e164):
    assert phone(text, region).e164 == e164


@pytest.mark.parametrize(
    ("text", "region", "state"),
    [
        ("000000000", "UZ", PhoneState.PLACEHOLDER),
        ("+998 99 999 99 99", "UZ", PhoneState.PLACEHOLDER),
        ("1234567890", "US", PhoneState.PLACEHOLDER),
        ("112", "US", PhoneState.SHORT),
        ("9.9890E+11", "UZ", PhoneState.IMPOSSIBLE),
        ("702-919-1300", "", PhoneState.NO_REGION),
        ("12345678901234567890123", "US", PhoneState.PLACEHOLDER),
        ("98127364512736451827", "US", PhoneState.IMPOSSIBLE),
        ("n/a", "US", PhoneState.EMPTY),
        ("", "", PhoneState.EMPTY),
    ],
)
def test_a_number_that_nobody_answers_says_why(text, region, state):
    found = phone(text, region)
    assert found.state is state
    assert not found.e164


def test_an_extension_is_kept_beside_the_number():
    assert phone("+44 20 7946 0958 ext. 3").extension == "3"


@given(st.text(), st.sampled_from(["", "US", "RU", "UZ", "IN", "??", "zz"]))
def test_any_text_is_some_kind_of_number(text, region):
    found = phone(text, region)
    assert bool(found.e164) == (found.state in {PhoneState.VALID, PhoneState.POSSIBLE})


@given(st.from_regex(r"\+?[0-9() -]{6,16}", fullmatch=True), st.sampled_from(["US", "RU", "UZ", "IN", "GB"]))
def test_a_valid_e164_is_its_own_e164(text, region):
    found = phone(text, region)
    assert found.state is not PhoneState.VALID or phone(found.e164, "").e164 == found.e164


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+998 (90) 931-23-45", "90 931 23 45"), ("998909312345", "+998909312345"),
        ("+44 20 7946 0958", "020 7946 0958"), ("+47 22 12 34 56", "22123456"),
        ("1-702-919-1300", "702 919 1300 ext. 12"), ("0047 22 12 34 56", "22 12 34 56"),
    ],
)  # fmt: skip
def test_a_number_is_the_same_with_and_without_its_country(one, other):
    assert dialled(one) == dialled(other) != ""


@pytest.mark.parametrize("text", ["", "none", "0000000", "5555555555", "1234567", "12"])
def test_what_only_fills_a_field_is_no_number(text):
    assert dialled(text) == ""


@given(st.text())
def test_any_text_is_dialled_somehow(text):
    assert isinstance(dialled(text), str)
