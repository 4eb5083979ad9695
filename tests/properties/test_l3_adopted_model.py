"""L3 and L4 under a learned model: batch = live = the definition, and what is taken back never was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.adopted.provider import ModelProvider
from onefold.customer.identity.deciding import partition
from onefold.customer.identity.judgements import standing_judgements
from onefold.customer.identity.portraits import portrait_of
from onefold.record.log.model import EventKind
from onefold.testing.sayings import Saying, fragment_id
from tests.properties.adopted import learned, tight, uneven
from tests.properties.folding import folded, rows, stirred
from tests.properties.strategies import histories, identities, numbered
from tests.properties.test_l4_unmerge import DERIVED, LATE, few, judged, parties, reversals, without

IDENTITY = ("keys", "portraits", "members", "customers")
LIMITS = st.builds(
    lambda hubs, parts: ModelProvider(learned(), hub_limit=hubs, component_limit=parts),
    st.integers(1, 4),
    st.integers(1, 5),
)


def defined(state, provider):
    """Fragment → customer with all fragments looked at at once."""
    fragments = state._fragments.values()
    portraits = [
        portrait_of(it.fragment_id, values)
        for it in fragments
        if it.entity == "party" and (values := it.values) is not None
    ]
    judgements = standing_judgements(it for it in fragments if it.entity == "judgement")
    return partition(portraits, judgements, provider)


@given(st.data(), identities())
def test_one_at_a_time_in_any_order_and_all_at_once_give_the_same_customers(data, history):
    provider = data.draw(st.sampled_from((tight(), uneven())))
    at_once = folded([history], provider)
    one_by_one = folded([[saying] for saying in data.draw(st.permutations(history))], provider)
    assert rows(at_once, *IDENTITY) == rows(one_by_one, *IDENTITY)


@given(st.data(), identities(), LIMITS | st.just(uneven()))
def test_live_customers_are_those_of_the_definition_hubs_and_limits_included(data, history, provider):
    state = folded(data.draw(stirred(history)), provider)
    assert state._members == defined(state, provider)


@given(identities(), histories(most=15), parties, parties, reversals)
def test_a_judgement_taken_back_leaves_everything_as_if_never_merged(before, between, left, right, kind):
    between = numbered(before + between)[len(before) :]
    merge = judged(left, right, "same", LATE, EventKind.UPSERT)
    unmerge = judged(left, right, "unsure", LATE + 1, kind)
    undone = folded([before, [merge], between, [unmerge]], tight())
    never = folded([before, between], tight())
    assert without(undone, merge.fragment_id) == without(never, merge.fragment_id)


@given(identities(), histories(most=15), parties)
def test_deleting_a_party_fragment_is_the_same_as_never_having_loaded_it(before, between, party):
    gone = fragment_id(party[0], "party", party[1])
    between = numbered(before + between)[len(before) :]
    delete = Saying(party[0], "party", party[1], EventKind.DELETE, LATE, LATE, {})
    deleted = folded([before, between, [delete]], tight())
    never = folded([[it for it in part if it.fragment_id != gone] for part in (before, between)], tight())
    assert rows(deleted, *DERIVED) == rows(never, *DERIVED)


@given(identities(), few, few)
def test_a_steward_who_says_different_keeps_two_fragments_apart_whatever_was_learned(history, left, right):
    if left == right:
        return
    ids = [fragment_id(source, "party", key) for source, key in (left, right)]
    parting = judged(left, right, "different", LATE, EventKind.UPSERT)
    members = folded([history, [parting]], tight())._members
    if all(it in members for it in ids):
        assert members[ids[0]] != members[ids[1]]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_learned_joins_records_that_no_rule_joins(seed):
    """So that the laws above are tried on joins that come of likeness."""
    words = {"family_name": "Karimov", "birth_date": 7000 + seed, "address": "12 Navoiy ko'chasi"}
    said = [words | {"given_name": "Aziz", "city": "Toshkent"}, words | {"given_name": "Azis"}]
    history = [
        Saying("crm", "party", f"party-{at}", EventKind.UPSERT, at, at, values)
        for at, values in enumerate(said)
    ]
    assert len(set(folded([numbered(history)], tight())._members.values())) == 1
    assert len(set(folded([numbered(history)])._members.values())) == 2
