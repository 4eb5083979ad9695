"""Movements of money as one permit may see them, newest first, filtered by what is shown and nothing else.

A filter that looked at hidden values would tell them: `q=4711` finding a row says that the row holds 4711.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from onefold.gate.balances import signed
from onefold.gate.masks import cut
from onefold.gate.model import TransactionFilter, TransactionPage, TransactionView
from onefold.gate.paging import Place, cursor_of, first_ms_of, place_of
from onefold.gate.scope import Scope, Standing
from onefold.kernel.ids import id_text
from onefold.kernel.time import MS_PER_DAY, iso_instant

_READ_AT_ONCE = 500
_READ_MOST = 5000
"""A page looks at no more than this; a rare filter gives short pages with a `next`, not a slow one."""
_NEVER = -(1 << 62)


def transaction_page(
    scope: Scope, account_ids: Sequence[bytes], wanted: TransactionFilter
) -> TransactionPage:
    """One page over the given accounts."""
    first_ms = first_ms_of(wanted.first_day) if wanted.first_day else _NEVER
    place = place_of(wanted.cursor)
    if place is None and wanted.last_day:
        place = (first_ms_of(wanted.last_day) + MS_PER_DAY, b"")
    items: list[TransactionView] = []
    read = 0
    while account_ids and read < _READ_MOST:
        links = scope.reader.linked(account_ids, "transaction.account", before=place, most=_READ_AT_ONCE)
        read += len(links)
        standing = scope.standing(from_id for _, from_id, _ in links)
        for at, from_id, _ in links:
            if at < first_ms:
                return TransactionPage(tuple(items), None)
            place = (at, from_id)
            it = standing.get(from_id)
            if it is not None and _matches(view := _view(scope, it, at), it, wanted):
                items.append(view)
                if len(items) == wanted.limit:
                    return TransactionPage(tuple(items), cursor_of(place))
        if len(links) < _READ_AT_ONCE:
            return TransactionPage(tuple(items), None)
    return TransactionPage(tuple(items), _next(place) if account_ids else None)


def _next(place: Place | None) -> str | None:
    return cursor_of(place) if place else None


def _view(scope: Scope, it: Standing, at: int) -> TransactionView:
    amount = cut("transaction", "amount", signed(it), it.values, scope.permit.fields)
    return TransactionView(
        id=id_text(it.fragment.fragment_id),
        account=id_text(it.values["account"]),
        at=iso_instant(at),
        amount="" if amount.value is None else str(amount.value),
        currency=scope.text(it, "currency"),
        operation=scope.text(it, "operation"),
        category=scope.text(it, "category"),
        text=scope.text(it, "text"),
        counterparty=scope.text(it, "counterparty") or scope.text(it, "counterparty_account"),
        balance=scope.text(it, "balance") or None,
    )


def _matches(view: TransactionView, it: Standing, wanted: TransactionFilter) -> bool:
    if wanted.direction and it.values.get("direction") != wanted.direction:
        return False
    if (wanted.least or wanted.most) and not _within(view.amount, wanted):
        return False
    if not wanted.text:
        return True
    shown = (view.text, view.counterparty, view.operation, view.category, view.amount)
    needle = wanted.text.casefold()
    return any(needle in text.casefold() for text in shown)


def _within(amount: str, wanted: TransactionFilter) -> bool:
    """Whether an amount as shown lies between the wanted ones; one that is hidden lies nowhere."""
    if not amount:
        return False
    size = abs(Decimal(amount))
    return Decimal(wanted.least or "0") <= size <= Decimal(wanted.most or "Infinity")
