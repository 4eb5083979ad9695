"""L1: any order, batching and number of re-deliveries of the same events gives the same state hash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.canon.entities import ENTITIES
from onefold.record.log.model import EventKind
from onefold.testing.sayings import Saying
from tests.properties.folding import MANY, fingerprint, folded, rows, stirred
from tests.properties.strategies import (
    KEYS,
    histories,
    identities,
    missing,
    numbered,
    permissions,
    sayings_of,
)


@given(st.data(), histories())
def test_any_order_batching_and_redelivery_gives_the_same_state(data, history):
    assert fingerprint(data.draw(stirred(history))) == fingerprint([history])


@st.composite
def sayings_of_one(draw):
    """Events about one thing, so close together that they contradict each other."""
    entity = draw(st.sampled_from(sorted(KEYS)))
    said = draw(st.lists(sayings_of(entity), min_size=3, max_size=7))
    size = len(said)
    instants = draw(st.lists(st.integers(0, 3), min_size=size, max_size=size))
    subjects = draw(st.lists(st.sampled_from((b"s" * 16, b"t" * 16)), min_size=size, max_size=size))
    return [
        Saying("core", entity, "the-one", it.kind, at, number, it.values, subject)
        for number, (it, at, subject) in enumerate(zip(said, instants, subjects, strict=True))
    ]


@MANY
@given(st.data(), sayings_of_one())
def test_one_fragment_folds_the_same_in_any_order(data, history):
    assert fingerprint(data.draw(stirred(history))) == fingerprint([history])


@given(st.data(), identities())
def test_customers_do_not_depend_on_the_order_in_which_their_fragments_came(data, history):
    one, other = folded([history]), folded(data.draw(stirred(history)))
    assert rows(one, "members") == rows(other, "members")


@given(st.data(), histories("transaction", "balance", "interaction", "account", most=30))
def test_sums_are_exact_under_correction_deletion_and_late_arrival(data, history):
    one, other = folded([history]), folded(data.draw(stirred(history)))
    assert rows(one, "buckets") == rows(other, "buckets")


@MANY
@given(st.data(), st.lists(permissions(), min_size=2, max_size=8).map(numbered))
def test_what_cannot_be_unsaid_does_not_depend_on_order(data, history):
    assert fingerprint(data.draw(stirred(history))) == fingerprint([history])


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_entity_of_the_registry_has_a_strategy(entity):
    assert entity in KEYS, missing(entity)


@given(st.data(), st.sampled_from(sorted(KEYS)), st.sampled_from(list(EventKind)))
def test_every_kind_of_event_can_be_said_of_every_entity(data, entity, kind):
    saying = data.draw(sayings_of(entity, (kind,)))
    assert saying.kind is kind
    # An adoption says by what all is read, and nothing about anybody.
    expected = 0 if entity == "adoption" else 1
    assert len(folded([[saying]]).fragments([saying.fragment_id])) == expected
