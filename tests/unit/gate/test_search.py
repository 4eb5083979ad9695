"""Search: every part of the question on one record, whole words first, nothing told that may not be seen."""

from __future__ import annotations

from itertools import product

import pytest

from onefold.customer.identity.rules import DeterministicRules
from onefold.customer.profile.rules import default_policy
from onefold.gate import search
from onefold.gate.search import FOUND_MAX, find_customers
from tests.unit.gate.bank import FULL, Bank, permit, scope

RULES = DeterministicRules()


def a_person(bank: Bank, number: int, name: str, **more) -> bytes:
    return bank.join(bank.add("party", "core", f"C{number}", full_name=name, **more))


def found(bank: Bank, text: str, given=None):
    return find_customers(scope(bank, given), default_policy(), text, 0)


def names(bank: Bank, text: str, given=None):
    return [it.name for it in found(bank, text, given).items]


@pytest.fixture
def bank():
    bank = Bank()
    for number, name in enumerate(["Anna Karimova", "Boris Karimov", "Annabel Smith", "Olga Petrova"]):
        a_person(bank, number, name)
    return bank


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna", ["Anna Karimova", "Annabel Smith"]),
        ("KARIMOVA anna", ["Anna Karimova"]),
        ("Anna Petrova", []),
        ("Каримова", ["Anna Karimova"]),
        ("nobody", []),
        ("   ", []),
        ("%", []),
        ("\x00\x00", []),
    ],
)
def test_every_part_has_to_be_on_one_record(bank, text, expected):
    assert names(bank, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Karimov", ["Boris Karimov", "Anna Karimova"]),
        ("karimov a", ["Anna Karimova"]),
        ("B. Karimov", ["Boris Karimov"]),
        ("Каримова а", ["Anna Karimova"]),
        ("o-1", []),
        ("C1", ["Boris Karimov"]),
        ("C-1", ["Boris Karimov"]),
    ],
)
def test_initials_narrow_and_keys_are_exact(bank, text, expected):
    a_person(bank, 10, "Omar Khayyam")
    assert names(bank, text) == expected


def test_who_types_letters_finds_names_before_addresses(bank):
    a_person(bank, 11, "Zoya Olimova", email="anna.z@mail.uz")
    assert [it.matched_by for it in found(bank, "ann").items] == ["name", "name", "email"]


def test_no_more_than_twenty_are_shown_and_it_is_said_that_there_are_more():
    bank = Bank()
    for number in range(FOUND_MAX + 3):
        a_person(bank, number, f"Same Name{number}")
    page = found(bank, "same")
    assert len(page.items) == FOUND_MAX
    assert page.more


def test_a_part_that_begins_too_many_words_is_looked_for_on_the_records(monkeypatch):
    monkeypatch.setattr(search, "_HITS_MAX", 5)
    bank = Bank()
    for number, syllables in enumerate(product(("Ba", "De", "Go", "Ku", "Mi"), ("ral", "nov", "sten"))):
        a_person(bank, number, f"Aziz {''.join(syllables)}")
    assert names(bank, "aziz gonov") == ["Aziz Gonov"]
    assert len(names(bank, "aziz")) == 5


def test_a_joint_account_finds_all_its_holders(bank):
    account = bank.add("account", "core", "A1", number="11112222")
    for number in (0, 1):
        party = bank.state.fragments_of(bank.state.customers(b"", 9)[number])[0]
        bank.add("holder", "core", f"H{number}", account=account, party=party)
    assert len(found(bank, "1111 2222").items) == 2
    assert found(bank, "11112222", permit(fields=FULL | {"pci": "masked"})).items == ()


@pytest.mark.parametrize("right", ["masked", "hidden"])
def test_whoever_may_not_see_names_finds_nobody_by_them(bank, right):
    page = found(bank, "anna", permit(fields=FULL | {"pii": right}))
    assert page.items == ()
    assert "name" in page.withheld[0].what


def test_a_deleted_record_is_found_no_more(bank):
    party = bank.add("party", "core", "C9", full_name="Zulfiya")
    bank.join(party)
    assert names(bank, "zulfiya") == ["Zulfiya"]
    bank.delete("party", "core", "C9")
    assert names(bank, "zulfiya") == []
