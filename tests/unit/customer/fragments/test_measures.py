"""What a fragment adds to the day buckets of its owner."""

from __future__ import annotations

from onefold.customer.fragments.measures import MEASURED_MOST, MEASURES, buckets_of
from onefold.customer.fragments.model import Fragment
from onefold.kernel.time import MS_PER_DAY

ACCOUNT, PARTY, DEVICE = b"a" * 16, b"p" * 16, b"d" * 16
AT = 3 * MS_PER_DAY + 5


def buckets(entity: str, **values) -> dict:
    """(owner, measure, day) → amount."""
    return dict(buckets_of(Fragment(b"f" * 16, entity, "core", "k", PARTY, (AT, b""), values, {}), values))


def test_a_movement_adds_to_its_side_and_to_the_count():
    credit = buckets("transaction", account=ACCOUNT, direction="credit", amount=700, booked_at=AT)
    assert credit == {(ACCOUNT, "credit", 3): 700, (ACCOUNT, "movements", 3): 1}
    debit = buckets("transaction", account=ACCOUNT, direction="debit", amount=5, booked_at=AT)
    assert debit[ACCOUNT, "debit", 3] == 5


def test_a_stated_balance_adds_itself_and_that_it_was_stated():
    assert buckets("balance", account=ACCOUNT, amount=-40, day=9) == {
        (ACCOUNT, "balance", 9): -40,
        (ACCOUNT, "balances", 9): 1,
    }


def test_a_login_counts_for_the_party_and_what_names_nobody_for_nobody():
    login = {"action": "login", "happened_at": AT}
    assert buckets("interaction", party=PARTY, device=DEVICE, **login)[PARTY, "logins", 3] == 1
    assert buckets("interaction", device=DEVICE, **login) == {}
    assert buckets("interaction", party=PARTY, action="page", happened_at=AT) == {
        (PARTY, "interactions", 3): 1
    }


def test_what_says_too_little_or_too_much_adds_nothing():
    assert not buckets("transaction", direction="credit", amount=1)
    assert not buckets("transaction", account=ACCOUNT, amount=1)
    assert not buckets("transaction", account=ACCOUNT, direction="credit", amount=MEASURED_MOST + 1)
    assert not buckets("balance", account=ACCOUNT, amount=-MEASURED_MOST - 1, day=1)
    assert not buckets("party", city="x")


def test_measures_are_listed():
    used = {
        *buckets("transaction", account=ACCOUNT, direction="credit", amount=1),
        *buckets("transaction", account=ACCOUNT, direction="debit", amount=1),
        *buckets("balance", account=ACCOUNT, amount=1, day=1),
        *buckets("interaction", party=PARTY, action="login"),
    }
    assert {measure for _, measure, _ in used} == set(MEASURES)
