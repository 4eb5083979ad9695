"""What goes with a member of a household, and what the others keep."""

from __future__ import annotations

import pytest

from onefold.customer.erasure.reach import reach_of
from tests.unit.gate.bank import Bank


@pytest.fixture
def bank() -> Bank:
    return Bank()


def home_of(bank: Bank, called: str, *names: str) -> tuple[bytes, dict[str, bytes]]:
    """A household of these people; its id and theirs."""
    home = bank.add("household", "core", "HH1", name=called)
    people = {it: bank.add("party", "core", it, full_name=it) for it in names}
    for at, party in enumerate(people.values()):
        bank.add("relation", "core", f"R{at}", kind="household", party=party, household=home)
    return home, people


@pytest.mark.parametrize(
    ("called", "goes"),
    [
        ("Home of ANVAR", True),
        ("Anvar Karimov", True),
        ("Karimov", False),
        ("Home of Olga", False),
        ("", False),
    ],
)
def test_a_household_that_is_called_after_who_goes_loses_its_name(bank, called, goes):
    home, people = home_of(bank, called, "Anvar Karimov", "Olga Karimov")
    reach = reach_of(bank.state, {people["Anvar Karimov"]})
    assert (home in reach.fragments) == goes
    [stays] = [
        it for _, it, _ in bank.state.linked([home], "relation.household") if it not in reach.fragments
    ]
    assert bank.state.fragments([stays])[stays].values["party"] == people["Olga Karimov"]


def test_a_household_goes_with_the_last_who_is_of_it(bank):
    home, people = home_of(bank, "Sunny side", "Anvar", "Olga")
    assert home not in reach_of(bank.state, {people["Anvar"]}).fragments
    assert home in reach_of(bank.state, set(people.values())).fragments
