"""A learned model as a provider: what proof and likeness weigh, alone and among many."""

from __future__ import annotations

import itertools
from itertools import combinations

import msgspec
import pytest

from onefold.customer.identity.adopted import provider
from onefold.customer.identity.adopted.merging import PROOF, merged
from onefold.customer.identity.adopted.provider import LIKENESS_RULE, ModelProvider
from onefold.customer.identity.deciding import partition
from onefold.customer.identity.linking import several
from onefold.customer.identity.linking.clustering import UNSEEN
from onefold.customer.identity.linking.model import UNIT, model_from_json
from onefold.customer.identity.model import SAID_SAME, Bounds, Judgement, Verdict
from onefold.customer.identity.portraits import kept, portrait_kept, portrait_of
from onefold.customer.identity.proven import proven_pairs
from onefold.customer.identity.rules import STEWARD_WEIGHT, DeterministicRules
from onefold.testing.world.measure import pairwise
from tests.properties.adopted import learned, records

PERSON = {
    "given_name": "Olga",
    "family_name": "Sodiqov",
    "birth_date": 5_000,
    "email": "olga@sodiqov.uz",
    "phone": "+998901234567",
    "city": "Buxoro",
}
PROVIDER = ModelProvider(learned())


def portrait(key, **values):
    return portrait_of(key.encode() * 16, values)


def weight(left, right):
    (only,) = PROVIDER.weights([(left, right)])
    return only


def test_two_records_of_one_person_weigh_for_and_of_two_against():
    assert weight(portrait("a", **PERSON), portrait("b", **PERSON)) > 0
    other = {"given_name": "Anna", "family_name": "Petrov", "birth_date": 9_000, "phone": "+998909999999"}
    assert weight(portrait("a", **PERSON), portrait("b", **other)) < 0


def test_a_pair_weighs_the_same_alone_and_among_all_and_whichever_side_is_asked():
    people = [it for _, it in records()[:60]]
    pairs = list(combinations(people, 2))
    at_once = PROVIDER.weights(pairs)
    assert at_once == PROVIDER.weights([(right, left) for left, right in pairs])
    assert [weight(*it) for it in pairs[::7]] == at_once[::7]


def test_of_every_key_it_is_known_which_fields_it_is_made_of():
    for one in (PROVIDER, DeterministicRules()):
        for _, it in records()[:40]:
            assert one.fields_of_keys(it).keys() == one.keys_of([it])[0]
            assert all(one.fields_of_keys(it).values())
    by_name = ModelProvider(msgspec.structs.replace(learned(), keys=(*learned().keys, "name.words")))
    made_of = set(by_name.fields_of_keys(portrait("a", **PERSON, address="Navoi 7")).values())
    assert {("name",), ("birth_date",), ("address",), ("email",), ("phone",)} <= made_of


def test_a_batch_of_thousands_of_pairs_is_weighed_in_columns_and_weighs_the_same(monkeypatch):
    pairs = list(combinations([it for _, it in records()[:60]], 2))
    found = PROVIDER.weights(pairs)
    monkeypatch.setattr(provider, "MANY", 1)
    monkeypatch.setattr(several, "AT_ONCE", 100)
    monkeypatch.delattr("onefold.customer.identity.linking.single.OneByOne.weight")
    assert PROVIDER.weights(pairs) == found


@pytest.mark.parametrize("engine", [PROVIDER, DeterministicRules()], ids=["model", "rules"])
def test_a_portrait_that_was_read_and_kept_answers_as_the_one_that_was_not(engine):
    plain = [it for _, it in records()[:80]]
    held = [portrait_kept(kept(engine.read(it))) for it in plain]
    assert not any(it.said for it in held)
    assert [engine.read(it) for it in held] == held
    assert engine.keys_of(held) == engine.keys_of(plain)
    pairs, others = list(combinations(plain, 2)), list(combinations(held, 2))
    assert engine.weights(others) == engine.weights(pairs)
    for pair, other in zip(pairs[:500], others[:500], strict=True):
        assert engine.evidence(*other) == engine.evidence(*pair)
        assert engine.conflicts(*other) == engine.conflicts(*pair)
    assert [engine.fields_of_keys(it) for it in held] == [engine.fields_of_keys(it) for it in plain]


def test_a_key_says_how_many_may_hold_it():
    name = next(it for it in learned().keys if it.startswith("phone"))
    engine = ModelProvider(msgspec.structs.replace(learned(), limits={name: 30}))
    one = portrait("a", **PERSON, national_id="30101901234567")
    limits = {(fields, engine.hub_limit_of(key)) for key, fields in engine.fields_of_keys(one).items()}
    # Proof by the phone has a key of its own, which counts as all others.
    assert {(("phone",), 30), (("phone",), 100)} < limits
    assert {limit for fields, limit in limits if fields != ("phone",)} == {100}
    assert {engine.hub_limit_of(key) for key in engine.keys_of([one])[0]} == {30, 100}
    lower = ModelProvider(engine._model, hub_limit=3)
    assert {lower.hub_limit_of(key) for key in lower.keys_of([one])[0]} == {3}


def test_keys_are_the_same_alone_and_among_all():
    people = [it for _, it in records()[:60]]
    assert PROVIDER.keys_of(people) == [keys for it in people for keys in PROVIDER.keys_of([it])]


def test_nothing_is_asked_of_nobody():
    assert PROVIDER.keys_of([]) == []
    assert PROVIDER.weights([]) == []


