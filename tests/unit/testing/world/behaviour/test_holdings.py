"""Who holds what."""

from __future__ import annotations

from collections import Counter
from random import Random

from onefold.testing.world.behaviour.holdings import hold
from tests.unit.testing.world.made import blocks, setting


def held():
    return [hold(Random(block.number), setting(), block) for block in blocks()]


def test_account_numbers_are_unique():
    numbers = Counter(account.number for it in held() for account in it.accounts)
    assert max(numbers.values()) == 1


def test_a_junior_account_has_a_guardian_beside_its_owner():
    junior = [account for it in held() for account in it.accounts if account.kind == "junior"]
    assert junior
    for account in junior:
        (owner, _), (guardian, role) = account.holders
        assert role == "G"
        assert owner.who.guardian is guardian.who


def test_partners_share_accounts():
    roles = Counter(role for it in held() for account in it.accounts for _, role in account.holders[1:])
    assert roles["J"] > roles["A"] / 3 > 0


def test_a_business_account_belongs_to_the_firm():
    business = [account for it in held() for account in it.accounts if account.kind == "business"]
    assert business
    assert all(account.owner.who.id.startswith("c") for account in business)
