"""Names from script to script."""

from __future__ import annotations

import pytest

from onefold.testing.world.names import scripts


@pytest.mark.parametrize(
    ("cyrillic", "everyday", "passport", "loose"),
    [
        ("Юлия", "Yuliya", "Iuliia", "Julija"),
        ("Дмитрий", "Dmitriy", "Dmitrii", "Dmitry"),
        ("Щербаков", "Shcherbakov", "Shcherbakov", "Scherbakov"),
        ("Алексей", "Aleksey", "Aleksei", "Alexej"),
    ],
)
def test_a_russian_name_has_three_latin_spellings(cyrillic, everyday, passport, loose):
    assert scripts.everyday_latin(cyrillic) == everyday
    assert scripts.passport_latin(cyrillic) == passport
    assert scripts.loose_latin(cyrillic) == loose


@pytest.mark.parametrize(
    ("latin", "cyrillic", "old", "plain", "russified"),
    [
        ("G'ulomov", "Ғуломов", "Гуломов", "Gulomov", "Gulomov"),
        ("Xo'jayev", "Хўжаев", "Хўжаев", "Xojayev", "Khudjaev"),
        ("Yo'ldoshev", "Йўлдошев", "Йўлдошев", "Yoldoshev", "Yuldoshev"),
        ("Hamidov", "Ҳамидов", "Хамидов", "Hamidov", "Khamidov"),
        ("Ergashev", "Эргашев", "Эргашев", "Ergashev", "Ergashev"),
    ],
)
def test_an_uzbek_name_goes_to_cyrillic_and_comes_back_otherwise(latin, cyrillic, old, plain, russified):
    assert scripts.uzbek_cyrillic(latin) == cyrillic
    assert scripts.old_code_page(cyrillic) == old
    assert scripts.uzbek_plain(latin) == plain
    assert scripts.uzbek_russified(latin) == russified


def test_what_is_left_in_the_old_code_page_can_be_written_in_it():
    assert scripts.old_code_page("Қодиров Ғани Ҳасан Ўткир").encode("cp1251")


def test_indian_and_english_names_have_looser_spellings():
    assert scripts.indian_plain("Pooja") == "Puja"
    assert scripts.indian_loose("Vivek") == "Wiwek"
    assert scripts.indian_cyrillic("Rajesh") == "Раджеш"
    assert scripts.english_loose("Catherine") == "Katherine"
    assert scripts.english_loose("Phillips") == "Philips"
    assert scripts.english_loose("Smith") == "Smith"
