"""Columns recognised: by headers in any language, by values alone, never by a header that values deny."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.column_words import Field
from onefold.customer.identity.normal.columns import ONCE, recognise
from tests.shared_data import shared_data

TODAY = date(2026, 11, 30)
GIVEN = ["Aziz", "Robert", "Иван", "Мария", "Michael", "Anna", "Rajesh", "Elena", "William", "Olga"]
FAMILY = [
    "Karimov",
    "Smith",
    "Петров",
    "Иванова",
    "Johnson",
    "Kuznetsova",
    "Sharma",
    "Popova",
    "Wilson",
    "Egorova",
]
ROWS = 60


def column(make):
    return [make(i) for i in range(ROWS)]


def fields(columns):
    return {name: it.field for name, it in recognise(columns, TODAY).items()}


VALUES = {
    "key": column(lambda i: f"K-{1000 + i}"),
    "given": column(lambda i: GIVEN[i * 7 % 10]),
    "family": column(lambda i: FAMILY[i * 3 % 10] + ("a" if i % 20 else "")),
    "born": column(lambda i: f"{i % 28 + 1:02}.{i % 12 + 1:02}.{1950 + i % 50}"),
    "since": column(lambda i: f"{i % 28 + 1:02}.{i % 12 + 1:02}.{2010 + i % 6}"),
    "phone": column(lambda i: f"+998 90 93{i:02} {10 + i}"),
    "mail": column(lambda i: f"user{i}.name@work{i % 5}.com"),
    "sex": column(lambda i: "MF"[i % 2]),
    "street": column(lambda i: f"{i + 1} Park Street"),
}


def test_columns_without_headers_are_told_by_their_values():
    found = fields({f"c{number}": values for number, values in enumerate(VALUES.values())})
    assert list(found.values()) == [
        Field.RECORD_ID, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.BIRTH_DATE, Field.OTHER, Field.PHONE,
        Field.EMAIL, Field.GENDER, Field.ADDRESS,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "headers",
    [
        "ID Имя Фамилия Дата_рождения Дата_регистрации Телефон Почта Пол Адрес",
        "mijoz_id ismi familiyasi tug'ilgan_sana created_at telefon_raqami pochta jinsi manzil",
        "Kunden-Nr Vorname Nachname Geburtsdatum created_at Telefon E-Mail Geschlecht Anschrift",
    ],
)
def test_headers_in_other_languages_are_understood(headers):
    found = fields(dict(zip(headers.split(), VALUES.values(), strict=True)))
    assert list(found.values()) == [
        Field.RECORD_ID, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.BIRTH_DATE, Field.OTHER, Field.PHONE,
        Field.EMAIL, Field.GENDER, Field.ADDRESS,
    ]  # fmt: skip


def test_a_header_does_not_win_over_what_is_in_the_column():
    found = recognise({"phone": VALUES["mail"], "name": ["Acme Ltd", "Foo GmbH", "Bar LLC"] * 9}, TODAY)
    assert found["phone"].field is Field.EMAIL
    assert found["name"].field is Field.ORGANISATION


def test_a_reason_shows_no_value():
    found = recognise(VALUES, TODAY)
    shown = " ".join(it.reason for it in found.values())
    assert not any(value in shown for values in VALUES.values() for value in values if len(value) > 3)


def test_values_that_say_nothing_are_passed_over():
    mail = ["", None, "N/A", *VALUES["mail"]]
    assert fields({"c0": mail})["c0"] is Field.EMAIL


TABLES = st.dictionaries(
    st.text(max_size=12), st.lists(st.none() | st.text() | st.integers(), max_size=8), max_size=6
)


@given(TABLES)
def test_any_table_has_a_field_a_column(columns):
    found = recognise(columns, TODAY)
    assert list(found) == list(columns)
    told = [it.field for it in found.values() if it.field in ONCE]
    assert len(told) == len(set(told))
    assert all(it.reason for it in found.values())


def test_a_file_of_a_public_set_is_recognised_whole():
    with (shared_data("er") / "febrl3.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))
    found = fields({name: [row[name] for row in rows] for name in rows[0]})
    assert list(found.values()) == [
        Field.RECORD_ID, Field.GIVEN_NAME, Field.FAMILY_NAME, Field.HOUSE, Field.STREET, Field.STREET,
        Field.CITY, Field.POSTCODE, Field.REGION, Field.BIRTH_DATE, Field.NATIONAL_ID,
    ]  # fmt: skip


def test_numbers_that_are_no_phones_are_not_taken_for_them():
    found = fields(
        {
            "k": VALUES["key"],
            "c1": column(lambda i: f"{i % 28 + 1:02}.{i % 12 + 1:02}.{2018 + i % 8}"),
            "c2": column(lambda i: str(1_763_274_433 + i * 977)),
            "branch_no": column(lambda i: f"{30_000_000 + i % 7:09}"),
        }
    )
    assert set(found.values()) == {Field.RECORD_ID, Field.OTHER}


def test_a_name_beside_a_family_name_is_the_given_one():
    found = fields({"SURNAME": VALUES["family"], "NAME": VALUES["given"]})
    assert found["NAME"] is Field.GIVEN_NAME
    assert fields({"NAME": VALUES["given"], "x": VALUES["mail"]})["NAME"] is Field.GIVEN_NAME


def test_names_made_of_a_fathers_name_are_told_from_family_names():
    fathers = column(lambda i: ["Rustamovich", "Иванович", "Jasur o'g'li", "Петровна", "Karim qizi"][i % 5])
    found = fields({"c0": VALUES["given"], "c1": fathers, "c2": VALUES["family"]})
    assert list(found.values()) == [Field.GIVEN_NAME, Field.MIDDLE_NAME, Field.FAMILY_NAME]


def test_a_number_passes_for_an_id_only_where_one_kind_fits_most():
    keys = column(lambda i: f"{(i * 7_919 + 54_290_630) % 10**9:09}")
    assert fields({"cust": VALUES["key"], "c1": keys})["c1"] is not Field.NATIONAL_ID