@pytest.mark.parametrize("share", ["national_id", "tax_id", "customer_number"])
def test_an_identifier_that_both_sources_verify_is_proof(share):
    values = PERSON | {share: "C-1", "identifiers_verified": True}
    changed = values | {"email": "", "phone": "", "given_name": "Anna", "birth_date": 5_001}
    left, right = portrait("a", **values), portrait("b", **changed)
    assert weight(left, right) >= PROOF
    assert PROVIDER.evidence(left, right)[0].verified
    assert weight(left, portrait("b", **changed | {"identifiers_verified": False})) < PROOF


def test_likeness_is_shown_in_bits_below_a_stewards_word_and_no_consent_follows_it():
    (found,) = PROVIDER.evidence(portrait("a", **PERSON), portrait("b", **PERSON))
    assert found.rule == LIKENESS_RULE
    assert not found.verified
    assert 0 < found.weight < STEWARD_WEIGHT


def test_what_is_proven_is_what_the_rules_prove():
    people = [it for _, it in records()[:20]]
    changed = [msgspec.structs.replace(it, identifiers_verified=True, email_verified=True) for it in people]
    rules, found = DeterministicRules(), 0
    for left, right in combinations(changed, 2):
        proven = [it for it in rules.evidence(left, right) if it.verified]
        assert [it for it in PROVIDER.evidence(left, right) if it.verified] == proven
        found += bool(proven)
    assert found


def test_a_record_of_a_sensitive_group_is_joined_by_proof_alone():
    alike = portrait("a", **PERSON), portrait("b", **PERSON | {"vulnerable": True})
    assert weight(*alike) == UNSEEN
    assert PROVIDER.evidence(*alike) == ()
    verified = {"national_id": "AA1234567", "identifiers_verified": True}
    assert weight(*(portrait(key, **PERSON | verified | {"vulnerable": True}) for key in "ab")) >= PROOF


def test_a_person_and_an_organisation_and_two_state_ids_are_never_one_but_two_birth_dates_may_be():
    left = portrait("a", **PERSON | {"national_id": "AA1234567", "kind": "person"})
    assert PROVIDER.conflicts(left, portrait("b", **PERSON | {"national_id": "AA7654321"}))
    assert PROVIDER.conflicts(left, portrait("b", kind="organisation", organisation_name="Chorsu Savdo"))
    assert not PROVIDER.conflicts(left, portrait("b", **PERSON | {"birth_date": 9_999}))


def test_a_model_that_was_written_and_read_weighs_the_same():
    people = [it for _, it in records()[:30]]
    pairs = list(combinations(people, 2))
    read = ModelProvider(model_from_json(learned().to_json()))
    assert read.weights(pairs) == PROVIDER.weights(pairs)
    assert read.keys_of(people) == PROVIDER.keys_of(people)


def test_the_people_of_the_records_are_found():
    people = {it.fragment_id: person for person, it in records()}
    found = partition([it for _, it in records()], {}, PROVIDER)
    score = pairwise(people, found)
    assert score.precision >= 0.97, score
    assert score.recall >= 0.85, score


def test_a_stewards_word_outweighs_what_was_learned():
    ids = [key.encode() * 16 for key in "ab"]
    people = [portrait("a", **PERSON), portrait("b", **PERSON)]

    def customers(verdict):
        standing = {(ids[0], ids[1]): Judgement(ids[0], ids[1], verdict, "s", "r", 1)}
        return len(set(partition(people, standing, PROVIDER).values()))

    assert [customers(it) for it in (Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE)] == [1, 2, 1]
    strangers = [people[0], portrait("b", given_name="Jasur", birth_date=1)]
    same = {(ids[0], ids[1]): Judgement(ids[0], ids[1], Verdict.SAME, "s", "r", 1)}
    assert len(set(partition(strangers, {}, PROVIDER).values())) == 2
    assert len(set(partition(strangers, same, PROVIDER).values())) == 1
    assert SAID_SAME > PROOF + STEWARD_WEIGHT


def test_proof_brings_no_two_together_whose_birth_dates_contradict():
    """Father and son of one name share a proven phone; a third record says no birth date."""
    shared = {"full_name": "Karimov Jasur", "phone": "+998901234567", "address": "12 Navoiy ko'chasi"}
    verified = shared | {"phone_verified": True, "identifiers_verified": True}
    people = [portrait("a", **verified, birth_date=-3_000), portrait("b", **verified, birth_date=9_000)]
    people.append(portrait("c", **verified))
    assert len(set(partition(people, {}, DeterministicRules()).values())) == 3
    assert len(set(partition(people, {}, PROVIDER).values())) == 3
    assert list(proven_pairs(people)) == []
    assert [set(it) for it in proven_pairs([people[0], people[2]])] == [{b"a" * 16, b"c" * 16}]


def test_whoever_proof_has_joined_with_a_protected_record_is_joined_by_likeness_with_nobody():
    verified = {"national_id": "AA1234567", "identifiers_verified": True}
    known = portrait("b", **PERSON | verified)
    alike = portrait("c", **PERSON)
    assert len(set(partition([known, alike], {}, PROVIDER).values())) == 1
    protected = portrait("a", given_name="Olga", protected=True, **verified)
    found = partition([protected, known, alike], {}, PROVIDER)
    assert found[b"a" * 16] == found[b"b" * 16] != found[b"c" * 16]


def test_a_long_chain_is_taken_apart_at_its_weakest_links():
    nodes = [number.to_bytes(16, "big") for number in range(3_000)]
    links = enumerate(itertools.pairwise(nodes))
    edges = [((1 + at % 7) * UNIT, left, right) for at, (left, right) in links]
    bounds = Bounds(lambda *_: False, lambda *_: False, lambda _: False, ())
    found = merged(nodes, edges, bounds, 50, {})
    assert sorted(key for group in found for key in group) == nodes
    assert max(map(len, found)) <= 7
