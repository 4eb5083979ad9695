"""The balance of an account at the end of each day it changed, from what its source states.

Days for which the source states a balance have that one. Between them stands what transactions state: of
each day the balance after its last one. Days on which none states a balance are led to, from the next day
that has one, by the day sums of credits and debits; so are the days beyond the newest `_READ_MOST`
transactions. What is stated comes before what is summed, because banks round what they show (Berka's
interest does).

Several transactions of one day may each state the balance after them, and nothing says which came last (a
bank of the nineties has days, not instants). But each also tells the balance before it: the last of the day
is the one whose balance no other starts from. Balances are whole numbers of minor units, so this is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from onefold.gate.masks import cut
from onefold.gate.model import BalancePoint, BalanceSeries
from onefold.gate.scope import Scope, Standing
from onefold.kernel.ids import id_text
from onefold.kernel.time import day_of, iso_day

_EVER = 1 << 31
_LAST_DAY = 8
"""Mostly enough to see all of a day and one of the day before."""
_SAME_DAY_MAX = 200
_READ_MOST = 5_000


def balance_now(scope: Scope, account: Standing) -> BalancePoint | None:
    """The newest balance that can be known, where the permit may see amounts."""
    points = _points(scope, account, newest_only=True)
    return points[-1] if points else None


def balance_series(scope: Scope, account: Standing) -> BalanceSeries:
    """Every day the balance changed or was stated, oldest first."""
    return BalanceSeries(
        account=id_text(account.fragment.fragment_id),
        currency=scope.text(account, "currency"),
        points=tuple(_points(scope, account, newest_only=False)),
    )


def _points(scope: Scope, account: Standing, *, newest_only: bool) -> list[BalancePoint]:
    if not scope.serves(account.fragment.fragment_id, "balance"):
        return []
    stated, derived = _stated(scope, account, newest_only), _derived(scope, account, newest_only)
    days = sorted((dict(derived) | dict(stated)).items())
    currency = account.values.get("currency") or ""
    points = []
    for day, minor in days:
        shown = cut("balance", "amount", minor, {"currency": currency}, scope.permit.fields)
        if shown.value is not None:
            points.append(BalancePoint(day=iso_day(day), balance=str(shown.value)))
    return points


def _stated(scope: Scope, account: Standing, newest_only: bool) -> list[tuple[int, int]]:
    """(day, balance) where the source states balances by day."""
    account_id = account.fragment.fragment_id
    newest = scope.reader.linked([account_id], "balance.account", most=1)
    if not newest:
        return []
    first = day_of(newest[0][0]) if newest_only else -_EVER
    counts = scope.reader.buckets([account_id], "balances", first, _EVER)
    sums = {day: amount for _, day, amount in scope.reader.buckets([account_id], "balance", first, _EVER)}
    # A day stated twice (two sources, say) counts once: the mean of equals is each of them.
    return [(day, sums.get(day, 0) // count) for _, day, count in counts]


def _derived(scope: Scope, account: Standing, newest_only: bool) -> list[tuple[int, int]]:
    """(day, balance) from the balances that transactions state and the movements of the days between."""
    anchor = _anchor(scope, account.fragment.fragment_id)
    if anchor is None or newest_only:
        return [anchor] if anchor else []
    account_id = account.fragment.fragment_id
    net: Counter[int] = Counter()
    for sign, measure in ((1, "credit"), (-1, "debit")):
        for _, day, amount in scope.reader.buckets([account_id], measure, -_EVER, _EVER):
            net[day] += sign * amount
    last_day, after = anchor
    by_day = _newest_by_day(scope, account_id)
    series = []
    for day in sorted((day for day in net if day <= last_day), reverse=True):
        if day < last_day:
            after = _nearest_end(by_day.get(day, ()), after)
        series.append((day, after))
        after -= net[day]
    return series[::-1]


def _newest_by_day(scope: Scope, account_id: bytes) -> dict[int, list[Standing]]:
    """The newest transactions, day by day; only days that were read whole."""
    links = scope.reader.linked([account_id], "transaction.account", most=_READ_MOST)
    cut_day = day_of(links[-1][0]) if len(links) == _READ_MOST else -_EVER
    days = {from_id: day_of(at) for at, from_id, _ in links if day_of(at) > cut_day}
    by_day: dict[int, list[Standing]] = {}
    for key, it in scope.standing(list(days)).items():
        by_day.setdefault(days[key], []).append(it)
    return by_day


def _nearest_end(transactions: Iterable[Standing], led_to: int) -> int:
    """The balance after the last of a day's transactions.

    Where they tell no single one, the stated balance nearest to what the day after leads to.
    """
    stated = [it for it in transactions if it.values.get("balance") is not None]
    ends = _ends(stated) or [it.values["balance"] for it in stated] or [led_to]
    return min(ends, key=lambda balance: (abs(balance - led_to), balance))


def _anchor(scope: Scope, account_id: bytes) -> tuple[int, int] | None:
    """The newest day with a stated balance, and the balance at its end."""
    links = scope.reader.linked([account_id], "transaction.account", most=_LAST_DAY)
    if len(links) == _LAST_DAY and day_of(links[0][0]) == day_of(links[-1][0]):
        links = scope.reader.linked([account_id], "transaction.account", most=_SAME_DAY_MAX)
    if not links:
        return None
    last = day_of(links[0][0])
    ids = [from_id for at, from_id, _ in links if day_of(at) == last]
    balance = end_of_day(scope.standing(ids).values())
    return None if balance is None else (last, balance)


def end_of_day(transactions: Iterable[Standing]) -> int | None:
    """The balance after the last of one day's transactions; None where none states one."""
    stated = [it for it in transactions if it.values.get("balance") is not None]
    ends = _ends(stated)
    if len(ends) == 1:
        return ends[0]
    if not stated:
        return None
    # The chain is broken or runs in a circle: the newest statement is the best that is known.
    newest: int = max(stated, key=lambda it: it.fragment.stamp).values["balance"]
    return newest


def _ends(stated: Iterable[Standing]) -> list[int]:
    """The balances of a day that no other of its transactions starts from: one, if the chain is whole."""
    stated = list(stated)
    after = Counter(it.values["balance"] for it in stated)
    before = Counter(it.values["balance"] - signed(it) for it in stated)
    return sorted(after - before)


def signed(transaction: Standing) -> int:
    """The amount with the sign its direction gives."""
    amount: int = transaction.values.get("amount") or 0
    return -amount if transaction.values.get("direction") == "debit" else amount
