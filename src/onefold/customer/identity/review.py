"""Which pairs of records are worth a steward's look, and how much: pure functions of what the state says.

Theory
------
A decision is worth what it changes times how likely it is to change it. How likely is told from why identity
left the pair as it is: evidence that competes with evidence for somebody else is the least certain, evidence
held back from records of sensitive groups comes next, evidence against which a conflict stands is mostly
rightly overruled, and a join that rests on one reason without proof is mostly right. What a decision changes
are the records and products that would be together, or apart. These four are an order of kinds, no
probabilities: a provider that knows probabilities has weights that say more, and within a kind and a size the
heavier evidence comes first. Pairs of sensitive groups come before all others, since a wrong merge does the
most harm there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from onefold.customer.identity.explain import held_back
from onefold.customer.identity.judgements import all_conflicts
from onefold.customer.identity.model import EvidenceProvider, Pair, Portrait


class Kind(StrEnum):
    """Why a pair is worth a look."""

    COMPETING = "competing"
    HELD_BACK = "held_back"
    CONFLICT = "conflict"
    WEAK_JOIN = "weak_join"
    PROPOSED = "proposed"
    """Found by nothing: somebody proposed a word for it."""


UNCERTAINTY = {Kind.COMPETING: 90, Kind.HELD_BACK: 80, Kind.CONFLICT: 50, Kind.WEAK_JOIN: 30}
"""Of a hundred: the order of the kinds, see the theory."""


class Finding(NamedTuple):
    """A pair worth a look: why, and what speaks for it and against it."""

    kind: Kind
    weight: int
    reasons: tuple[str, ...]
    conflicts: tuple[str, ...]
    careful: bool


class Worth(NamedTuple):
    """What a decision is worth; the greater comes first, ties by pair."""

    sensitive: bool
    stake: int
    weight: int


def finding_of(
    left: Portrait, right: Portrait, provider: EvidenceProvider, *, joined: bool, alone: bool
) -> Finding | None:
    """What is to be looked at in a pair nobody judged yet; None where there is nothing.

    `joined`: they are one customer; `alone`: of no other records than the two.
    """
    evidence = provider.evidence(left, right)
    careful = left.careful or right.careful
    weight = max((it.weight for it in evidence), default=0)
    reasons = tuple(it.rule for it in evidence)
    if joined:
        is_weak = alone and len(evidence) == 1 and not evidence[0].verified
        return Finding(Kind.WEAK_JOIN, weight, reasons, (), careful) if is_weak else None
    conflicts = tuple(it.rule for it in all_conflicts(left, right, None, provider))
    if conflicts and not evidence:
        # A birth date that is wrong may be all that keeps the evidence from counting.
        undated = (msgspec.structs.replace(it, birth_date=None) for it in (left, right))
        evidence = provider.evidence(*undated)
        weight = max((it.weight for it in evidence), default=0)
        reasons = tuple(f"{it.rule}, but for the birth dates" for it in evidence)
    if not evidence:
        held = held_back(left, right, provider)
        if not held or conflicts:
            return None
        most = max(it.weight for it in held)
        return Finding(Kind.HELD_BACK, most, tuple(it.rule for it in held), (), careful)
    return Finding(Kind.CONFLICT if conflicts else Kind.COMPETING, weight, reasons, conflicts, careful)


def worth_of(found: Finding, records: int, products: int, *, sensitive: bool) -> Worth:
    """By the records and products that the decision is about."""
    return Worth(sensitive, UNCERTAINTY[found.kind] * (records + products), found.weight)


Ranked = tuple[Pair, Finding, Worth]
