"""Balances: from what is stated by day, or from transactions that state what was left after them."""

from __future__ import annotations

from itertools import permutations

import pytest

from onefold.gate.balances import balance_now, balance_series
from tests.unit.gate.bank import FULL, Bank, ms, permit, scope


def an_account(bank: Bank):
    return bank.add("account", "core", "A1", product="deposit", currency="CZK")


def move(bank: Bank, account: bytes, key: str, day: int, amount: int, balance: int | None, **more):
    direction = "credit" if amount > 0 else "debit"
    values = {"account": account, "booked_at": ms(day), "direction": direction, "amount": abs(amount)}
    bank.add("transaction", "core", key, **values, currency="CZK", balance=balance, **more)


def series(bank: Bank, account: bytes, given=None):
    view = scope(bank, given)
    return [(it.day, it.balance) for it in balance_series(view, view.standing([account])[account]).points]


def now(bank: Bank, account: bytes, given=None):
    view = scope(bank, given)
    return balance_now(view, view.standing([account])[account])


def test_an_account_without_money_has_no_balance():
    bank = Bank()
    account = an_account(bank)
    assert series(bank, account) == []
    assert now(bank, account) is None


def test_the_series_leads_back_from_the_newest_stated_balance():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "1", 10, 1000_00, 1000_00)
    move(bank, account, "2", 12, -300_00, None)
    move(bank, account, "3", 15, 50_50, 750_50)
    assert series(bank, account) == [
        ("1970-01-11", "1000.00"),
        ("1970-01-13", "700.00"),
        ("1970-01-16", "750.50"),
    ]
    assert now(bank, account).balance == "750.50"
    assert now(bank, account).day == "1970-01-16"


def test_a_stated_balance_comes_before_a_sum_that_was_rounded():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "1", 10, 1000_00, 1000_00)
    move(bank, account, "2", 12, 13_50, 1013_50)
    move(bank, account, "3", 12, 100_00, 1113_50)
    move(bank, account, "4", 15, 109_50, 1222_90)
    assert series(bank, account) == [
        ("1970-01-11", "1000.00"),
        ("1970-01-13", "1113.50"),
        ("1970-01-16", "1222.90"),
    ]


def test_a_day_whose_chain_is_broken_ends_nearest_to_where_the_next_begins():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "1", 10, 100_00, 100_00)
    move(bank, account, "2", 10, 50_00, 150_10)
    move(bank, account, "3", 12, 10_00, 160_10)
    assert series(bank, account) == [("1970-01-11", "150.10"), ("1970-01-13", "160.10")]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_of_one_days_transactions_the_last_is_the_one_no_other_starts_from(order):
    day = [("a", 500, 1500), ("b", -200, 1300), ("c", -900, 400), ("d", 100, 500)]
    bank = Bank()
    account = an_account(bank)
    for place in order:
        key, amount, balance = day[place]
        move(bank, account, key, 7, amount, balance)
    assert now(bank, account).balance == "5.00"


def test_a_day_that_ends_where_it_began_still_has_a_balance():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "a", 7, 500, 1500)
    move(bank, account, "b", 7, -500, 1000)
    assert now(bank, account).balance == "10.00"


def test_balances_stated_by_day_come_before_transactions():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "1", 10, 1000, 1000)
    bank.add("balance", "core", "A1|10", account=account, day=10, amount=-250, currency="CZK")
    bank.add("balance", "core", "A1|11", account=account, day=11, amount=0, currency="CZK")
    assert series(bank, account) == [("1970-01-11", "-2.50"), ("1970-01-12", "0.00")]
    assert now(bank, account).balance == "0.00"


def test_a_transaction_of_a_source_that_does_not_allow_the_purpose_counts_for_no_balance():
    bank = Bank()
    account = an_account(bank)
    bank.add(
        "transaction", "aml", "1", account=account, booked_at=ms(3), direction="credit", amount=5, balance=5
    )
    assert now(bank, account) is None


def test_whoever_may_not_see_amounts_sees_no_balance():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "1", 10, 1000, 1000)
    hidden = permit(fields=FULL | {"pci": "hidden"})
    assert series(bank, account, hidden) == []
    assert now(bank, account, hidden) is None


def test_days_between_two_stated_balances_are_filled_from_transactions():
    bank = Bank()
    account = an_account(bank)
    move(bank, account, "1", 10, 1000_00, 1000_00)
    move(bank, account, "2", 12, -300_00, 700_00)
    bank.add("balance", "core", "B1", account=account, day=10, amount=999_00, currency="CZK")
    bank.add("balance", "core", "B2", account=account, day=31, amount=700_00, currency="CZK")
    assert series(bank, account) == [
        ("1970-01-11", "999.00"),
        ("1970-01-13", "700.00"),
        ("1970-02-01", "700.00"),
    ]
    assert now(bank, account).day == "1970-02-01"


def test_a_movement_after_the_last_stated_balance_is_the_balance_now():
    bank = Bank()
    account = an_account(bank)
    bank.add("balance", "core", "B1", account=account, day=10, amount=999_00, currency="CZK")
    move(bank, account, "1", 12, -99_00, 900_00)
    assert now(bank, account).balance == "900.00"
