"""Links: who refers to whom, and when."""

from __future__ import annotations

from onefold.customer.fragments.links import RELATIONS, UNNAMED, links_of
from onefold.customer.fragments.model import Fragment
from onefold.kernel.time import MS_PER_DAY
from onefold.record.canon.entities import ENTITIES

ME, A, B = b"m" * 16, b"a" * 16, b"b" * 16


def links(entity: str, ever: dict | None = None, **values) -> set:
    """The links of a fragment with these values, stated at instant 77."""
    fragment = Fragment(ME, entity, "core", "k", ME, (77, b""), values, {}, ever or {})
    return set(links_of(fragment, values))


def test_every_reference_that_is_there_is_a_link():
    assert links("holder", account=A, party=B) == {(A, "holder.account", 0, ME), (B, "holder.party", 0, ME)}
    assert links("holder", account=A) == {(A, "holder.account", 0, ME)}


def test_what_names_nobody_is_linked_to_its_device_once_more():
    assert links("interaction", device=A, happened_at=5) == {
        (A, "interaction.device", 5, ME),
        (A, UNNAMED, 5, ME),
    }
    assert UNNAMED not in {it[1] for it in links("interaction", device=A, party=B)}


def test_children_are_ordered_by_their_own_time():
    assert links("transaction", account=A, booked_at=5) == {(A, "transaction.account", 5, ME)}
    assert links("balance", account=A, day=3) == {(A, "balance.account", 3 * MS_PER_DAY, ME)}


def test_the_event_stands_in_for_a_time_the_source_left_out():
    assert links("transaction", account=A) == {(A, "transaction.account", 77, ME)}


def test_a_deleted_fragment_has_no_links_but_those_that_restrict():
    deleted = Fragment(ME, "consent", "core", "k", ME, (77, b""), None, {}, {"party": (A, B)})
    assert {it[0] for it in links_of(deleted, None)} == {A, B}
    assert links_of(Fragment(ME, "holder", "core", "k", ME, (77, b""), None, {}), None) == []


def test_a_restriction_stays_linked_to_whom_it_was_moved_away_from():
    assert {it[0] for it in links("consent", ever={"party": (A, B)}, party=B)} == {A, B}


def test_relations_are_those_of_the_registry():
    of_fields = {f"{entity.name}.{name}" for entity in ENTITIES.values() for name in entity.refs}
    assert set(RELATIONS) == of_fields | {UNNAMED}
