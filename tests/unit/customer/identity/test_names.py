"""Names: one form for the spellings of one name, and how far two names agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.names import Agreement, compare, name_tokens, skeleton


@pytest.mark.parametrize(
    "spellings",
    [
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
    ],
)
def test_spellings_of_one_name_have_one_skeleton(spellings):
    assert len({skeleton(it) for it in spellings.split()}) == 1


@pytest.mark.parametrize(
    "pair", [("Hasan", "Husan"), ("Aziz", "Aziza"), ("Karimov", "Karimova"), ("Olim", "Olima")]
)
def test_different_names_stay_different(pair):
    assert skeleton(pair[0]) != skeleton(pair[1])


@pytest.mark.parametrize(
    ("left", "right", "agreement"),
    [
        ("Aziz Karimov", "Karimov Aziz", Agreement.SAME),
        ("Aziz Karimov", "КАРИМОВ АЗИЗ РУСТАМОВИЧ", Agreement.SAME),
        ("Mr. Aziz Karimov", "Aziz Karimov", Agreement.SAME),
        ("Komil Jasur o'g'li To'rayev", "Комил Жасурович Тўраев", Agreement.SAME),
        ("Komil Jasur o'g'li To'rayev", "Jasur To'rayev", Agreement.DIFFERENT),
        ("Komil Jasurovich Torayev", "Jasur Torayev", Agreement.DIFFERENT),
        ("Hasan Karimov", "Husan Karimov", Agreement.CLOSE),
        ("A. Karimov", "Aziz Karimov", Agreement.INITIALS),
        ("A. Karimov", "Bobur Karimov", Agreement.DIFFERENT),
        ("Karimov", "Aziz Karimov", Agreement.UNKNOWN),
        ("", "Aziz Karimov", Agreement.UNKNOWN),
        ("Aziz Karimov", "Nodir Karimov", Agreement.DIFFERENT),
        ("Ivan Petrov", "Ivan Ivanov", Agreement.DIFFERENT),
    ],
)
def test_how_far_two_names_agree(left, right, agreement):
    assert compare(name_tokens(left), name_tokens(right)) is agreement


names = st.lists(st.sampled_from(["aziz", "azis", "a", "karimov", "k", "rustam#", "oy"]), max_size=4).map(
    lambda tokens: tuple(sorted(tokens))
)


@given(names, names)
def test_agreement_is_the_same_from_both_sides(left, right):
    assert compare(left, right) is compare(right, left)


@given(st.text(max_size=40))
def test_any_text_has_tokens_and_none_is_empty(text):
    assert all(name_tokens(text)) or name_tokens(text) == ()
