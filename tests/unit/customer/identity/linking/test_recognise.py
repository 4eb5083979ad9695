"""Recognising columns by their names and by what stands in them."""

from __future__ import annotations

import pytest

from onefold.customer.identity.linking.recognise import recognise


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("first_name", "given_name"), ("GivenName", "given_name"), ("surname", "family_name"),
        ("dob", "birth_date"),
        ("PRIMARY_NAME_LAST", "family_name"), ("full_name", "full_name"), ("EMAIL_ADDRESS", "email"),
        ("postcode", "postcode"), ("soc_sec_id", "identifier"), ("suburb", "city"), ("ADDR_FULL", "street"),
        ("occupation", "category"), ("birth_place", "city"), ("sex", "gender"),
        ("Customer Name", "full_name"), ("client_first_name", "given_name"),
        ("home_phone", "phone"),
        ("phone2", "phone"), ("Address1", "street"), ("address_line_2", "category"),
        ("postcode_raw", "postcode"), ("billing city", "city"),
        ("Date of birth (DD/MM/YYYY)", "birth_date"), ("country_code", "country"), ("Email (work)", "email"),
        ("social_security_no", "identifier"), ("Company Name", "organisation"),
    ],
)  # fmt: skip
def test_a_column_is_known_by_its_name(name, kind):
    assert recognise({name: ["x"]}, {}) == {name: kind}


@pytest.mark.parametrize("name", ["amount", "status", "cluster", "row_id", "PASSPORT_COUNTRY", "record_type"])
def test_what_does_not_tell_who_it_is_about_is_left_out(name):
    assert recognise({name: ["x", "y"]}, {}) == {}


@pytest.mark.parametrize(
    "name",
    ["branch_name", "product name", "mother's maiden name", "spouse name", "file name", "user_name",
     "spouse_first_name", "name_of_branch", "emergency contact phone", "branch city", "city of issue",
     "state of employment", "email_opt_in", "phone model", "first and surname", "bank country", "home name"],
)  # fmt: skip
def test_a_name_of_something_or_somebody_else_is_left_out(name):
    assert recognise({name: ["x", "y"]}, {}) == {}


def test_content_tells_where_the_name_does_not():
    values = {"f7": ["a@b.org", "c@d.org"], "f8": ["1990-01-02", "1980-03-04"], "f9": ["x", "y"]}
    assert recognise(values, {}) == {"f7": "email", "f8": "birth_date"}


def test_what_is_stated_counts_and_nothing_leaves_a_column_out():
    assert recognise({"city": ["x"], "dob": ["y"]}, {"city": "category", "dob": ""}) == {"city": "category"}
