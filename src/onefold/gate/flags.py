"""What everybody who serves the customer should see at once: short sentences, most serious first."""

from __future__ import annotations

from onefold.customer.consent.model import Suppression
from onefold.customer.profile.groups import births_at, groups_of, signs_of
from onefold.gate.dossier import Dossier
from onefold.gate.products import Holding
from onefold.gate.scope import Scope, Standing
from onefold.gate.untold import UNTOLD, is_untold
from onefold.record.canon.groups import GROUPS, NO_GROUP, Group, Groups

CARE = "to be treated with care"
"""What whoever serves a customer reads of groups whose names are not for them."""
_RECENT_MAX = 200


def flags_of(scope: Scope, dossier: Dossier, holdings: dict[bytes, Holding], now: int) -> tuple[str, ...]:
    """The flags of a customer as far as the scope's sources allow them to be known."""
    parties, accounts = list(dossier.permitting), list(holdings)
    found = [f"do not contact: {_why(scope, it)}" for it in dossier.consents.suppressions]
    found += [
        f"open block by {it.fragment.source}" for it in _risks(scope, parties, accounts) if _is_block(it)
    ]
    blocked = sum(it.account.values.get("status") == "blocked" for it in holdings.values())
    arrears = sum(it.account.values.get("status") == "arrears" for it in holdings.values())
    cases = [it for it in _cases(scope, parties, accounts) if it.values.get("status") != "closed"]
    found += [f"{blocked} blocked product{_s(blocked)}"] if blocked else []
    found += [f"{arrears} product{_s(arrears)} in arrears"] if arrears else []
    found += [f"{len(cases)} open case{_s(len(cases))}"] if cases else []
    found += _group_flags(scope, dossier, now)
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


def _group_flags(scope: Scope, dossier: Dossier, now: int) -> list[str]:
    """The groups by name where they may be seen, else CARE to who sees the person; others read neither.

    Only records that permit the purpose speak here, and what was set at a desk: that somebody is kept from
    something by another record is said by the refusal alone.
    """
    births = births_at(scope.ages, now)
    records = dossier.permitting.values()
    suppressions = dossier.consents.suppressions
    if not groups_of(signs_of((it.values for it in records), suppressions), births):
        return []
    seen: set[Group] = set()
    unseen = False
    for it in records:
        groups = groups_of(signs_of((it.values,), ()), births)
        shown = {group for group in groups if scope.right(it, GROUPS[group].field) == "full"}
        seen |= shown
        unseen = unseen or shown != groups
    said = signs_of((), suppressions).said
    shown_said: Groups = said if _sees_special(scope) else NO_GROUP
    unseen = unseen or shown_said != said
    masked = [CARE] if unseen and scope.permit.fields.get("pii") == "full" else []
    return [it.value for it in Group if it in seen | shown_said] + masked


def _why(scope: Scope, it: Suppression) -> str:
    """Why a customer is not contacted, as far as it may be said."""
    if is_untold(scope.permit, it.reason):
        return UNTOLD
    if it.reason != Group.VULNERABLE or _sees_special(scope):
        return it.reason or it.channel
    return CARE if scope.permit.fields.get("pii") == "full" else it.channel


def _sees_special(scope: Scope) -> bool:
    return scope.permit.fields.get("special") == "full"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
