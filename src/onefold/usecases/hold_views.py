"""Legal holds as channels show them, each with the customers it is on now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from onefold.customer.erasure.holds import Hold
from onefold.customer.profile.ports import CustomerReader
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_day, iso_instant

HOLDS_MAX = 100_000


class HoldView(msgspec.Struct, frozen=True):
    """One hold. `state` is `stands` or `lifted`; instants and days are ISO text, empty where there is none.

    `customers` are whom its records belong to now: several where they turned out to be several people.
    `source` is `onefold` where it was placed at our own desk. `matter`, `reason` and `lifted_because` are
    empty for whoever may not see them.
    """

    id: str
    state: str
    source: str
    customers: tuple[str, ...]
    records: int
    matter: str
    reason: str
    placed_at: str
    placed_by: str
    review_on: str
    is_review_due: bool
    lifted_at: str
    lifted_by: str
    lifted_because: str


class HoldList(msgspec.Struct, frozen=True):
    """Holds: those that stand by the day they are looked at again, then the others, the newest first."""

    items: tuple[HoldView, ...]
    standing: int


def views_of(reader: CustomerReader, rows: Iterable[Hold], today: int, *, in_full: bool) -> list[HoldView]:
    """The holds that these rows are part of; `in_full` with what they are about."""
    by_hold: dict[tuple[str, str], list[Hold]] = defaultdict(list)
    for it in rows:
        by_hold[it.source, it.id].append(it)
    parties = {party for found in by_hold.values() for it in found for party in it.parties}
    whose = reader.customers_of(list(parties))
    return [_view(found, whose, today, in_full) for found in by_hold.values()]


def _view(rows: list[Hold], whose: dict[bytes, bytes], today: int, in_full: bool) -> HoldView:
    stands = any(it.stands for it in rows)
    last = max(rows, key=lambda it: (it.stands, it.lifted_at, it.since_at))
    parties = {party for it in rows for party in it.parties}
    customers = {whose[it] for it in parties if it in whose}
    return HoldView(
        id=last.id,
        state="stands" if stands else "lifted",
        source=last.source,
        customers=tuple(sorted(map(id_text, customers))),
        records=len(parties),
        matter=last.matter if in_full else "",
        reason=last.reason if in_full else "",
        placed_at=iso_instant(last.since_at),
        placed_by=last.placed_by,
        review_on=iso_day(last.review_on) if last.review_on else "",
        is_review_due=stands and 0 < last.review_on <= today,
        lifted_at="" if stands or not last.lifted_at else iso_instant(last.lifted_at),
        lifted_by="" if stands else last.lifted_by,
        lifted_because=last.lifted_because if in_full and not stands else "",
    )
