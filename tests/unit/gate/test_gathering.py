"""Reading ahead answers what the state would have answered, and asks it less often."""

from __future__ import annotations

from itertools import product

import pytest

from onefold.gate import gathering
from onefold.gate.gathering import OF_PARTY, Gathered
from tests.unit.gate.bank import Bank, ms


class Counting:
    """A reader that counts its questions."""

    def __init__(self, reader) -> None:
        self.reader = reader
        self.asked: list[str] = []

    def __getattr__(self, name):
        self.asked.append(name)
        return getattr(self.reader, name)


@pytest.fixture
def bank():
    bank = Bank()
    for number in range(3):
        party = bank.add("party", "core", f"C{number}")
        for other in range(number):
            bank.add("case", "crm", f"{number}{other}", party=party, opened_at=ms(other))
            bank.add("consent", "crm", f"c{number}{other}", party=party, given_at=ms(9 - other))
    return bank


def parties(bank):
    return sorted(bank.state._members) or [
        it for it in bank.state._fragments if bank.state._fragments[it].entity == "party"
    ]


def test_what_was_gathered_is_answered_as_the_state_would(bank):
    ids = parties(bank)
    gathered = Gathered(bank.state)
    gathered.gather(ids, OF_PARTY)
    for relation, count, most in product((*OF_PARTY, "interaction.party"), range(4), (1, 2, 1000)):
        asked = ids[:count]
        assert gathered.linked(asked, relation, most=most) == bank.state.linked(asked, relation, most=most)


def test_what_was_gathered_is_not_asked_again(bank):
    counting = Counting(bank.state)
    gathered = Gathered(counting)
    ids = parties(bank)
    gathered.gather(ids, OF_PARTY)
    before = list(counting.asked)
    found = [it for _, it, _ in gathered.linked(ids, "consent.party")]
    assert len(gathered.fragments(found)) == len(found) == 3
    assert counting.asked == before == ["referring"]


def test_a_page_below_a_place_is_asked_of_the_state(bank):
    ids = parties(bank)
    gathered = Gathered(bank.state)
    gathered.gather(ids, OF_PARTY)
    newest = gathered.linked(ids, "case.party", most=1)[0]
    rest = gathered.linked(ids, "case.party", before=newest[:2])
    assert rest == bank.state.linked(ids, "case.party", before=newest[:2])
    assert newest not in rest


def test_a_customer_with_too_much_is_read_the_ordinary_way(bank, monkeypatch):
    monkeypatch.setattr(gathering, "GATHERED_MAX", 3)
    ids = parties(bank)
    gathered = Gathered(bank.state)
    gathered.gather(ids, OF_PARTY)
    assert gathered.linked(ids, "consent.party") == bank.state.linked(ids, "consent.party")


def test_a_fresh_one_remembers_nothing(bank):
    counting = Counting(bank.state)
    gathered = Gathered(counting)
    ids = parties(bank)
    gathered.fragments(ids)
    gathered.fresh().fragments(ids)
    assert counting.asked == ["fragments", "fragments"]
