"""Nicknames: a short form and what it stands for."""

from __future__ import annotations

import pytest

from onefold.customer.identity.normal.nicknames import full_names, may_begin, short_for_one_name
from onefold.customer.identity.normal.sounds import sound


def short(one, other):
    return short_for_one_name(sound(one).skeleton, sound(other).skeleton)


@pytest.mark.parametrize(
    "pair",
    [
        ("Bob", "Robert"),
        ("Rob", "Bob"),
        ("Саша", "Aleksandr"),
        ("Sasha", "Александра"),
        ("Катя", "Ekaterina"),
        ("Pepe", "José"),
        ("Raju", "राजेश"),
        ("Hans", "Johannes"),
    ],
)
def test_a_short_form_agrees_with_its_name_in_any_script(pair):
    assert short(*pair)
    assert short(*reversed(pair))


@pytest.mark.parametrize("pair", [("Александр", "Александра"), ("Robert", "Albert"), ("Zorg", "Zorg")])
def test_a_short_form_that_two_names_share_does_not_make_them_one(pair):
    assert not short(*pair)


def test_a_name_that_no_table_knows_stands_for_nothing():
    assert full_names("kvax") == frozenset()


def test_an_initial_can_be_that_of_a_short_form():
    robert, bob = sound("Robert").skeleton, sound("Bob").skeleton
    assert may_begin("r", robert)
    assert may_begin("b", robert)
    assert may_begin("r", bob)
    assert not may_begin("d", robert)
    assert not may_begin("b", "unknown")
