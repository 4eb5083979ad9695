"""Why two fragments are one customer, or are not: from the fragments alone, since nothing else is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.judgements import all_conflicts, all_evidence
from onefold.customer.identity.model import (
    Conflict,
    Evidence,
    EvidenceProvider,
    Judgement,
    Pair,
    Portrait,
    pair_of,
)
from onefold.customer.identity.portraits import portrait_of


class Explanation(msgspec.Struct, frozen=True):
    """Everything that speaks for and against two fragments being one party, strongest first."""

    left: bytes
    right: bytes
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Conflict, ...]


def explain(
    left: Fragment, right: Fragment, judgement: Judgement | None, provider: EvidenceProvider
) -> Explanation:
    """What is known of one pair; nothing where one of the two does not stand.

    That evidence is there does not say that the two were joined: a heavier join may have come first, or their
    keys may be hubs.
    """
    one, other = pair_of(left.fragment_id, right.fragment_id)
    values = left.values, right.values
    if values[0] is None or values[1] is None:
        return Explanation(one, other, (), ())
    portraits = portrait_of(left.fragment_id, values[0]), portrait_of(right.fragment_id, values[1])
    return Explanation(
        one,
        other,
        tuple(all_evidence(*portraits, judgement, provider)),
        tuple(all_conflicts(*portraits, judgement, provider)),
    )


def explain_all(
    fragments: Sequence[Fragment], judgements: Mapping[Pair, Judgement], provider: EvidenceProvider
) -> list[Explanation]:
    """Every pair of a customer's fragments, in order of their ids."""
    ordered = sorted(fragments, key=lambda it: it.fragment_id)
    return [
        explain(left, right, judgements.get((left.fragment_id, right.fragment_id)), provider)
        for left, right in combinations(ordered, 2)
    ]


def held_back(left: Portrait, right: Portrait, provider: EvidenceProvider) -> tuple[Evidence, ...]:
    """What would speak for two records, were not one of them to be joined by proof alone."""
    if not (left.careful or right.careful):
        return ()
    plain = (msgspec.structs.replace(it, careful=False) for it in (left, right))
    counted = {it.rule for it in provider.evidence(left, right)}
    return tuple(it for it in provider.evidence(*plain) if it.rule not in counted)
