"""Stewards' words on pairs of fragments, as evidence that outweighs and outlives every rule.

A judgement is a fragment like any other: it can be corrected, and deleted, and then it never was. Where a
pair has several, the newest stands; `unsure` withdraws what was said before it and says nothing itself.
`same` lifts every conflict of the two (the steward has seen it); `different` is one that nothing lifts.
It is an opinion and no identifier: a grant of consent does not follow it, so no steward can widen one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onefold.customer.fragments.model import Fragment, Stamp
from onefold.customer.identity.model import (
    Conflict,
    Evidence,
    EvidenceProvider,
    Judgement,
    Pair,
    Portrait,
    Verdict,
    pair_of,
)
from onefold.customer.identity.rules import STEWARD_WEIGHT

LEFT, RIGHT = "judgement.left", "judgement.right"
"""The relations under which judgements hang on party fragments."""


def standing_judgements(fragments: Iterable[Fragment]) -> dict[Pair, Judgement]:
    """The word that stands for each pair, among these judgement fragments."""
    newest: dict[Pair, tuple[Stamp, bytes]] = {}
    standing: dict[Pair, Judgement] = {}
    for fragment in fragments:
        judged = _judgement(fragment)
        if judged is None:
            continue
        pair, age = (judged.left, judged.right), (fragment.stamp, fragment.fragment_id)
        if pair not in newest or age > newest[pair]:
            newest[pair], standing[pair] = age, judged
    return standing


def judged_pair(fragment: Fragment | None) -> Pair | None:
    """The pair a judgement fragment speaks of, if it stands."""
    judged = _judgement(fragment) if fragment is not None else None
    return (judged.left, judged.right) if judged is not None else None


def all_evidence(
    left: Portrait, right: Portrait, judgement: Judgement | None, provider: EvidenceProvider
) -> Sequence[Evidence]:
    """What the provider finds for two fragments, after the steward's word if there is one."""
    found = provider.evidence(left, right)
    if judgement is None or judgement.verdict is not Verdict.SAME:
        return found
    said = Evidence(judgement.left, judgement.right, STEWARD_WEIGHT, "steward: same", verified=False)
    return (said, *found)


def all_conflicts(
    left: Portrait, right: Portrait, judgement: Judgement | None, provider: EvidenceProvider
) -> Sequence[Conflict]:
    """What keeps two fragments apart: a steward's `different`, and conflicts unless one said `same`."""
    if judgement is not None and judgement.verdict is Verdict.SAME:
        return ()
    found = provider.conflicts(left, right)
    if judgement is None or judgement.verdict is not Verdict.DIFFERENT:
        return found
    return (Conflict(judgement.left, judgement.right, "steward: different"), *found)


def _judgement(fragment: Fragment) -> Judgement | None:
    values = fragment.values
    if values is None or fragment.entity != "judgement":
        return None
    left, right, verdict = values.get("left"), values.get("right"), values.get("verdict")
    if left is None or right is None or left == right or verdict not in set(Verdict):
        return None
    one, other = pair_of(left, right)
    return Judgement(
        one, other, Verdict(verdict), values.get("actor", ""), values.get("reason", ""), fragment.stamp[0]
    )
