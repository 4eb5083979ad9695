"""Given names that only women, or only men, bear."""

from __future__ import annotations

import pytest

from onefold.customer.identity.normal import name_genders
from onefold.customer.identity.normal.name_genders import gender_of_name
from onefold.customer.identity.normal.sounds import sound


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Александр", "male"), ("Aleksandra", "female"), ("Evgeniya", "female"), ("Evgeny", "male"),
        ("Patricia", "female"), ("Bob", "male"), ("Маша", "female"), ("Gulnora", "female"), ("राजेश", "male"),
        ("Pat", ""), ("Sasha", ""), ("Leslie", ""), ("Karimov", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_of_a_woman_or_of_a_man_where_that_is_known(name, gender):
    assert gender_of_name(sound(name).skeleton) == gender


def test_no_spelling_is_listed_for_both():
    women, men = name_genders._WOMEN, name_genders._MEN
    assert name_genders._skeletons(women).isdisjoint(name_genders._skeletons(men))
