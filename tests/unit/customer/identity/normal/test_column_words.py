"""Headers in many languages."""

from __future__ import annotations

import pytest

from onefold.customer.identity.normal.column_words import Field, named


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("firstName", Field.GIVEN_NAME),
        ("CUSTOMER_FIRST_NAME", Field.GIVEN_NAME),
        ("Имя", Field.GIVEN_NAME),
        ("Ismi", Field.GIVEN_NAME),
        ("Prénom", Field.GIVEN_NAME),
        ("surname", Field.FAMILY_NAME),
        ("Фамилия клиента", Field.FAMILY_NAME),
        ("NAME_LAST", Field.FAMILY_NAME),
        ("Отчество", Field.MIDDLE_NAME),
        ("ФИО", Field.FULL_NAME),
        ("first_and_surname", Field.FULL_NAME),
        ("Дата рождения", Field.BIRTH_DATE),
        ("Tug'ilgan sanasi", Field.BIRTH_DATE),
        ("Geburtsdatum", Field.BIRTH_DATE),
        ("cust_dob", Field.BIRTH_DATE),
        ("date_of_death", Field.OTHER),
        ("created_at", Field.OTHER),
        ("Mobile No.", Field.PHONE),
        ("Телефон", Field.PHONE),
        ("E-Mail", Field.EMAIL),
        ("PLZ", Field.POSTCODE),
        ("postcode_new", Field.POSTCODE),
        ("Shahar", Field.CITY),
        ("address_1", Field.STREET),
        ("ИНН", Field.NATIONAL_ID),
        ("soc_sec_id", Field.NATIONAL_ID),
        ("пол", Field.GENDER),
        ("Company", Field.ORGANISATION),
        ("CustomerID", Field.RECORD_ID),
        ("cluster", Field.OTHER),
    ],
)
def test_a_header_names_its_field(header, field):
    found = named(header)
    assert found is not None
    assert found.field is field


@pytest.mark.parametrize("header", ["c7", "", "xyzzy", "42"])
def test_a_header_that_says_nothing_names_nothing(header):
    assert named(header) is None
