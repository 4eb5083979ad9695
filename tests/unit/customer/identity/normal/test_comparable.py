"""What the linker asks of `normal` for millions of values: phones as dialled, words of names, legal forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.organisations import says_a_form
from onefold.customer.identity.normal.person_names import Part, name_words
from onefold.customer.identity.normal.phones import dialled


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


@pytest.mark.parametrize(
    ("text", "fathers"),
    [
        ("Ivanov Anton Timurovich", ["timur"]), ("Karimova Hilola Sardor qizi", ["sardor"]),
        ("Roman Arkadyevich Abramovich", ["arkad"]), ("Roman Abramovich", []), ("Wright Nancy Barbara", []),
    ],
)  # fmt: skip
def test_one_word_of_a_name_at_most_is_of_the_father(text, fathers):
    assert [it.stem for it in name_words(text, whole=True) if it.part is Part.PATRONYMIC] == fathers


def test_titles_suffixes_and_particles_go_where_a_name_is_left():
    assert [it.skeleton for it in name_words("Mr. Ludwig van Beethoven Jr", whole=True)] == [
        "ludvig",
        "betoven",
    ]
    assert [it.skeleton for it in name_words("Van", whole=False)] == ["van"]


def test_a_legal_form_that_is_hardly_a_word_says_that_it_is_a_firm():
    assert all(map(says_a_form, ("Delta LLC", 'ООО "Ромашка"', "Media Print MChJ", "Müller GmbH")))
    assert not any(map(says_a_form, ("Maria de Sa", "Pushkin AS", "Karimov Aziz", "")))


@given(st.text())
def test_any_text_is_something(text):
    assert isinstance(dialled(text), str)
    assert isinstance(name_words(text, whole=True), list)
    assert says_a_form(text) in {True, False}
