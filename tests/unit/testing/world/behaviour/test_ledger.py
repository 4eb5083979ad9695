"""Accounts through time."""

from __future__ import annotations

from random import Random

from onefold.testing.world.behaviour.calendar import Calendar
from onefold.testing.world.behaviour.holdings import hold
from onefold.testing.world.behaviour.ledger import Ledger
from tests.unit.testing.world.made import blocks, setting

CALENDAR = Calendar(setting())


def ledgers(kind="current"):
    for block in blocks(6000):
        for account in hold(Random(block.number), setting(6000), block).accounts:
            if account.kind == kind:
                ledger = Ledger(Random(account.number), CALENDAR, account)
                opening = ledger.balance
                ledger.run()
                yield account, opening, ledger


def month_ends(account, ledger):
    """(day, balance) of the last day of each whole month that the account saw."""
    last = {month.last for month in CALENDAR.months if month.whole and account.opened <= month.last}
    stands = list(ledger.stands(setting().start, setting().until))
    return [(day, it.balance) for day in sorted(last) for it in stands if it.first <= day <= it.last]


def test_what_stands_between_two_days_has_no_gap_and_follows_the_bookings():
    first, last = setting().until - 91, setting().until
    for _, opening, ledger in ledgers():
        stands = list(ledger.stands(first, last))
        days = [day for it in stands for day in range(it.first, it.last + 1)]
        assert days == list(range(first, last + 1))
        ends = {entry.day: after for entry, after in ledger.booked}
        for it in stands:
            for day in range(it.first, it.last + 1):
                newest = max((moved for moved in ends if moved <= day), default=None)
                assert it.balance == (opening if newest is None else ends[newest])


def test_every_balance_is_the_last_one_and_the_movement():
    for kind in ("current", "savings", "junior", "business"):
        for _, opening, ledger in ledgers(kind):
            balance = opening
            for entry, after in ledger.booked:
                balance += entry.amount
                assert after == balance


def test_entries_come_in_order_and_lie_in_the_window():
    for _, _, ledger in ledgers():
        moments = [(entry.day, entry.minute) for entry, _ in ledger.booked]
        assert moments == sorted(moments)
        assert all(setting().start <= day <= setting().until for day, _ in moments)


def test_nothing_is_booked_before_an_account_is_opened():
    for account, _, ledger in ledgers():
        assert all(entry.day >= account.opened for entry, _ in ledger.booked)


def test_a_current_account_moves_about_as_often_as_those_of_berka():
    months, entries = 0, 0
    for account, _, ledger in ledgers():
        months += len(month_ends(account, ledger))
        entries += len(ledger.booked)
    assert 4.0 < entries / months < 6.5


def test_pay_stops_after_the_job_is_lost_and_the_balance_sinks():
    found = 0
    for account, _, ledger in ledgers():
        life = account.owner.who.life
        lost = life.get("job_loss")
        if lost is None or "new_job" in life or not setting().start + 120 < lost < setting().until - 100:
            continue
        paid = [entry.day for entry, _ in ledger.booked if entry.category in ("SALA", "DEPO")]
        if account.owner.who.employed and any(day < lost for day in paid):
            found += 1
            assert not any(day > lost + 31 for day in paid)
            ends = month_ends(account, ledger)
            before = [balance for day, balance in ends if day < lost][-3:]
            assert ends[-1][1] < sum(before) / len(before)
    assert found > 5


def test_a_big_purchase_takes_most_of_the_balance_at_once():
    found = 0
    for account, _, ledger in ledgers():
        day = account.owner.who.life.get("big_purchase")
        for at, (entry, after) in enumerate(ledger.booked[1:], start=1):
            if entry.day == day and entry.text.startswith("Purchase"):
                found += 1
                assert after <= ledger.booked[at - 1][1] * 0.6
    assert found > 5


def test_a_thief_spends_abroad_at_night():
    stolen = [
        entry
        for account, _, ledger in ledgers()
        for entry, _ in ledger.booked
        if entry.operation == "204" and "fraud" in account.owner.who.life
    ]
    assert stolen
    assert all(entry.minute < 300 and entry.amount < 0 for entry in stolen)


def test_wishes_never_overdraw_an_account():
    needs = {"RENT", "UTIL", "INSR", "LOAN", "FEE", "PENI"}
    for _, opening, ledger in ledgers():
        before = opening
        for entry, after in ledger.booked:
            if entry.amount < 0 and entry.category not in needs:
                assert after >= 0 or before < 0
            before = after
