"""What a fragment adds to the day buckets: integer sums by owner, measure and day.

A bucket is a sum over rows, and sums are corrected by the difference between what a row added before and
what it adds now: corrections, deletes and late rows are exact and no row is read twice. Windows are sums of
day buckets taken when somebody asks, so nothing here depends on today.

Measures, owner by owner:

- account: `credit`, `debit` (minor units, positive), `movements` (count) by booking day;
  `balance` (minor units) and `balances` (count) by the day a balance is stated for
- party: `logins` and `interactions` (counts) by day, of what names the party

An amount beyond ±`MEASURED_MOST` minor units adds nothing: sums stay far inside 64 bits, on every engine.
"""

from __future__ import annotations

from onefold.customer.fragments.links import at_of
from onefold.customer.fragments.model import Fragment, Values
from onefold.kernel.time import day_of

BucketKey = tuple[bytes, str, int]
"""(owner_id, measure, day)."""

MEASURES = ("balance", "balances", "credit", "debit", "interactions", "logins", "movements")
"""Every measure there can be, in order of name."""

MEASURED_MOST = (1 << 53) - 1
_DIRECTIONS = ("credit", "debit")


def buckets_of(fragment: Fragment, values: Values) -> list[tuple[BucketKey, int]]:
    """What a fragment that stands with these values adds."""
    if fragment.entity == "transaction":
        return _of_transaction(fragment, values)
    if fragment.entity == "balance":
        return _of_balance(fragment, values)
    if fragment.entity == "interaction":
        return _of_interaction(fragment, values)
    return []


def _of_transaction(fragment: Fragment, values: Values) -> list[tuple[BucketKey, int]]:
    account, direction, amount = values.get("account"), values.get("direction"), values.get("amount")
    if (
        account is None
        or direction not in ("credit", "debit")
        or amount is None
        or abs(amount) > MEASURED_MOST
    ):
        return []
    day = day_of(at_of(fragment, values))
    return [((account, direction, day), amount), ((account, "movements", day), 1)]


def _of_balance(fragment: Fragment, values: Values) -> list[tuple[BucketKey, int]]:
    account, amount = values.get("account"), values.get("amount")
    if account is None or amount is None or abs(amount) > MEASURED_MOST:
        return []
    day = day_of(at_of(fragment, values))
    return [((account, "balance", day), amount), ((account, "balances", day), 1)]


def _of_interaction(fragment: Fragment, values: Values) -> list[tuple[BucketKey, int]]:
    owner = values.get("party")
    if owner is None:
        return []
    day = day_of(at_of(fragment, values))
    counted: list[tuple[BucketKey, int]] = [((owner, "interactions", day), 1)]
    if values.get("action") == "login":
        counted.append(((owner, "logins", day), 1))
    return counted
