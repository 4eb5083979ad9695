"""Comparing: levels of many pairs, alternatives, and names in whichever order they were written."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from onefold.customer.identity.linking import levels as linking_levels
from onefold.customer.identity.linking.columns import APART, column_of
from onefold.customer.identity.linking.comparing import compare, compared_names
from onefold.customer.identity.linking.fields import fields_of
from onefold.customer.identity.linking.levels import scale_of
from onefold.customer.identity.linking.pairs import Compared, Pairs


def levels(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, str]:
    """The level of each field between two records, given by kind with the values of each column."""
    given = {
        kind: [
            (f"{kind} {at}", column_of(pair))
            for at, pair in enumerate(zip(one[kind], other[kind], strict=True))
        ]
        for kind in one
    }
    fields = fields_of(given)
    found = compare(fields, np.array([0]), np.array([1]))
    names = compared_names(fields)
    return {
        name: ("missing", *scale_of(name, kind).names)[levels[0]]
        for (name, kind), levels in zip(names, found, strict=True)
    }


def names(one: str, other: str) -> dict[str, str]:
    """The levels of two given names of one family."""
    return levels(
        {"given_name": [one], "family_name": ["Lee"]}, {"given_name": [other], "family_name": ["Lee"]}
    )


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Юлия", "Yuliya", "exact"), ("Katherine", "Catherine", "exact"), ("Robert", "Robret", "close"),
        ("Robert", "Bob", "nickname"), ("Александр", "Sasha", "nickname"), ("Margaret", "Peggie", "nickname"),
        ("Hasan", "حسن", "part"), ("Anna Maria", "Maria", "part"), ("Robert", "R.", "initial"),
        ("Robert", "Olga", "different"), ("Robert", "B.", "initial"), ("Bob", "R.", "initial"),
        ("Robert", "D.", "different"), ("Евгений", "Евгения", "crossed"), ("Patrick", "Patricia", "crossed"),
        ("Valeria", "Valery", "crossed"), ("Wei", "伟", "missing"),
        ("តារា", "Dara", "missing"), ("伟", "杰", "different"), ("小明", "小明 Ming", "initial"),
    ],
)  # fmt: skip
def test_given_names_agree_by_what_they_are(one, other, level):
    assert names(one, other)["given_name"] == level
    assert names(other, one)["given_name"] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (["901112233", "712000001"], ["712000001", ""], "shared"),
        (["901112233", ""], ["901112233", ""], "exact"),
        (["901112233", "712000001"], ["712000001", "901112233"], "exact"),
        (["901112233", "712000001"], ["712000011", ""], "slip"),
        (["901112233", "712000001"], ["", ""], "missing"),
        (["901112233", ""], ["934445566", "712000001"], "different"),
    ],
)
def test_of_several_values_the_best_two_count(one, other, level):
    assert levels({"phone": one}, {"phone": other})["phone"] == level
    assert levels({"phone": other}, {"phone": one})["phone"] == level


def test_names_are_compared_in_the_best_order():
    stated = {"given_name": ["Nancy"], "middle_name": ["Barbara"], "family_name": ["Wright"]}
    swapped = {"given_name": ["Wright"], "middle_name": ["Barbara"], "family_name": ["Nancy"]}
    turned = {"given_name": ["Wright"], "middle_name": ["Nancy"], "family_name": ["Barbara"]}
    for other, order in ((stated, "straight"), (swapped, "exchanged"), (turned, "turned")):
        found = levels(stated, other)
        assert found.pop("name_order") == order
        assert set(found.values()) == {"exact"}


def test_of_whole_names_in_no_sure_order_the_word_in_common_is_of_the_family():
    found = levels({"full_name": ["Mehta Arvind"]}, {"full_name": ["Mehta Seema"]})
    assert (found["given_name"], found["family_name"]) == ("different", "shared")
    found = levels(
        {"given_name": ["Mehta"], "family_name": ["Arvind"]},
        {"given_name": ["Mehta"], "family_name": ["Seema"]},
    )
    assert (found["given_name"], found["family_name"]) == ("exact", "different")


def test_a_person_and_a_firm_are_two():
    found = levels(
        {"full_name": ["Delta Stroy MChJ"], "birth_date": [""]},
        {"full_name": ["Karimov Aziz Rustamovich"], "birth_date": ["1990-02-03"]},
    )
    assert found["nature"] == "different"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("ul. Navoi 29-55", "29 Navoi street, apt 55", "exact"), ("Pushkina 29", "Pushkima 29", "close"),
        ("Navoi 29", "Pushkina 29", "different"), ("12 Park Road", "97 Park Road", "street"),
    ],
)  # fmt: skip
def test_addresses_agree_by_numbers_and_words(one, other, level):
    assert levels({"street": [one]}, {"street": [other]})["street"] == level


def test_alternatives_are_compared_in_parts_that_are_bounded_and_it_makes_no_difference(monkeypatch):
    """Ten phones beside ten are a hundred pairs each; how many are held at once is bounded."""
    draw = random.Random(4)
    numbers = [f"90{draw.randint(1_000_000, 1_000_400)}" for _ in range(300)]
    said = [APART.join(sorted(set(draw.choices(numbers, k=draw.randint(1, 10))))) for _ in range(80)]
    values = sorted(set(said))
    low, high = (it.astype(np.int64) for it in np.triu_indices(len(values), 1))
    sizes: list[int] = []

    def watched(pairs: Compared) -> Any:
        assert isinstance(pairs, Pairs)
        sizes.append(len(pairs.low))
        return scale_of("phone", "phone").compare(pairs)

    whole = linking_levels.levels_of(watched, values, low, high)
    assert len(sizes) == 1
    most = max(sizes)
    monkeypatch.setattr(linking_levels, "COMPARED_AT_ONCE", 150)
    sizes.clear()
    parts = linking_levels.levels_of(watched, values, low, high)
    assert (parts == whole).all()
    assert len({*whole.tolist()}) > 2
    assert max(sizes) <= 150 < most


def test_of_several_names_one_that_can_be_read_counts():
    one = {"given_name": ["王杰", "Jie"], "family_name": ["", "Wang"]}
    assert levels(one, {"given_name": ["Jie", ""], "family_name": ["Wang", ""]})["given_name"] == "shared"
    assert levels(one, {"given_name": ["Olga", ""], "family_name": ["Wang", ""]})["given_name"] == "different"


def test_a_firm_and_a_town_in_letters_without_a_table_say_nothing_to_latin_ones():
    assert levels({"organisation": ["华为"]}, {"organisation": ["Huawei"]})["organisation"] == "missing"
    assert levels({"city": ["กรุงเทพ"]}, {"city": ["Bangkok"]})["city"] == "missing"
    assert levels({"city": ["Тошкент"]}, {"city": ["Bangkok"]})["city"] == "different"


def test_generations_differ_whatever_else_a_name_says():
    found = levels({"full_name": ["John Smith Sr"]}, {"full_name": ["Smith, John Jr"]})
    assert (found["given_name"], found["family_name"]) == ("exact", "exact")
    assert found["generation"] == "different"
    assert levels({"full_name": ["John Smith Sr"]}, {"full_name": ["John Smith"]})["generation"] == "missing"
