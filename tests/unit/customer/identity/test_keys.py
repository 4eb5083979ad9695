"""The keys of the rules: of each it is known what it is made of."""

from __future__ import annotations

from onefold.customer.identity.keys import fields_of_keys, keys_of
from onefold.customer.identity.portraits import portrait_of

PERSON = {"full_name": "Anna Maria Karimova", "birth_date": 100, "email": "a@k.uz", "phone": "+998901234567"}
FIRM = {"organisation_name": "Silk Road LLC", "tax_id": "301234567"}


def test_of_each_key_the_fields_are_told():
    found = fields_of_keys(portrait_of(b"a" * 16, PERSON))
    assert sorted(found.values()) == [("birth_date", "name")] * 3 + [("email",), ("phone",)]
    assert sorted(fields_of_keys(portrait_of(b"b" * 16, FIRM)).values()) == [
        ("organisation_name",),
        ("tax_id",),
    ]


def test_they_are_the_keys_of_the_rules_and_no_others():
    for values in (PERSON, FIRM, FIRM | PERSON, {}):
        portrait = portrait_of(b"a" * 16, values)
        assert fields_of_keys(portrait).keys() == keys_of(portrait)
