"""What a customer holds: products found through holders, stated directly, or hanging on another product.

A party holds an account through a `holder`, or the account names the party itself; a loan hangs on an
account, a card on one holder of it. Each is listed once, under the strongest role any way gives. A card on a
joint account is that of the holder it names, and no other holder is shown it; a guardian is shown the ward's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from onefold.gate.balances import balance_now
from onefold.gate.gathering import OF_ACCOUNT
from onefold.gate.model import AccountView
from onefold.gate.scope import Scope, Standing
from onefold.kernel.ids import id_text
from onefold.kernel.time import iso_day

_ROLES = ("owner", "joint", "guardian", "authorised")
_LINKS_MAX = 1000


@dataclass(slots=True)
class Holding:
    """One product and how this customer comes to it."""

    account: Standing
    role: str


@dataclass(slots=True)
class Holdings:
    """The products of a customer by fragment id."""

    found: dict[bytes, Holding] = field(default_factory=dict)

    def add(self, account: Standing, role: str) -> None:
        """Counts one way to a product."""
        held = self.found.get(account.fragment.fragment_id)
        if held is None or _rank(role) < _rank(held.role):
            self.found[account.fragment.fragment_id] = Holding(account, role)


def _rank(role: str) -> int:
    return _ROLES.index(role) if role in _ROLES else len(_ROLES)


def holdings_of(scope: Scope, party_ids: Sequence[bytes]) -> dict[bytes, Holding]:
    """Every product of the given party fragments that the scope allows."""
    holdings = Holdings()
    holders = scope.standing(_referring(scope, party_ids, "holder.party"))
    roles: dict[bytes, str] = {}
    for it in holders.values():
        account, role = it.values.get("account"), str(it.values.get("role") or "owner")
        if account is not None and (account not in roles or _rank(role) < _rank(roles[account])):
            roles[account] = role
    for account_id, it in scope.standing(roles).items():
        holdings.add(it, roles[account_id])
    for it in scope.standing(_referring(scope, party_ids, "account.party")).values():
        holdings.add(it, "owner")
    for it in scope.standing(_referring(scope, list(holders), "account.holder")).values():
        holdings.add(it, str(holders[it.values["holder"]].values.get("role") or "owner"))
    scope.reader.gather(list(holdings.found), OF_ACCOUNT)
    on_accounts = scope.standing(_referring(scope, list(holdings.found), "account.account"))
    scope.reader.gather(list(on_accounts), OF_ACCOUNT)
    own = frozenset(party_ids)
    for it in on_accounts.values():
        role = holdings.found[it.values["account"]].role
        if role == "guardian" or is_of_another(scope, it, own) is False:
            holdings.add(it, role)
    return holdings.found


def is_of_another(scope: Scope, product: Standing, members: frozenset[bytes]) -> bool | None:
    """Whether a product on an account is another holder's alone, as a card is; None where nothing tells.

    Of a holder only whose it is is read, whatever its source may serve.
    """
    party, holder = product.values.get("party"), product.values.get("holder")
    if party is not None and party not in members:
        return True
    if holder is None:
        return False
    found = scope.reader.fragments([holder]).get(holder)
    whose = (found.values or {}).get("party") if found else None
    return None if whose is None else whose not in members


def account_views(scope: Scope, holdings: Iterable[Holding]) -> tuple[AccountView, ...]:
    """The products as shown: open ones first, then by kind and age."""
    held = list(holdings)
    ids = [it.account.fragment.fragment_id for it in held]
    seen = ids if scope.consented is None else [it for it in ids if scope.serves(it, "transaction")]
    moved = scope.reader.totals(seen, "movements") if seen else {}
    views = [_view(scope, it, moved.get(of)) for it, of in zip(held, ids, strict=True)]
    views.sort(key=lambda it: (it.status == "closed", it.product, it.opened_on, it.id))
    return tuple(views)


def _view(scope: Scope, holding: Holding, moved: tuple[int, int] | None) -> AccountView:
    """One product; `moved` says how many movements there were, and the day of the last."""
    it = holding.account
    account_id = it.fragment.fragment_id
    now = balance_now(scope, it)
    shown = scope.record(it)
    return AccountView(
        id=id_text(account_id),
        source=it.fragment.source,
        product=str(shown.get("product", "")),
        name=str(shown.get("name", "")),
        number=str(shown.get("number", "")),
        currency=str(shown.get("currency", "")),
        status=str(shown.get("status", "")),
        role=holding.role,
        holders=max(1, len(scope.standing(_referring(scope, [account_id], "holder.account")))),
        opened_on=str(shown.get("opened_on", "")),
        amount=str(shown.get("amount", "")) or None,
        balance=now.balance if now else None,
        balance_at=now.day if now else None,
        transactions=moved[0] if moved else 0,
        moved_on=iso_day(moved[1]) if moved else None,
    )


def _referring(scope: Scope, ids: Sequence[bytes], relation: str) -> list[bytes]:
    if not ids:
        return []
    return [from_id for _, from_id, _ in scope.reader.linked(ids, relation, most=_LINKS_MAX)]
