"""A model of a house's own records: what stewards said is learned from, and what is no word is not."""

from __future__ import annotations

import numpy as np

from onefold.customer.identity.adopted.training import model_of_portraits, needed_keys
from onefold.customer.identity.linking.columns import column_of
from onefold.customer.identity.linking.fields import Field
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


def table(**columns):
    """A table of such columns, each the kind of field that it is called."""
    return [Field(kind, kind, column_of(texts)) for kind, texts in columns.items()]


def keys_for(fields, *pairs):
    """The keys needed for clusters that hang together by these pairs."""
    left, right = np.array(pairs, dtype=np.int64).T
    found = needed_keys(fields, [f"{it.name}.whole" for it in fields], left, right)
    assert set(found.values()) <= {10}
    return tuple(found)


def test_a_pair_that_others_join_needs_no_key_of_its_own():
    fields = table(phone=["1", "1", "", "4"], email=["", "a", "a", "d"], city=["x", "w", "x", ""])
    both = {"email.whole", "phone.whole"}
    assert set(keys_for(fields, (0, 1), (1, 2))) == both
    # The town would join two whom phone and mailbox join anyhow.
    assert len(keys_for(fields, (0, 1), (0, 2), (1, 2))) == 2
    assert keys_for(fields, (0, 2)) == ("city.whole",)


def test_of_two_keys_that_join_the_same_the_one_that_brings_fewer_along_is_taken():
    fields = table(phone=["1", "1", "3", "4", "5"], city=["x", "x", "x", "x", "x"])
    assert keys_for(fields, (0, 1)) == ("phone.whole",)


def test_no_more_keys_are_taken_than_it_takes():
    many = 2_000
    pairs = [(it, it + 1) for it in range(0, many, 2)]
    phones = [str(it // 2) for it in range(many)]
    boxes = [str(it) for it in range(many)]
    for at in (many - 1, many - 3):  # What the phone does not join, the mailbox does: one of a thousand, two.
        phones[at], boxes[at] = f"of {at}", boxes[at - 1]
        wanted = ("phone.whole",) if at == many - 1 else ("phone.whole", "email.whole")
        assert keys_for(table(phone=phones, email=boxes), *pairs) == wanted


def test_a_key_is_taken_under_the_lowest_limit_that_is_enough_for_it():
    """Of a town of 20 each pair is a chance of many; a join that nothing else makes is worth them still."""
    towns = [f"{it // 20}" for it in range(400)]
    pairs = [(it, it + 1) for it in range(0, 400, 20)]
    assert needed_keys(table(city=towns), ["city.whole"], *np.array(pairs).T) == {"city.whole": 30}
    boxes = [f"{it // 20}" if it % 20 < 2 else f"of {it}" for it in range(400)]
    keys = ["city.whole", "email.whole"]
    assert needed_keys(table(city=towns, email=boxes), keys, *np.array(pairs).T) == {"email.whole": 10}


def test_a_higher_limit_is_taken_later_where_joins_are_missing_still():
    firms = [f"{it // 2}" for it in range(100)] + ["of many"] * 20 + ["of more"] * 60
    pairs = np.array([(it, it + 1) for it in range(0, 180, 2)])
    assert needed_keys(table(organisation=firms), ["organisation.whole"], *pairs.T) == {
        "organisation.whole": 100
    }
