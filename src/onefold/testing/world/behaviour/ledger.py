"""The months of one account in the shape of the Berka data: pay, orders, withdrawals, cards, fees.

Amounts are Berka's times five hundred (one koruna of 1993 is about 500 soum of today). What happens to a
person shows: without pay the balance sinks, a purchase empties it at once, a thief spends at night.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from onefold.testing.world.behaviour.calendar import Calendar, Month
from onefold.testing.world.behaviour.holdings import Account
from onefold.testing.world.behaviour.merchants import EMPLOYERS, MERCHANTS
from onefold.testing.world.model import Company, Person

SCALE = 500
STATEMENT_FEE = 15 * SCALE * 100
YEARLY_INTEREST = {"current": 0.001, "savings": 0.16, "junior": 0.14, "business": 0.0}
PENALTY_SHARE = 0.003
CASH_STEP = 50_000_00
SEVERANCE_SHARE = 0.3

_LAST_MINUTE = 1439


class Entry(NamedTuple):
    """One movement before it is booked: positive is credit; minor units, or per cent (see `_SHARES`)."""

    day: int
    minute: int
    amount: int
    operation: str
    category: str
    text: str
    party: str = ""
    account: str = ""


class Stand(NamedTuple):
    """A balance that stood at the end of each of the days first ≤ d ≤ last."""

    first: int
    last: int
    balance: int


class Ledger:
    """Books the months of one account; `booked` gets every entry with the balance after it.

    `opening` is what it held before the first of them.
    """

    def __init__(self, rng: Random, calendar: Calendar, account: Account) -> None:
        self._rng = rng
        self._calendar = calendar
        self._account = account
        who = account.owner.who
        self._person = who.owner if isinstance(who, Company) else who
        self._life = self._person.life if isinstance(who, Person) else {}
        self._income = self._person.income * 100
        self._payday = (1, 5, 5, 10, 10, 12, 15, 25)[int(rng.random() * 8)]
        self._employer = EMPLOYERS[int(rng.random() * len(EMPLOYERS))]
        self._paid_in_cash = self._person.employed and rng.random() < 0.18
        self._thrift = 0.86 + 0.24 * rng.random()
        self._buffer = 0.3 + 2.2 * rng.random() ** 2
        self._shops = [MERCHANTS[int(rng.random() * len(MERCHANTS))] for _ in range(5)]
        self._cards = 0.2 + 1.8 * rng.random()
        self.balance = self.opening = self._opening(account.kind)
        self.booked: list[tuple[Entry, int]] = []

    def _opening(self, kind: str) -> int:
        rng = self._rng
        if kind == "current":
            return int((self._income or 1_500_000_00) * (0.2 + 1.2 * rng.random() ** 2))
        scale = {"savings": 9_000_000_00, "junior": 1_500_000_00, "business": 60_000_000_00}[kind]
        if self._account.currency == "USD":
            scale = 1_800_00
        return int(scale * rng.lognormvariate(0, 0.8))

    def run(self) -> None:
        """Books the whole window."""
        plan = {"current": self._current, "business": self._business}.get(self._account.kind, self._savings)
        for month in self._calendar.months:
            if month.last < self._account.opened:
                continue
            entries = plan(month)
            entries = [it for it in entries if it.day >= self._account.opened]
            entries.sort()
            for entry in entries:
                self._book(entry)
            if month.whole:
                self._close(month)

    def stands(self, first: int, last: int) -> Iterator[Stand]:
        """What the account held at the end of each day from first to last, in order and without a gap."""
        since, balance = first, self.opening
        for entry, after in self.booked:
            if entry.day > last:
                break
            if entry.day > since:
                yield Stand(since, entry.day - 1, balance)
                since = entry.day
            balance = after
        if since <= last:
            yield Stand(since, last, balance)

    def _book(self, entry: Entry) -> None:
        """Needs go below zero if they must; wishes are cut to what is there, or dropped."""
        amount = entry.amount
        if entry.category in _SHARES:
            amount = -(max(0, self.balance) * -amount // 100 // CASH_STEP * CASH_STEP)
            if amount == 0:
                return
            entry = entry._replace(amount=amount)
        elif amount < 0 and entry.category not in _NEEDS and self.balance + amount < 0:
            amount = -(max(0, self.balance) // CASH_STEP * CASH_STEP)
            if amount == 0:
                return
            entry = entry._replace(amount=amount)
        self.balance += amount
        self.booked.append((entry, self.balance))

    def _close(self, month: Month) -> None:
        """Interest or penalty interest, and the fee, at the end of the month."""
        account = self._account
        interest = int(self.balance * YEARLY_INTEREST[account.kind] / 12)
        if self.balance < 0:
            penalty = max(1_00, int(-self.balance * PENALTY_SHARE))
            self._book(Entry(month.last, _LAST_MINUTE, -penalty, "303", "PENI", "Penalty interest"))
        elif interest >= 100_00:
            self._book(Entry(month.last, _LAST_MINUTE, interest, "301", "INTR", "Interest"))
        if account.kind in ("current", "business") and account.owner.made_on % 10 < 5:
            self._book(Entry(month.last, _LAST_MINUTE, -STATEMENT_FEE, "302", "FEE", "Statement fee"))

    def _current(self, month: Month) -> list[Entry]:
        rng, life = self._rng, self._life
        if life.get("leaving", month.last + 1) < month.first - 20:
            return []
        entries = self._pay(month)
        obligations = self._obligations(month, entries)
        worry = 0.90 if self._out_of_work(month.first) else 1.0
        pay = self._income or 1_200_000_00
        free = max(200_000_00, int((pay - obligations) * self._thrift * worry * (0.8 + 0.4 * rng.random())))
        if self.balance > self._buffer * pay:
            free += int((self.balance - self._buffer * pay) * 0.5)
        cards = int(self._cards * worry + rng.random())
        spent = self._purchases(month, entries, cards)
        cash = max(0, free - spent)
        for _ in range(1 + (rng.random() < 0.30)):
            part = int(cash * (0.35 + 0.4 * rng.random())) // CASH_STEP * CASH_STEP
            if part:
                entries.append(self._at(month, -part, "201", "CASH", "Cash withdrawal"))
        if rng.random() < 0.15:
            amount = int(pay * 0.1 * rng.lognormvariate(0, 0.8)) // 1000_00 * 1000_00 + 20_000_00
            sign = 1 if rng.random() < 0.4 else -1
            entries.append(self._at(month, sign * amount, "102" if sign > 0 else "202", "TRNF", "Transfer"))
        if life:
            self._turns(month, entries)
        return entries

    def _pay(self, month: Month) -> list[Entry]:
        rng, person = self._rng, self._person
        day = month.day_one + self._payday - 1
        if not self._income and rng.random() < 0.75:
            amount = int(1_400_000_00 * rng.lognormvariate(0, 0.5)) // CASH_STEP * CASH_STEP + CASH_STEP
            return [self._at(month, amount, "101", "DEPO", "Cash deposit")]
        if not self._income or not month.first <= day <= month.last:
            return []
        if not person.employed:
            amount = self._income
            return [Entry(day, 600, amount, "102", "PENS", f"Pension {month.label}", "Pension fund", "")]
        amount = int(self._income * (0.97 + 0.06 * rng.random())) // 100_000 * 100_000
        if self._out_of_work(day):
            if day - self._life["job_loss"] > 31:
                return []
            amount = int(amount * SEVERANCE_SHARE)
        if self._life.get("leaving", day + 1) <= day:
            return []
        if self._paid_in_cash:
            return [self._at(month, amount // CASH_STEP * CASH_STEP, "101", "DEPO", "Cash deposit")]
        return [
            Entry(
                day,
                540 + int(rng.random() * 120),
                amount,
                "102",
                "SALA",
                f"Salary {month.label}",
                self._employer,
            )
        ]

    def _out_of_work(self, day: int) -> bool:
        lost = self._life.get("job_loss")
        return lost is not None and lost <= day and not self._life.get("new_job", day + 1) <= day

    def _obligations(self, month: Month, entries: list[Entry]) -> int:
        total = 0
        for at, (category, account, amount) in enumerate(self._account.orders):
            day = month.day_one + 5 + 3 * at
            total += amount
            if month.first <= day <= month.last:
                entries.append(Entry(day, 420, -amount, "202", category, _ORDER_TEXTS[category], "", account))
        loan = self._account.loan
        if loan:
            total += loan.payment
            day = month.day_one + 11
            if max(month.first, loan.granted + 20) <= day <= month.last:
                entries.append(Entry(day, 421, -loan.payment, "202", "LOAN", f"Loan {loan.number}"))
        return total

    def _purchases(self, month: Month, entries: list[Entry], count: int) -> int:
        rng, total = self._rng, 0
        for _ in range(count):
            shop = self._shops[int(rng.random() * 5)]
            amount = int(shop.usual * rng.lognormvariate(0, shop.spread)) // 100 * 10_000 + 10_000
            total += amount
            entries.append(self._at(month, -amount, "203", shop.category, f"Card {shop.name}", shop.name))
        return total

    def _at(
        self, month: Month, amount: int, operation: str, category: str, text: str, party: str = ""
    ) -> Entry:
        """Some day of the month in the hours people are up."""
        rng = self._rng
        day = month.first + int(rng.random() * (month.last - month.first + 1))
        return Entry(day, 480 + int(rng.random() * 840), amount, operation, category, text, party)

    def _turns(self, month: Month, entries: list[Entry]) -> None:
        """What life does to the account this month."""
        rng, life = self._rng, self._life
        here = {kind: day for kind, day in life.items() if month.first <= day <= month.last}
        if "big_purchase" in here:
            share = -70 - int(rng.random() * 25)
            entries.append(
                Entry(here["big_purchase"], 700, share, "202", "AUTO", "Purchase of a car", "Auto Salon")
            )
        if "leaving" in here:
            day = min(month.last, here["leaving"] + 5)
            entries.append(Entry(day, 800, -85, "202", "MOVE", "Transfer to own account elsewhere"))
        if "fraud" in here:
            for turn in range(2 + int(rng.random() * 3)):
                amount = int(max(400_000_00, self.balance) * (0.1 + 0.15 * rng.random())) // 10_000 * 10_000
                entries.append(
                    Entry(here["fraud"], 125 + turn * 9, -amount, "204", "SHOP", "Card abroad", "Web Shop LT")
                )
        if "dispute" in here:
            shop = self._shops[0]
            amount = shop.usual * 100 * 3
            entries += [
                Entry(
                    here["dispute"], 900 + turn, -amount, "203", shop.category, f"Card {shop.name}", shop.name
                )
                for turn in range(2)
            ]

    def _savings(self, month: Month) -> list[Entry]:
        rng = self._rng
        scale = 100_00 if self._account.currency == "USD" else 400_000_00
        entries = []
        if rng.random() < 0.22:
            amount = int(scale * rng.lognormvariate(0, 0.6)) // 10_00 * 10_00
            entries.append(self._at(month, amount, "102", "TRNF", "Top-up"))
        if rng.random() < 0.06:
            entries.append(self._at(month, -self.balance // 3 // 10_00 * 10_00, "202", "TRNF", "Withdrawal"))
        return entries

    def _business(self, month: Month) -> list[Entry]:
        rng = self._rng
        entries = []
        for _ in range(2 + int(rng.random() * 3)):
            amount = int(14_000_000_00 * rng.lognormvariate(0, 0.7)) // 1000_00 * 1000_00
            buyer = EMPLOYERS[int(rng.random() * len(EMPLOYERS))]
            entries.append(self._at(month, amount, "102", "SALE", "Payment for goods", buyer))
        for _ in range(2 + int(rng.random() * 2)):
            amount = int(12_000_000_00 * rng.lognormvariate(0, 0.7)) // 1000_00 * 1000_00
            entries.append(self._at(month, -amount, "202", "SUPP", "Payment to supplier"))
        return entries


_NEEDS = frozenset({"RENT", "UTIL", "INSR", "LOAN", "FEE", "PENI"})
_SHARES = frozenset({"AUTO", "MOVE"})
"""Categories whose entries state per cent of the balance; the amount is known when they are booked."""

_ORDER_TEXTS = {"RENT": "Rent", "UTIL": "Household payment", "INSR": "Insurance premium"}
