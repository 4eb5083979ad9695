"""Pages of transactions: complete, in order, and filtered by what is shown alone."""

from __future__ import annotations

import pytest

from onefold.gate.model import TransactionFilter, TransactionView
from onefold.gate.paging import cursor_of, place_of
from onefold.gate.transactions import transaction_page
from onefold.kernel.errors import CallerError
from tests.unit.gate.bank import FULL, KEY, Bank, ms, permit, scope

ACCOUNT = KEY.birth_id("core", "account", "A1")


@pytest.fixture(scope="module")
def bank():
    bank = Bank()
    account = bank.add("account", "core", "A1", product="deposit", currency="CZK")
    for number in range(1, 121):
        bank.add(
            "transaction",
            "core",
            str(number),
            account=account,
            booked_at=ms(number // 3, number % 3),
            direction="credit" if number % 2 else "debit",
            amount=number * 100,
            currency="CZK",
            text=f"note {number}",
            counterparty_account=f"77770000{number:04}",
        )
    bank.add("transaction", "aml", "x", account=account, booked_at=ms(9), direction="debit", amount=1)
    return bank


def pages(bank: Bank, given=None, **wanted):
    found: list[TransactionView] = []
    cursor: str | None = ""
    while cursor is not None:
        page = transaction_page(scope(bank, given), [ACCOUNT], TransactionFilter(cursor=cursor, **wanted))
        assert len(page.items) <= wanted.get("limit", 100)
        found += page.items
        cursor = page.next
    return found


@pytest.mark.parametrize("limit", [1, 7, 40, 120, 500])
def test_pages_give_every_transaction_once_newest_first(bank, limit):
    found = pages(bank, limit=limit)
    assert len({it.id for it in found}) == len(found) == 120
    assert [it.at for it in found] == sorted((it.at for it in found), reverse=True)
    assert found[0].amount == "-120.00"


def test_a_debit_is_negative_and_a_credit_positive(bank):
    debits, credits = (pages(bank, direction=it) for it in ("debit", "credit"))
    assert len(debits) == len(credits) == 60
    assert all(it.amount.startswith("-") for it in debits)
    assert not any(it.amount.startswith("-") for it in credits)


def test_days_are_included_at_both_ends(bank):
    found = pages(bank, first_day="1970-01-11", last_day="1970-01-12")
    assert {it.at[:10] for it in found} == {"1970-01-11", "1970-01-12"}
    assert len(found) == 6


def test_text_is_looked_for_in_what_is_shown(bank):
    assert [it.text for it in pages(bank, text="NOTE 77")] == ["note 77"]
    assert len(pages(bank, text="777700000042")) == 1


def test_amounts_are_included_at_both_ends_whatever_their_sign(bank):
    assert sorted(it.amount for it in pages(bank, least="10.00", most="12")) == ["-10.00", "-12.00", "11.00"]
    assert len(pages(bank, least="119.99")) == 1
    assert len(pages(bank, most="0.99")) == 0


def test_a_filter_does_not_tell_what_is_masked_or_hidden(bank):
    masked = permit(fields=FULL | {"pci": "masked"})
    hidden = permit(fields=FULL | {"pci": "hidden", "pii": "hidden"})
    assert pages(bank, masked, text="777700000042") == []
    assert pages(bank, hidden, text="42") == []
    assert pages(bank, hidden, least="0") == []
    assert {it.amount for it in pages(bank, hidden)} == {""}


def test_a_cursor_that_was_never_given_is_the_callers_mistake(bank):
    with pytest.raises(CallerError, match="cursor"):
        transaction_page(scope(bank), [ACCOUNT], TransactionFilter(cursor="../../x"))


@pytest.mark.parametrize("at", [0, -1, 10**15 - 1, 1 - 10**15])
def test_a_cursor_comes_back_as_the_place_it_was_made_of(at):
    assert place_of(cursor_of((at, bytes(range(16))))) == (at, bytes(range(16)))


@pytest.mark.parametrize("at", ["9" * 25, "-" + "9" * 25, "9" * 16, "", "-", "+1", " 1", "1_0", "1.0", "٣"])
def test_a_cursor_of_no_instant_is_the_callers_mistake(at):
    with pytest.raises(CallerError, match="cursor"):
        place_of(f"{at}.{'0' * 32}")


@pytest.mark.parametrize("id_hex", ["", "0" * 31, "0" * 34, "F" * 32, "0" * 32 + "\n", "00 " * 16])
def test_a_cursor_of_no_id_is_the_callers_mistake(id_hex):
    with pytest.raises(CallerError, match="cursor"):
        place_of(f"1.{id_hex}")


def test_a_day_that_does_not_exist_is_the_callers_mistake(bank):
    with pytest.raises(CallerError, match="day"):
        transaction_page(scope(bank), [ACCOUNT], TransactionFilter(first_day="1999-02-30"))


def test_no_account_gives_an_empty_page(bank):
    assert transaction_page(scope(bank), [], TransactionFilter()).items == ()
