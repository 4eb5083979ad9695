"""Transforms of phones, e-mails and identifiers: what is none says nothing, unless the contract minds."""

from __future__ import annotations

import pytest

from onefold.record.contracts import contacts
from onefold.record.contracts.errors import BadOption, Reason, RowFault


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" Anna.K@Bank.UZ ", "anna.k@bank.uz"),
        ("none@bank.uz", None),
        ("anna@example.com", None),
        ("not an address", None),
        ("a@b", None),
        ("", None),
    ],
)
def test_emails_are_lower_case_and_fillers_say_nothing(raw, expected):
    assert contacts.email({})(raw) == expected


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("90 123-45-68", "UZ", "+998901234568"),
        ("+420 602 123 456", "UZ", "+420602123456"),
        ("8 (916) 555-12-34", "RU", "+79165551234"),
        ("998901234568", "UZ", "+998901234568"),
        ("0000000", "UZ", None),
        ("901111111", "UZ", None),
        ("911234567", "UZ", None),
        ("call me", "UZ", None),
        ("12", "UZ", None),
    ],
)
def test_phones_are_e164_and_fillers_say_nothing(raw, country, expected):
    assert contacts.phone({"country": country})(raw) == expected


def test_a_local_number_without_a_country_is_no_number():
    assert contacts.phone({})("90 123-45-68") is None


@pytest.mark.parametrize(
    ("raw", "options", "expected"),
    [
        (" 7103192745 ", {"check": "cz.rc"}, "7103192745"),
        ("710319/2745", {"check": "cz.rc"}, "7103192745"),
        ("7103192746", {"check": "cz.rc"}, None),
        ("3 010 190 123 4567", {"pattern": r"\d{14}"}, "30101901234567"),
        ("123", {"pattern": r"\d{14}"}, None),
        ("aa-0012", {}, "AA0012"),
        ("00000000", {}, None),
        ("ab", {}, None),
    ],
)
def test_identifiers_are_normalised_and_checked(raw, options, expected):
    assert contacts.identifier(options)(raw) == expected


@pytest.mark.parametrize(
    ("transform", "raw"),
    [(contacts.email, "x"), (contacts.phone, "12"), (contacts.identifier, "1x")],
)
def test_a_contract_can_mind(transform, raw):
    with pytest.raises(RowFault) as caught:
        transform({"invalid": "fault"})(raw)
    assert caught.value.reason is Reason.BAD_TYPE


@pytest.mark.parametrize(
    ("transform", "options"),
    [
        (contacts.phone, {"country": "XX"}),
        (contacts.identifier, {"check": "os.path"}),
        (contacts.identifier, {"check": "cz.nothing"}),
        (contacts.identifier, {"check": "../cz"}),
        (contacts.identifier, {"pattern": "("}),
    ],
)
def test_options_that_mean_nothing_are_told(transform, options):
    with pytest.raises(BadOption):
        transform(options)
