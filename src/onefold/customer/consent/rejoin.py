"""Judging a release again: did it rest on what had been said by then? Written from the rules, not from the
gate.

Shared with the gate are what a fact is (`model.py`), which basis a purpose has and what it is part of
(`record/canon`). Not shared is any decision: `rules.py` and `scope.py` walk facts from the newest down and
stop at the first that decides; here the newest restriction and the newest grant are found apart and compared.
Should the two ever differ over one release, `onefold prove consent` says so.

    A fragment permits a purpose that rests on consent when its newest grant, said by itself or by a fragment
    that verified identifiers join to it, had been given, is not over, and is newer than every restriction
    said by any fragment of the customer. One that rests on legitimate interest it permits unless such a
    restriction stands. Contracts and legal duties ask nobody. A restriction of a purpose is one of its parts;
    a grant is one only where it says so. What counts are grants of the data that was used or of all (of what
    has to be named, those alone that name it), to who used it and nobody else, on the basis of consent; and
    restrictions of that data, of all, or of any where all was used, said to who used it or to ourselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onefold.customer.consent.model import (
    ANY_CHANNEL,
    ANY_PURPOSE,
    OURSELVES,
    ConsentFact,
    FactKind,
    Suppression,
    Use,
)
from onefold.record.canon.data_classes import ANY_DATA, DATA_CLASSES, EXPLICIT
from onefold.record.canon.purposes import LINEAGE, PURPOSES, Basis

_ASKED = (Basis.CONSENT, Basis.LEGITIMATE_INTEREST)


@dataclass(frozen=True, slots=True)
class Said:
    """All that had been said by the members of one customer at the instant of a release.

    `joined` are, for each member, those that verified identifiers join to it, itself among them.
    """

    members: Sequence[bytes]
    facts: Sequence[ConsentFact]
    suppressions: Sequence[Suppression]
    joined: Mapping[bytes, frozenset[bytes]]
    at: int


def rests_on_somebodys_word(purpose: str) -> bool:
    """Whether what anybody says can forbid the purpose, so that there is something to judge."""
    known = PURPOSES.get(purpose)
    return known is None or known.basis in _ASKED


def contact_fault(said: Said, use: Use) -> str:
    """Why the customer ought not to have been contacted; empty where that was right."""
    for it in said.suppressions:
        if it.channel in (ANY_CHANNEL, use.channel):
            return "a suppression was in force"
    for member in said.members:
        fault = _fault(said, member, use)
        if fault:
            return fault
    return "" if said.members else "nobody knows whose data it was"


def look_fault(said: Said, used: Iterable[bytes], use: Use) -> str:
    """Why the fragments that a view combined ought not to have been; empty where that was right.

    Looking needs a channel, whichever, on which each of them permits the use. Without fragments, as in a list
    of customers that were found, one of the members has to.
    """
    channels = {it.channel for it in said.facts if it.purpose in LINEAGE.get(use.purpose, ())} | {ANY_CHANNEL}
    combined = list(used)

    def fault(member: bytes) -> str:
        uses = (Use(use.purpose, it, use.data_class, use.controller) for it in sorted(channels))
        return min((_fault(said, member, it) for it in uses), key=bool)

    if not combined:
        return min(map(fault, said.members), key=bool, default="nobody knows whose data it was")
    return next(filter(None, map(fault, combined)), "")


def _fault(said: Said, member: bytes, use: Use) -> str:
    """Why one fragment did not permit a use; empty where it did."""
    known = PURPOSES.get(use.purpose)
    if known is None:
        return "there is no such purpose"
    if use.data_class not in (ANY_DATA, *DATA_CLASSES):
        return "there is no such class of data"
    if member not in said.joined:
        return "it was no record of the customer"
    if known.basis not in _ASKED:
        return ""
    heard = [it for it in said.facts if it.channel in (ANY_CHANNEL, use.channel)]
    restricted = max((it.at for it in heard if _restricts(it, use)), default=None)
    granted = max(
        (_age(it, said.at) for it in heard if _grants(it, use) and _reaches(said, it, member)),
        default=None,
    )
    stands = granted is not None and granted[1] and (restricted is None or granted[0] > restricted)
    if stands or (known.basis is Basis.LEGITIMATE_INTEREST and restricted is None):
        return ""
    if restricted is not None and (granted is None or granted[0] <= restricted):
        return "it had been withdrawn or objected to"
    if granted is None:
        return "nobody had granted it"
    # What is over gives way to the restriction that came before it.
    return "the grant was over" if restricted is None or known.needs_consent else "it had been objected to"


def _restricts(fact: ConsentFact, use: Use) -> bool:
    """Whether a fact is a no to a use."""
    apart = ANY_DATA not in (fact.data_class, use.data_class) and fact.data_class != use.data_class
    return (
        fact.kind is not FactKind.GRANTED
        and fact.purpose in (*LINEAGE[use.purpose], ANY_PURPOSE)
        and fact.controller in (OURSELVES, use.controller)
        and not apart
    )


def _grants(fact: ConsentFact, use: Use) -> bool:
    """Whether a fact is a yes to a use, if it is in force."""
    of_part = fact.includes_parts and fact.purpose in LINEAGE[use.purpose]
    classes = {use.data_class} if use.data_class in EXPLICIT else {ANY_DATA, use.data_class}
    return (
        fact.kind is FactKind.GRANTED
        and (fact.purpose in (use.purpose, ANY_PURPOSE) or of_part)
        and fact.data_class in classes
        and fact.controller == use.controller
        and fact.basis in ("", Basis.CONSENT)
    )


def _reaches(said: Said, fact: ConsentFact, member: bytes) -> bool:
    """Whether a grant speaks for a member by now; one that begins later does not, one that is over does."""
    over = fact.until_at is not None and fact.until_at <= said.at
    begun = fact.from_at is None or fact.from_at <= said.at
    return fact.party in said.joined[member] and fact.at <= said.at and (over or begun)


def _age(grant: ConsentFact, at: int) -> tuple[int, bool]:
    """Later grants replace earlier ones; of two at one instant the one that lasts."""
    return grant.at, grant.until_at is None or grant.until_at > at
