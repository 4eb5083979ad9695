"""Fields: what columns say, in comparable form."""

from __future__ import annotations

import pytest

from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.fields import date, email, fields_of, phone, reading, words


@pytest.mark.parametrize(
    ("text", "day_first", "read"),
    [
        ("1971-06-24", False, "19710624"),
        ("24/06/1971", False, "19710624"),
        ("3/4/1971", True, "19710403"),
        ("3/4/1971", False, "19710304"),
        ("Mar 1 1970", False, "19700301"),
        ("24-May-11", False, "20110524"),
        ("3/1/70", False, "19700301"),
        ("19560409", False, "19560409"),
        ("1856-86-18", False, "18568618"),
        ("unknown", False, ""),
    ],
)
def test_a_date_is_eight_digits_however_it_is_written(text, day_first, read):
    assert date(text, day_first=day_first) == read


def test_a_column_says_whether_days_come_first():
    assert reading(["13/02/1980", "01/02/1980"])("03/04/1980") == "19800403"
    assert reading(["02/13/1980", "01/02/1980"])("03/04/1980") == "19800304"


def test_values_lose_what_does_not_tell():
    assert email('"Jay" <JJones@Mail.com>') == "jjones@mail.com"
    assert phone("+1 (702) 919-1300") == phone("702-919-1300")
    assert words("  Café,  No. 7 ") == "cafe no 7"


def test_a_whole_name_and_its_parts_become_one_name():
    fields = fields_of(
        {
            "full_name": [("name", column_of(["Thomas Clifford, 1st Baron", "Ann Lee", "Frank E Moss"]))],
            "given_name": [("first", column_of(["Thomas", "", "Frank"]))],
            "family_name": [("last", column_of(["Baron", "", "Moss"]))],
        }
    )
    said = {it.name: [it.column.values[code] for code in it.column.codes] for it in fields}
    assert said["given_name"] == ["tomas", "an", "frank"]
    assert said["family_name"] == ["baron", "le", "mos"]
    assert said["middle_name"][2] == "e"


def test_equal_values_have_equal_codes_in_every_name_column():
    fields = fields_of(
        {
            "given_name": [("first", column_of(["Alan", "Robert"]))],
            "family_name": [("last", column_of(["Robert", "Alan"]))],
        }
    )
    given, family = (it.column.codes.tolist() for it in fields)
    assert given == family[::-1]
