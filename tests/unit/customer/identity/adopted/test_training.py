"""A model of a house's own records: what stewards said is learned from, and what is no word is not."""

from __future__ import annotations

from onefold.customer.identity.adopted.training import model_of_portraits
from onefold.customer.identity.model import Judgement, Verdict, pair_of
from tests.properties.adopted import learned, records


def judged(verdict, *pairs):
    """Words on pairs of fragments."""
    found = [Judgement(*pair_of(*it), verdict, "operator:a", "looked", 1) for it in pairs]
    return {(it.left, it.right): it for it in found}


def of_one_person(count):
    """The first two records of some people."""
    by_person = {}
    for person, portrait in records():
        by_person.setdefault(person, []).append(portrait.fragment_id)
    return [tuple(ids[:2]) for ids in list(by_person.values())[:count]]


def trained(standing):
    return model_of_portraits([it for _, it in records()], "2026-01-01", "a test", standing)


def test_same_and_different_are_learned_from():
    pairs = of_one_person(60)
    told = trained(judged(Verdict.SAME, *pairs[:30]) | judged(Verdict.DIFFERENT, *pairs[30:]))
    # Some have no key in common and are no candidates.
    assert 30 < told.judged <= 60
    assert told.calibration != learned().calibration
    assert (told.fields, told.keys) == (learned().fields, learned().keys)


def test_unsure_is_no_word_and_what_is_gone_is_not_looked_for():
    pairs = of_one_person(10)
    gone = judged(Verdict.SAME, (b"\0" * 16, pairs[0][0]))
    assert trained(judged(Verdict.UNSURE, *pairs) | gone) == learned()
