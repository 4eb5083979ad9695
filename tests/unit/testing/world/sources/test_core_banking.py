"""What core banking delivers, read back from its files."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from onefold.testing.world.generate import DEFAULT_UNTIL
from onefold.testing.world.sources.core_banking import BALANCE_DAYS
from tests.unit.testing.world.made import delivered, truth, world

FIRST = DEFAULT_UNTIL - timedelta(days=BALANCE_DAYS - 1)


def rows(name: str) -> list[dict[str, str]]:
    return delivered(world(3000)[0], "core-banking", name)


def day_of(text: str) -> date:
    return date(int(text[6:10]), int(text[3:5]), int(text[:2]))


def minor(text: str) -> int:
    whole, _, hundredths = text.partition(",")
    assert len(hundredths) == 2
    return int(whole + hundredths)


def balances() -> dict[str, dict[date, int]]:
    """Account → day → what it held."""
    held: dict[str, dict[date, int]] = defaultdict(dict)
    for row in rows("BALANCES"):
        assert day_of(row["DAY"]) not in held[row["ACC_NO"]], "a day is stated once"
        held[row["ACC_NO"]][day_of(row["DAY"])] = minor(row["AMOUNT"])
    return held


def test_an_open_account_has_a_balance_for_every_day_of_the_quarter_moved_or_not() -> None:
    held, whole, younger, closed = balances(), 0, 0, 0
    for account in rows("ACCOUNTS"):
        first = max(FIRST, day_of(account["OPENED"]))
        last = day_of(account["CLOSED"]) if account["CLOSED"] else DEFAULT_UNTIL
        expected = {first + timedelta(days=at) for at in range((last - first).days + 1)}
        assert set(held.get(account["ACC_NO"], ())) == expected
        whole += len(expected) == BALANCE_DAYS
        younger += first > FIRST
        closed += last < DEFAULT_UNTIL
    assert whole > 1000
    assert younger
    assert closed
    assert sum(len(days) for days in held.values()) == len(rows("BALANCES"))


def test_every_daily_balance_agrees_with_the_transactions_to_the_unit() -> None:
    """Of each day: the balance after the last movement up to then, or before the first one of the year."""
    booked: dict[str, list[tuple[date, int, int]]] = defaultdict(list)
    for row in rows("TRANSACTIONS"):
        amount = minor(row["AMOUNT"]) * (1 if row["DC"] == "C" else -1)
        booked[row["ACC_NO"]].append((day_of(row["BOOKED"]), amount, minor(row["BALANCE"])))
    compared = moved = 0
    for account, days in balances().items():
        moves = booked.get(account, [])
        if not moves:
            assert len(set(days.values())) == 1, "nothing moved it"
            continue
        balance = moves[0][2] - moves[0][1]
        for day in sorted(days):
            while moves and moves[0][0] <= day:
                _, amount, after = moves.pop(0)
                balance += amount
                assert balance == after
                moved += day >= FIRST
            assert days[day] == balance
            compared += 1
    assert compared > 90_000
    assert moved > 10_000


def test_the_currency_of_a_balance_is_that_of_its_account() -> None:
    currencies = {row["ACC_NO"]: row["CCY"] for row in rows("ACCOUNTS")}
    assert set(currencies.values()) == {"UZS", "USD"}
    assert all(row["CCY"] == currencies[row["ACC_NO"]] for row in rows("BALANCES"))


def test_that_somebody_is_vulnerable_is_noted_in_one_record_of_a_person_and_told_in_the_truth() -> None:
    folder = world(3000)[0]
    noted = {row["CUST_NO"] for row in rows("CUSTOMERS") if row["CARE"] == "V"}
    who = {it["key"]: it["who"] for it in truth(folder, "records") if it["source"] == "core-banking"}
    told = {it["who"] for it in truth(folder, "events") if it["kind"] == "vulnerable"}
    assert len(noted) == len({who[it] for it in noted}) > 10
    assert {who[it] for it in noted} <= told
    assert {row["CARE"] for row in rows("CUSTOMERS")} == {"", "V"}
