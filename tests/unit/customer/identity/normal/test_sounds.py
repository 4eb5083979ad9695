"""Sounds: the forms of a token, from what was written to what is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.sounds import sound

SPELLINGS = [
    "Raximov Rakhimov Рахимов Раҳимов Rahimov",
    "Yuliya Юлия Yulia",
    "Dmitrii Dmitriy Dmitry Дмитрий",
    "Aleksey Alexey Алексей Alexei",
    "Alexander Aleksandr Александр",
    "O'tkir Ўткир Oʻtkir O‘tkir",
    "G'ulom Ғулом Gulom",
    "Елена Elena Yelena",
    "Сергеев Sergeyev Sergeev",
    "Бахтиёр Baxtiyor Bakhtiyor",
    "Жасур Jasur Zhasur Dzhasur",
    "Щербаков Shcherbakov Scherbakov",
    "Қодиров Qodirov Kodirov",
    "Максим Maksim Maxim",
    "Вячеслав Vyacheslav Viacheslav",
    "José Jose",
    "Phillips Filips",
    "शर्मा Sharma",
    "Μιχάλης Michalis",
    "Muhammadjon Мухаммаджон",
]


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_spellings_of_one_name_have_one_skeleton(spellings):
    assert len({sound(it).skeleton for it in spellings.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    [("Hasan", "Husan"), ("Aziz", "Aziza"), ("Karimov", "Karimova"), ("Olim", "Olima"), ("Ivan", "Ian")],
)
def test_different_names_have_different_skeletons(pair):
    assert sound(pair[0]).skeleton != sound(pair[1]).skeleton


@pytest.mark.parametrize(
    "spellings",
    ["Muhammad Mohamed محمد Мухаммад", "Yusuf يوسف", "Walid وليد", "Hasan حسن", "Miriam מרים"],
)
def test_a_script_without_vowels_has_the_consonants_of_the_others(spellings):
    assert len({sound(it).consonants for it in spellings.split()}) == 1


@pytest.mark.parametrize("pair", [("Karimov", "Garimoff"), ("Tomas", "Domaz"), ("Pavel", "Bafel")])
def test_consonants_that_are_heard_for_one_another_are_one_class(pair):
    assert sound(pair[0]).classes == sound(pair[1]).classes


@given(st.text(), st.text())
def test_tokens_that_agree_in_a_form_agree_in_every_coarser_one(left, right):
    one, other = sound(left), sound(right)
    forms = [(it.folded, it.skeleton, it.consonants, it.classes) for it in (one, other)]
    equal = [a == b for a, b in zip(*forms, strict=True)]
    assert equal == sorted(equal)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_a_folded_token_is_its_own_fold(text):
    assert sound(sound(text).folded).folded == sound(text).folded == text
