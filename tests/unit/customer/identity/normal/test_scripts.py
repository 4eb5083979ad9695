"""Scripts: what a token of any of them is in Latin letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.scripts import Script, romanised, script_of


@pytest.mark.parametrize(
    ("token", "latin"),
    [
        ("Müller", "muller"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        ("İbrahim", "ibrahim"),
        ("Nguyễn", "nguyen"),
        ("Шевченко", "shevchenko"),
        ("Ґалаґан", "galagan"),
        ("Ўткир", "otkir"),
        ("Ғулом", "gulom"),
        ("Әсел", "asel"),
        ("Ђоковић", "djokovic"),
        ("राजेश", "rajesh"),
        ("शर्मा", "sharma"),
        ("क़ुरैशी", "quraishi"),
        ("सिंह", "singh"),
        ("अंबानी", "ambani"),
        ("প্রিয়া", "priya"),
        ("محمد", "mhmd"),
        ("يوسف", "yusf"),
        ("نواز", "nwaz"),
        ("גיורג", "giorg"),
        ("Παπαδόπουλος", "papadopulos"),
        ("Μπάμπης", "babis"),
        ("გიორგი", "giorgi"),
        ("Հայկ", "hayk"),
        ("王", "王"),
    ],
)
def test_a_token_is_romanised_by_the_rules_of_its_script(token, latin):
    assert romanised(token) == latin


def test_a_decomposed_letter_is_the_letter():
    assert romanised("Андрей") == romanised("Андрей".replace("й", "и\u0306"))


@pytest.mark.parametrize(
    ("token", "script"),
    [("Ivan", Script.LATIN), ("Иван", Script.CYRILLIC), ("محمد", Script.ARABIC), ("42", Script.OTHER)],
)
def test_a_script_is_that_of_the_first_letter(token, script):
    assert script_of(token) is script


@given(st.text())
def test_romanising_twice_is_romanising_once(text):
    once = romanised(text)
    assert romanised(once) == once
