"""Names of people: what each word of a name is, and that order, script and habits do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.normal.person_names import (
    TOKENS_MOST,
    Part,
    name_words,
    person_name,
    person_name_of,
)


def parts(text):
    """The written tokens with their kinds, as `aziz=name karimov=name`."""
    return " ".join(f"{it.written}={it.part}" for it in person_name(text).tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Karimov, Aziz", "karimov=family aziz=given"),
        ("Aziz Karimov", "aziz=name karimov=name"),
        ("КАРИМОВ АЗИЗ РУСТАМОВИЧ", "karimov=name aziz=name rustamovich=patronymic"),
        ("Олена Петрівна Шевченко", "olena=name petrivna=patronymic shevchenko=name"),
        ("Karimov Aziz Rustam o'g'li", "karimov=name aziz=name rustam=patronymic"),
        ("Каримова Азиза Рустам қизи", "karimova=name aziza=name rustam=patronymic"),
        ("Roman Abramovich", "roman=name abramovich=name"),
        ("Mr. J.K. Smith Jr.", "mr=title j=initial k=initial smith=name jr=suffix"),
        ("JK Rowling", "j=initial k=initial rowling=name"),
        ("Г-н Иванов И. И.", "gn=title ivanov=name i=initial i=initial"),
        ("Ludwig van Beethoven", "ludwig=name van=particle beethoven=name"),
        ("Osama bin Laden", "osama=name bin=particle laden=name"),
        ("Hassan Al-Rashid", "hassan=name al=particle rashid=name"),
        ("Le Van Duc", "le=name van=name duc=name"),
        ("Anna-Maria O'Brien", "anna=name maria=name obrien=name"),
        ("श्री राजेश कुमार शर्मा", "shri=title rajesh=name kumar=name sharma=name"),
        ("محمد بن سلمان", "mhmd=name bn=particle slman=name"),
        ("Smith, Jr.", "smith=name jr=suffix"),
        ("Dr", "dr=name"),
        ("  ", ""),
        ("42", ""),
    ],
)
def test_each_word_of_a_name_has_its_kind(text, expected):
    assert parts(text) == expected


def test_both_ways_of_saying_a_father_have_one_stem():
    uzbek, russian = person_name("Komil Jasur o'g'li To'rayev"), person_name("Комил Жасурович Тўраев")
    assert [it.sound.skeleton for it in uzbek.of(Part.PATRONYMIC)] == ["jasur"]
    assert [it.sound.skeleton for it in russian.of(Part.PATRONYMIC)] == ["jasur"]
    assert uzbek.key == russian.key


def test_a_son_is_not_found_under_the_name_of_his_father():
    assert "jasur" not in person_name("Komil Jasur o'g'li To'rayev").key


@pytest.mark.parametrize(
    "spellings",
    [
        ("Aziz Karimov", "Karimov Aziz", "Karimov, Aziz", "КАРИМОВ АЗИЗ", "Mr. Aziz Karimov"),
        ("Юлия Щербакова", "Shcherbakova Yuliya", "Dr Yulia Scherbakova"),
        ("Rajesh Sharma", "राजेश शर्मा", "Sharma, Rajesh", "Shri Rajesh Sharma"),
    ],
)
def test_one_person_has_one_key(spellings):
    assert len({person_name(it).key for it in spellings}) == 1


def test_columns_of_their_own_say_which_name_is_which():
    name = person_name_of("Aziz", "Karimov", "Rustamovich")
    assert [it.part for it in name.tokens] == [Part.GIVEN, Part.PATRONYMIC, Part.FAMILY]


@given(
    st.lists(st.sampled_from("Aziz Karimov Rustamovich van J Mr Олена Петрівна محمد де".split()), max_size=6)
)
def test_the_order_of_words_does_not_matter(words):
    assert person_name(" ".join(words)).key == person_name(" ".join(reversed(words))).key


@given(st.text())
def test_any_text_is_a_name_of_few_tokens(text):
    name = person_name(text)
    assert len(name.tokens) <= TOKENS_MOST
    assert all(it.sound.folded for it in name.tokens)


@given(st.text())
def test_a_key_written_as_a_name_has_the_same_tokens(text):
    """What is normal stays so: of the folded tokens come the same folded tokens."""
    written = [it.written for it in person_name(text).tokens if len(it.written) > 1]
    again = [it.written for it in person_name(" ".join(written)).tokens]
    assert sorted(again) == sorted(written)


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


@given(st.text())
def test_any_text_has_words_of_a_name(text):
    assert isinstance(name_words(text, whole=True), list)
