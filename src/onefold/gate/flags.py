"""What everybody who serves the customer should see at once: short sentences, most serious first."""

from __future__ import annotations

from onefold.customer.profile.model import Golden
from onefold.gate.dossier import Dossier
from onefold.gate.products import Holding
from onefold.gate.scope import Scope, Standing
from onefold.kernel.time import date_from_day, day_of

ADULT_YEARS = 18
_RECENT_MAX = 200


def flags_of(
    scope: Scope, dossier: Dossier, golden: Golden, holdings: dict[bytes, Holding], now: int
) -> tuple[str, ...]:
    """The flags of a customer as far as the scope's sources allow them to be known."""
    parties, accounts = list(dossier.permitting), list(holdings)
    found = [f"do not contact: {it.reason or it.channel}" for it in dossier.consents.suppressions]
    found += [
        f"open block by {it.fragment.source}" for it in _risks(scope, parties, accounts) if _is_block(it)
    ]
    blocked = sum(it.account.values.get("status") == "blocked" for it in holdings.values())
    arrears = sum(it.account.values.get("status") == "arrears" for it in holdings.values())
    cases = [it for it in _cases(scope, parties, accounts) if it.values.get("status") != "closed"]
    found += [f"{blocked} blocked product{_s(blocked)}"] if blocked else []
    found += [f"{arrears} product{_s(arrears)} in arrears"] if arrears else []
    found += [f"{len(cases)} open case{_s(len(cases))}"] if cases else []
    if scope.permit.fields.get("pii") == "full" and _is_minor(golden, now):
        found.append("minor")
    return tuple(dict.fromkeys(found))


def _risks(scope: Scope, parties: list[bytes], accounts: list[bytes]) -> list[Standing]:
    return _related(scope, (("risk.party", parties), ("risk.account", accounts)))


def _cases(scope: Scope, parties: list[bytes], accounts: list[bytes]) -> list[Standing]:
    return _related(scope, (("case.party", parties), ("case.account", accounts)))


def _related(scope: Scope, ways: tuple[tuple[str, list[bytes]], ...]) -> list[Standing]:
    ids: dict[bytes, None] = {}
    for relation, owners in ways:
        if owners:
            ids |= dict.fromkeys(it for _, it, _ in scope.reader.linked(owners, relation, most=_RECENT_MAX))
    return list(scope.standing(ids).values())


def _is_block(it: Standing) -> bool:
    return it.values.get("kind") == "block" and it.values.get("status") in ("open", "confirmed")


def _is_minor(golden: Golden, now: int) -> bool:
    born = golden.value("birth_date")
    if born is None:
        return False
    birth, today = date_from_day(born), date_from_day(day_of(now))
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    return years < ADULT_YEARS


def _s(count: int) -> str:
    return "" if count == 1 else "s"
