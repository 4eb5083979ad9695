"""Agreement of two tokens: levels across scripts, and the figure on pairs it was not learned from."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.agreement import Level, agreement
from tests.shared_data import shared_data


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Karimov", "KARIMOV", Level.SAME),
        ("Müller", "Muller", Level.SAME),
        ("Rakhimov", "Raximov", Level.SPELLING),
        ("Рахимов", "Raximov", Level.SPELLING),
        ("Ўткир", "O'tkir", Level.SAME),
        ("Шмидт", "Schmidt", Level.SPELLING),
        ("محمد", "Muhammad", Level.SPELLING),
        ("राजेश", "Rajesh", Level.SAME),
        ("विजय", "Vijai", Level.SPELLING),
        ("Bob", "Robert", Level.NICKNAME),
        ("Саша", "Alexander", Level.NICKNAME),
        ("Karimov", "Karinov", Level.CLOSE),
        ("حسين", "Hasan", Level.CLOSE),
        ("A", "Aziz", Level.INITIAL),
        ("А", "Aziz", Level.INITIAL),
        ("Ёқуб", "Yakub", Level.ALIKE),
        ("جمال", "Jamal", Level.SPELLING),
        ("Andrej", "Андрей", Level.SPELLING),
        ("B", "Aziz", Level.DIFFERENT),
        ("Karimov", "Petrov", Level.DIFFERENT),
        ("Каримов", "Petrov", Level.DIFFERENT),
        ("محمد", "Robert", Level.DIFFERENT),
        ("Ali", "Olim", Level.DIFFERENT),
        ("12", "13", Level.DIFFERENT),
        ("", "Aziz", Level.DIFFERENT),
        ("", "", Level.DIFFERENT),
        ("王", "王", Level.SAME),
    ],
)
def test_two_tokens_agree_as_far_as_their_scripts_can_tell(one, other, level):
    assert agreement(one, other).level is level


@given(st.text(max_size=12), st.text(max_size=12))
def test_agreement_is_symmetric_and_within_its_bounds(one, other):
    found = agreement(one, other)
    assert found == agreement(other, one)
    assert 0.0 <= found.score <= 1.0


@given(st.text(max_size=12))
def test_a_token_agrees_with_itself_or_says_nothing(token):
    assert agreement(token, token).level in {Level.SAME, Level.DIFFERENT}


@given(
    st.text(alphabet="абвгдежзиклмнопрстуфхцчшщыьэюя", min_size=2, max_size=10),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=10),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=10),
)
def test_a_higher_score_across_scripts_is_no_lower_level(cyrillic, one, other):
    first, second = sorted((agreement(cyrillic, one), agreement(cyrillic, other)), key=lambda it: it.score)
    nicknamed = Level.NICKNAME in {first.level, second.level}
    assert nicknamed or first.level <= second.level or first.score == second.score


def test_the_right_latin_name_is_found_for_a_cyrillic_one():
    """Real pairs of the half that nothing was learned from; the bench prints the figure over more of them."""
    lines = (shared_data("er") / "wd_russian_16").read_text(encoding="utf-8").splitlines()
    drawn = random.Random(5).sample(lines, 2000)
    pairs = [(latin, cyrillic.replace(" ", "")) for latin, cyrillic, _ in (it.split("\t") for it in drawn)]
    latins = [latin for latin, _ in pairs]
    asked = pairs[:40]
    right = sum(
        max(latins, key=lambda it: agreement(cyrillic, it).score) == latin for latin, cyrillic in asked
    )
    assert right / len(asked) >= 0.88
