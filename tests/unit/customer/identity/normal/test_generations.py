"""Generations: which of one name in one family a name says it is of."""

from __future__ import annotations

import pytest

from onefold.customer.identity.normal.generations import generation


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("John Smith Jr.", "2"), ("Smith JR, John", "2"), ("Dobbins Senior", "1"), ("John Smith III", "3"),
        ("Henry Ford 2nd", "2"), ("Петров мл.", "2"), ("Иванов Пётр старший", "1"), ("Dumas fils", "2"),
        ("Dumas père", "1"), ("João Silva Filho", "2"), ("Louis IV", "4"), ("Klein, Morris I", "1"),
    ],
)  # fmt: skip
def test_a_word_after_a_name_says_which_of_the_family_it_is(name, number):
    assert generation(name) == number


@pytest.mark.parametrize(
    "name",
    [
        "", "John Smith", "Junior", "Jr.", "I", "Ivan I Petrov", "Иванов И", "Amartya Sen", "Jun Li",
        "Patrick St James", "Senior Junior", "John Sr Jr", "Pere Llull", "İİ İ",
    ],
)  # fmt: skip
def test_what_is_a_name_or_an_initial_or_says_two_things_says_no_generation(name):
    assert generation(name) == ""
