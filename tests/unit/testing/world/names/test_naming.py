"""How names are drawn, passed on and changed."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from onefold.testing.world.names.naming import FAMILIES, FEMALE, MALE, gendered, given_name, middle_name
from onefold.testing.world.names.spelling import CYRILLIC, LOOSE, OWN, PASSPORT, spell

CULTURES = ("uzbek", "russian", "indian", "english")


@pytest.mark.parametrize(
    ("family", "culture", "hers"),
    [
        ("Karimov", "uzbek", "Karimova"),
        ("Иванов", "russian", "Иванова"),
        ("Ильин", "russian", "Ильина"),
        ("Вишневский", "russian", "Вишневская"),
        ("Шевчук", "russian", "Шевчук"),
        ("Sharma", "indian", "Sharma"),
        ("Smith", "english", "Smith"),
    ],
)
def test_a_woman_bears_the_feminine_form_where_there_is_one(family, culture, hers):
    assert gendered(family, culture, woman=True) == hers
    assert gendered(family, culture, woman=False) == family


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Иван", "Иванович", "Ивановна"),
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Игорь", "Игоревич", "Игоревна"),
    ],
)
def test_a_patronymic_comes_from_the_fathers_name(father, son, daughter):
    assert middle_name(Random(1), "russian", father, 1980, woman=False) == son
    assert middle_name(Random(1), "russian", father, 1980, woman=True) == daughter


def test_frequent_names_are_drawn_more_often_than_rare_ones():
    rng = Random(5)
    drawn = Counter(given_name(rng, "uzbek", woman=False) for _ in range(20_000))
    assert drawn[MALE["uzbek"].names[0]] > 4 * drawn[MALE["uzbek"].names[-1]] > 0


@pytest.mark.parametrize("culture", CULTURES)
def test_every_name_of_a_culture_has_all_four_spellings(culture):
    for pool in (MALE, FEMALE, FAMILIES):
        for name in pool[culture].names:
            latin = [spell(name, culture, style) for style in (OWN, PASSPORT, LOOSE)]
            assert all(spelled.isascii() and spelled[0].isupper() for spelled in latin), name
            cyrillic = spell(name, culture, CYRILLIC)
            assert not any(letter.isascii() and letter.isalpha() for letter in cyrillic), name


@pytest.mark.parametrize("culture", CULTURES)
def test_a_list_names_everybody_once(culture):
    for pool in (MALE, FEMALE, FAMILIES):
        names = pool[culture].names
        assert len(set(names)) == len(names)
