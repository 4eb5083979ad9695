"""Stewards' words on pairs."""

from __future__ import annotations

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.judgements import all_conflicts, all_evidence, standing_judgements
from onefold.customer.identity.model import Verdict
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import STEWARD_WEIGHT, DeterministicRules

A, B = b"a" * 16, b"b" * 16
ONE, OTHER = portrait_of(A, {"kind": "person"}), portrait_of(B, {"kind": "organisation"})
RULES = DeterministicRules()


def said(at: int, verdict: str, left: bytes = A, right: bytes = B) -> Fragment:
    """A judgement as the state holds it."""
    values = {"left": left, "right": right, "verdict": verdict, "actor": "steward", "reason": "call"}
    return Fragment(bytes([at]) * 16, "judgement", "onefold", str(at), A, (at, b""), values, {})


def standing(*fragments: Fragment):
    """What stands for the pair A, B."""
    return standing_judgements(fragments).get((A, B))


def test_the_newest_word_stands_whichever_side_is_named_first():
    found = standing(said(2, "different", B, A), said(1, "same"))
    assert found is not None
    assert (found.verdict, found.actor, found.at) == (Verdict.DIFFERENT, "steward", 2)


def test_what_is_no_judgement_says_nothing():
    assert standing(said(1, "perhaps")) is None
    assert standing(said(1, "same", A, A)) is None
    assert standing(Fragment(B, "judgement", "onefold", "1", A, (1, b""), None, {})) is None


def test_same_outweighs_rules_lifts_conflicts_and_carries_no_consent():
    same = standing(said(1, "same"))
    found = all_evidence(ONE, OTHER, same, RULES)
    assert [(it.weight, it.verified) for it in found] == [(STEWARD_WEIGHT, False)]
    assert all_conflicts(ONE, OTHER, same, RULES) == ()
    assert [it.rule for it in all_conflicts(ONE, OTHER, None, RULES)] == ["a person and an organisation"]


def test_different_is_a_conflict_and_unsure_is_nothing():
    alike = portrait_of(B, {"kind": "person"})
    assert [it.rule for it in all_conflicts(ONE, alike, standing(said(1, "different")), RULES)] == [
        "steward: different"
    ]
    unsure = standing(said(1, "same"), said(2, "unsure"))
    assert not all_conflicts(ONE, alike, unsure, RULES)
    assert not all_evidence(ONE, alike, unsure, RULES)
