"""Why two fragments are one customer."""

from __future__ import annotations

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.explain import explain, explain_all
from onefold.customer.identity.model import Judgement, Verdict
from onefold.customer.identity.rules import DeterministicRules

A, B, C = (letter * 16 for letter in (b"a", b"b", b"c"))
RULES = DeterministicRules()


def party(key: bytes, values: dict | None) -> Fragment:
    """A party fragment; None is deleted."""
    return Fragment(key, "party", "core", "k", key, (1, b""), values, {})


AZIZ = {"full_name": "Aziz Karimov", "national_id": "30101900000017", "email": "a@k.uz", "birth_date": 100}


def test_every_reason_for_and_against_is_named():
    found = explain(party(B, AZIZ), party(A, AZIZ | {"birth_date": 9000}), None, RULES)
    assert (found.left, found.right) == (A, B)
    assert [it.rule for it in found.evidence] == ["national id"]
    apart = explain(
        party(A, AZIZ), party(B, AZIZ | {"national_id": "30202910000028", "birth_date": 9000}), None, RULES
    )
    assert [it.rule for it in apart.conflicts] == ["two national ids", "two birth dates"]


def test_a_steward_is_named_too():
    judgement = Judgement(A, B, Verdict.DIFFERENT, "steward", "met them both", 5)
    found = explain(party(A, AZIZ), party(B, AZIZ), judgement, RULES)
    assert found.conflicts[0].rule == "steward: different"
    assert found.evidence[0].rule == "national id"


def test_of_a_deleted_fragment_there_is_nothing_to_say():
    assert explain(party(A, AZIZ), party(B, None), None, RULES).evidence == ()


def test_a_customer_is_explained_pair_by_pair():
    found = explain_all([party(C, AZIZ), party(A, AZIZ), party(B, {})], {}, RULES)
    assert [(it.left, it.right, bool(it.evidence)) for it in found] == [
        (A, B, False),
        (A, C, True),
        (B, C, False),
    ]
