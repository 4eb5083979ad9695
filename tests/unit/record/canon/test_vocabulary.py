"""The closed words, the mandatory fields, the identifiers and the purposes are about fields that exist."""

from __future__ import annotations

from onefold.record.canon.entities import ENTITIES, FieldType
from onefold.record.canon.identifiers import IDENTIFIERS, Strength
from onefold.record.canon.purposes import LINEAGE, PURPOSES, WHOLES, Basis, may_serve, whole_of
from onefold.record.canon.vocabulary import MANDATORY, VOCABULARY


def test_closed_words_belong_to_text_fields_that_exist():
    faults = [
        key
        for key in VOCABULARY
        if ENTITIES[key[0]].fields[key[1]].type is not FieldType.TEXT or not VOCABULARY[key]
    ]
    assert faults == []


def test_mandatory_fields_exist():
    missing = {name: fields - set(ENTITIES[name].fields) for name, fields in MANDATORY.items()}
    assert not any(missing.values()), missing


def test_every_reference_points_at_an_entity():
    targets = {ref.to for entity in ENTITIES.values() for ref in entity.refs.values()}
    assert targets <= set(ENTITIES)


def test_identifiers_are_party_fields_and_their_proof_is_a_flag():
    party = ENTITIES["party"].fields
    for identifier in IDENTIFIERS.values():
        assert identifier.field in party
        verified = identifier.strength is Strength.VERIFIED
        assert bool(identifier.proof) == verified
        assert not verified or party[identifier.proof].type is FieldType.FLAG


def test_a_purpose_needs_consent_exactly_where_its_basis_is_consent():
    asked = {it.name for it in PURPOSES.values() if it.needs_consent}
    assert asked & set(WHOLES) == {"marketing", "analytics", "partner"}
    assert PURPOSES["fraud"].basis is Basis.LEGAL_DUTY


def test_every_part_belongs_to_a_purpose_that_exists_and_no_purpose_to_itself():
    for name, purpose in PURPOSES.items():
        assert name == purpose.name
        assert purpose.dpv
        assert not purpose.part_of or purpose.part_of in PURPOSES
        assert len(set(LINEAGE[name])) == len(LINEAGE[name])
        assert whole_of(name) in WHOLES


def test_data_for_a_whole_may_serve_its_parts_and_data_for_a_part_nothing_else():
    assert may_serve(["direct_marketing"], {"marketing"})
    assert may_serve(["direct_marketing"], {"direct_marketing"})
    assert not may_serve(["marketing"], {"direct_marketing"})
    assert not may_serve(["personalised_offers"], {"direct_marketing", "analytics"})
    assert not may_serve(["nonsense"], set(PURPOSES))
