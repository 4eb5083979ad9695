"""Which value survives, and that it says why."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.fragments.model import Fragment, Values
from onefold.customer.profile.model import Criterion, Survivorship
from onefold.customer.profile.rules import combine, default_policy, display_name
from onefold.record.canon.entities import ENTITIES
from onefold.record.canon.identifiers import PROOFS

POLICY = default_policy(("core", "crm"))


def said(number: int, source: str, at: int, values: Values | None) -> Fragment:
    fragment_id = bytes([number]) * 16
    return Fragment(fragment_id, "party", source, str(number), fragment_id, (at, b"e"), values, {})


def test_a_single_fragment_gives_its_values_and_says_so() -> None:
    golden = combine([said(1, "crm", 5, {"email": "a@x"})], POLICY)
    assert golden.value("email") == "a@x"
    assert golden.fields["email"].rule == "only"
    assert "phone" not in golden.fields


def test_a_verified_contact_survives_a_newer_one() -> None:
    old = said(1, "crm", 1, {"phone": "+1", "phone_verified": True})
    new = said(2, "core", 9, {"phone": "+2"})
    survivor = combine([old, new], POLICY).fields["phone"]
    assert (survivor.winner.value, survivor.rule) == ("+1", "verified")
    assert [it.value for it in survivor.candidates] == ["+1", "+2"]


def test_a_trusted_source_survives_a_newer_word_of_another() -> None:
    golden = combine([said(1, "core", 1, {"tier": "gold"}), said(2, "web", 9, {"tier": "mass"})], POLICY)
    assert (golden.value("tier"), golden.fields["tier"].rule) == ("gold", "ranked")


def test_what_was_said_later_survives_where_trust_is_equal() -> None:
    golden = combine([said(1, "web", 1, {"tier": "gold"}), said(2, "app", 9, {"tier": "mass"})], POLICY)
    assert (golden.value("tier"), golden.fields["tier"].rule) == ("mass", "recent")


def test_an_address_is_never_put_together_from_two_sources() -> None:
    old = said(1, "web", 1, {"address": "Navoi 1", "city": "Tashkent", "postcode": "100000"})
    new = said(2, "app", 9, {"address": "Abay 2", "city": "Almaty"})
    golden = combine([old, new], POLICY)
    assert golden.value("city") == "Almaty"
    assert "postcode" not in golden.fields


def test_most_fragments_decide_a_birth_date() -> None:
    fragments = [
        said(1, "a", 1, {"birth_date": 10}),
        said(2, "b", 2, {"birth_date": 10}),
        said(3, "c", 9, {"birth_date": 99}),
    ]
    golden = combine(fragments, POLICY)
    assert (golden.value("birth_date"), golden.fields["birth_date"].rule) == (10, "frequent")


def test_agreement_is_said_to_be_one() -> None:
    both = [said(1, "a", 1, {"tier": "mass"}), said(2, "b", 2, {"tier": "mass"})]
    assert combine(both, POLICY).fields["tier"].rule == "agreed"


def test_a_patched_field_is_as_recent_as_its_patch() -> None:
    row = said(1, "a", 5, {"tier": "mass"})
    patched = Fragment(b"2" * 16, "party", "b", "2", b"2" * 16, (1, b"e"), {}, {"tier": ((9, b"f"), "gold")})
    survivor = combine([row, patched], POLICY).fields["tier"]
    assert (survivor.winner.value, survivor.winner.at) == ("gold", 9)


def test_a_deleted_fragment_adds_nothing() -> None:
    assert combine([said(1, "a", 1, None)], POLICY).fields == {}


def test_the_longest_and_the_most_complete_can_be_asked_for() -> None:
    policy = (Survivorship(("city",), (Criterion.LONGEST,)),)
    golden = combine([said(1, "a", 9, {"city": "S."}), said(2, "b", 1, {"city": "Samarkand"})], policy)
    assert (golden.value("city"), golden.fields["city"].rule) == ("Samarkand", "longest")


def test_every_field_of_a_party_has_a_policy() -> None:
    covered = [name for group in default_policy() for name in group.fields]
    assert len(covered) == len(set(covered))
    assert set(ENTITIES["party"].fields) - set(covered) == set(PROOFS)


def test_a_party_is_called_by_its_whole_name_or_by_its_parts() -> None:
    parts: Values = {"given_name": "Anna", "family_name": "Ким"}
    assert display_name(combine([said(1, "a", 1, parts)], POLICY)) == "Anna Ким"
    firm: Values = {"kind": "organisation", "organisation_name": "Sardoba LLC"}
    assert display_name(combine([said(1, "a", 1, firm)], POLICY)) == "Sardoba LLC"
    assert display_name(combine([], POLICY)) == ""


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from("ab"),
        "address": st.sampled_from("ab"),
        "email": st.sampled_from("ab"),
        "email_verified": st.booleans(),
        "birth_date": st.integers(1, 2),
    },
)


@given(st.lists(st.tuples(st.sampled_from(["core", "crm", "web"]), st.integers(0, 2), VALUES), max_size=4))
def test_the_order_of_fragments_does_not_matter(parts: list[tuple[str, int, Values]]) -> None:
    fragments = [said(at, source, when, values) for at, (source, when, values) in enumerate(parts)]
    records = [combine(order, POLICY) for order in itertools.permutations(fragments)]
    assert all(record == records[0] for record in records)


def test_where_nothing_tells_two_sources_apart_their_names_do_whatever_the_ids() -> None:
    for one, other in ((1, 2), (2, 1)):
        both = [said(one, "app", 5, {"tier": "mass"}), said(other, "web", 5, {"tier": "gold"})]
        survivor = combine(both, POLICY).fields["tier"]
        assert (survivor.winner.value, survivor.rule) == ("mass", "first")
