"""A token is the same for the same value in a cell, and says nothing else."""

from __future__ import annotations

import pytest

from onefold.kernel.ids import CellKey
from onefold.record.tokens.rules import KINDS, kind_in, normalised, token_key, token_of

KEY = CellKey(token_key(CellKey(bytes(32))))
OTHER = CellKey(token_key(CellKey(bytes([1]) * 32)))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+998 90 123-45-67", "+998901234567"),
        ("email", " Anna@Bank.UZ ", "anna@bank.uz"),
        ("name", "Anna  KARIMOVA", "anna karimova"),
        ("name", "\uff21nna", "anna"),
        ("account", "20208-000 900", "20208000900"),
        ("document", "ab 12", "AB12"),
    ],
)
def test_a_value_that_is_written_otherwise_has_the_same_token(kind, one, other):
    assert token_of(KEY, kind, one) == token_of(KEY, kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "+998901234567", "+998901234568"),
        ("name", "Anna Karimova", "AnnaKarimova"),
        ("email", "an.na@bank.uz", "anna@bank.uz"),
    ],
)
def test_another_value_has_another_token(kind, one, other):
    assert token_of(KEY, kind, one) != token_of(KEY, kind, other)


def test_a_token_names_its_kind_and_nothing_of_the_value():
    for kind in KINDS:
        token = token_of(KEY, kind, "998901234567")
        assert kind_in(token) == kind
        assert token.startswith(f"tok_{kind}_")
        assert len(token) == len(f"tok_{kind}_") + 26


def test_values_of_two_kinds_and_of_two_cells_share_no_token():
    tokens = {token_of(key, kind, "12345678")[-26:] for key in (KEY, OTHER) for kind in KINDS}
    assert len(tokens) == 2 * len(KINDS)


def test_the_token_is_this_one_for_ever():
    """Tokens lie in files of others: changing how they are made would part them from what is shown."""
    assert token_of(KEY, "phone", "+998901234567") == "tok_phone_775mpija3mdwpwniw4kodmh2fq"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tok_phone_",
        f"tok_phone_{'a' * 25}",
        f"tok_phone_{'a' * 27}",
        f"tok_phone_{'A' * 26}",
        f"tok_phone_{'1' * 26}",
        f"tok_phone_{'a' * 25}b",
        f"tok_street_{'a' * 26}",
        f"tok_phone_{'a' * 26}\n",
        "+998901234567",
    ],
)
def test_what_is_not_written_as_we_write_tokens_is_none(text):
    assert kind_in(text) == ""


def test_what_a_value_is_compared_by_is_told_of_no_number_but_its_letters_and_digits():
    assert normalised("phone", "+998 (90) 1_2") == "9989012"
    assert normalised("address", " Amir  Temur\t7 ") == "amir temur 7"
