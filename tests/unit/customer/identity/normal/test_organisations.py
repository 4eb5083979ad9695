"""Organisations: the legal form apart, the rest in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.organisations import looks_like_one, organisation, says_a_form


@pytest.mark.parametrize(
    "spellings",
    [
        ("Chorsu Savdo MChJ", "ООО «Чорсу Савдо»", "Chorsu Savdo LLC", "МЧЖ Чорсу Савдо"),
        ("Tata Motors Private Limited", "TATA MOTORS PVT. LTD.", "Tata Motors (P) Ltd"),
        ("Acme GmbH & Co. KG", "ACME G.m.b.H.", "Acme"),
        ("HSBC Holdings p.l.c.", "HSBC Holdings plc"),
        ('Акционерное общество "Ромашка"', "АО Ромашка", "Romashka JSC"),
        ("Abc Sp. z o.o.", "ABC"),
        ("Foo K.K.", "FOO Kabushiki Kaisha"),
    ],
)
def test_one_firm_has_one_key(spellings):
    assert len({organisation(it).telling for it in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Chorsu Savdo MChJ", "limited"),
        ("ООО Ромашка", "limited"),
        ("Gazprom PJSC", "joint_stock"),
        ("ИП Иванов", "sole"),
        ("Oilaviy korxona Baraka", "private"),
        ("The Bakery", ""),
        ("ООО", ""),
        ("", ""),
    ],
)
def test_a_legal_form_is_told_by_its_class(text, form):
    assert organisation(text).form == form


def test_a_word_that_is_a_form_elsewhere_stays_inside_a_name():
    assert "as" in organisation("Such As Bread Ltd").key


def test_generic_words_are_told():
    assert organisation("Baraka Savdo Group").telling == organisation("Baraka").telling
    assert looks_like_one("Baraka Savdo")
    assert not looks_like_one("Aziz Karimov")


@given(st.text())
def test_any_text_is_a_name_of_a_firm(text):
    found = organisation(text)
    assert len(found.generic) == len(found.tokens)


@given(st.lists(st.sampled_from("Chorsu Ромашка Baraka Tata Ltd MChJ".split()), min_size=1, max_size=4))
def test_the_order_of_words_does_not_matter(words):
    assert organisation(" ".join(words)).key == organisation(" ".join(reversed(words))).key


def test_a_legal_form_that_is_hardly_a_word_says_that_it_is_a_firm():
    assert all(map(says_a_form, ("Delta LLC", 'ООО "Ромашка"', "Media Print MChJ", "Müller GmbH")))
    assert not any(map(says_a_form, ("Maria de Sa", "Pushkin AS", "Karimov Aziz", "")))
