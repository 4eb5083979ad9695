"""Addresses: what each word and number is, without knowing any place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.addresses import Place, address, city_words, postal_code


def parts(text):
    return " ".join(f"{it.text}={it.place}" for it in address(text).tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123 Main Street, NV 89132", "123=number mein=street street=kind nv=street 89132=postcode"),
        ("ул. Навои, д. 12, кв. 5", "street=kind navoi=street 12=number 5=unit"),
        ("Navoiy ko'chasi 12-uy, 5-xonadon", "navoi=street street=kind 12=number 5=unit"),
        ("Flat 3, 12a Park Rd, SW1A 1AA", "3=unit 12a=number park=street road=kind sw1a1aa=postcode"),
        ("PO Box 123", "123=box"),
        ("गांधी मार्ग 5", "gandi=street street=kind 5=number"),
        ("", ""),
    ],
)
def test_each_part_of_an_address_has_its_kind(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1515 Adela Lane", "1515 adela ln."),
        ("ул. Навои, д. 12, кв. 5", "Navoi ko'chasi, 12-uy, 5-xonadon"),
        ("Flat 3, 12 Park Road", "12 Park Rd, Apt 3"),
        ("г. Самарканд, ул. Мира 4", "Samarkand shahri, Mira ko'chasi 4"),
    ],
)
def test_two_ways_to_write_one_address_have_one_key(one, other):
    assert address(one).key == address(other).key


def test_a_town_of_its_own_is_told_from_the_street():
    found = address("12 Park Road, London", city="LONDON", postcode="SW1A 1AA")
    assert found.of(Place.CITY) == ("london",)
    assert found.of(Place.STREET) == ("park",)
    assert found.of(Place.POSTCODE) == ("sw1a1aa",)


@pytest.mark.parametrize(
    ("text", "code"),
    [("SW1A 1AA", "sw1a1aa"), ("89132-1234", "89132"), ("100 011", "100011"), ("2119.0", "2119"), ("", "")],
)
def test_a_postcode_has_one_form(text, code):
    assert postal_code(text) == code


def test_a_town_has_one_form_whatever_the_script():
    assert city_words("г. Самарканд") == city_words("Samarkand shahri") == city_words("SAMARKAND")


@given(st.text(), st.text(max_size=10), st.text(max_size=10))
def test_any_text_is_an_address(text, city, postcode):
    assert all(it.text for it in address(text, city, postcode).tokens)
