"""Two records side by side."""

from __future__ import annotations

from onefold.customer.identity.comparing import FIELDS, Outcome, compared_fields
from onefold.customer.identity.model import Portrait
from onefold.customer.identity.portraits import portrait_of

A, B = b"a" * 16, b"b" * 16


def outcomes(left: dict, right: dict) -> dict[str, Outcome]:
    return {it.field: it.outcome for it in compared_fields(portrait_of(A, left), portrait_of(B, right))}


def test_each_field_that_one_of_them_says_is_same_close_different_or_missing():
    left = {"full_name": "Aziz Karimov", "email": "a@k.uz", "birth_date": 100, "phone": "+998901234567"}
    right = {"full_name": "A. Karimov", "email": "b@k.uz", "birth_date": 101, "city": "Tashkent"}
    assert outcomes(left, right) == {
        "name": Outcome.CLOSE,
        "email": Outcome.DIFFERS,
        "birth_date": Outcome.CLOSE,
        "phone": Outcome.MISSING,
        "place": Outcome.MISSING,
    }


def test_a_birth_date_on_day_nought_is_said():
    assert outcomes({"birth_date": 0}, {"birth_date": 0}) == {"birth_date": Outcome.SAME}


def test_sides_are_told_apart():
    (only,) = compared_fields(portrait_of(A, {"email": "a@k.uz"}), portrait_of(B, {}))
    assert (only.left, only.right) == (True, False)


def test_what_is_compared_is_said_by_portraits():
    assert set(FIELDS) <= set(Portrait.__struct_fields__)
