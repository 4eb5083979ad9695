"""L3 and L4 under a model of Splink: batch = live = the definition, and what is taken back never was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.adopted.splinked import SplinkProvider
from onefold.record.log.model import EventKind
from onefold.testing.sayings import Saying, fragment_id
from tests.properties.adopted import records, splinks, tight_splink
from tests.properties.folding import folded, rows, stirred
from tests.properties.strategies import histories, identities, numbered
from tests.properties.test_l3_adopted_model import IDENTITY, defined
from tests.properties.test_l4_unmerge import DERIVED, LATE, judged, parties, reversals, without

LIMITS = st.builds(
    lambda hubs, parts: SplinkProvider(splinks(), hub_limit=hubs, component_limit=parts),
    st.integers(1, 4),
    st.integers(1, 5),
)
PORTRAITS = st.sampled_from([it for _, it in records()])


@given(st.data(), identities())
def test_one_at_a_time_in_any_order_and_all_at_once_give_the_same_customers(data, history):
    provider = tight_splink()
    at_once = folded([history], provider)
    one_by_one = folded([[saying] for saying in data.draw(st.permutations(history))], provider)
    assert rows(at_once, *IDENTITY) == rows(one_by_one, *IDENTITY)


@given(st.data(), identities(), LIMITS)
def test_live_customers_are_those_of_the_definition_hubs_and_limits_included(data, history, provider):
    state = folded(data.draw(stirred(history)), provider)
    assert state._members == defined(state, provider)


@given(st.lists(st.tuples(PORTRAITS, PORTRAITS), min_size=1, max_size=12))
def test_a_pair_weighs_the_same_alone_the_other_way_round_and_among_others(pairs):
    provider = tight_splink()
    together = provider.likeness(pairs)
    assert together == [provider.likeness([it])[0] for it in pairs]
    assert together == provider.likeness([(other, one) for one, other in pairs])
    assert 0 not in together
    kept = [(provider.read(one), provider.read(other)) for one, other in pairs]
    assert provider.likeness(kept) == together
    assert [provider.keys_of(it) for it in kept] == [provider.keys_of(it) for it in pairs]
    assert all(provider.read(it) == it for pair in kept for it in pair)


@given(identities(), histories(most=15), parties, parties, reversals)
def test_a_judgement_taken_back_leaves_everything_as_if_never_merged(before, between, left, right, kind):
    between = numbered(before + between)[len(before) :]
    merge = judged(left, right, "same", LATE, EventKind.UPSERT)
    unmerge = judged(left, right, "unsure", LATE + 1, kind)
    undone = folded([before, [merge], between, [unmerge]], tight_splink())
    never = folded([before, between], tight_splink())
    assert without(undone, merge.fragment_id) == without(never, merge.fragment_id)


@given(identities(), histories(most=15), parties)
def test_deleting_a_party_fragment_is_the_same_as_never_having_loaded_it(before, between, party):
    gone = fragment_id(party[0], "party", party[1])
    between = numbered(before + between)[len(before) :]
    delete = Saying(party[0], "party", party[1], EventKind.DELETE, LATE, LATE, {})
    deleted = folded([before, between, [delete]], tight_splink())
    kept = [[it for it in part if it.fragment_id != gone] for part in (before, between)]
    assert rows(deleted, *DERIVED) == rows(folded(kept, tight_splink()), *DERIVED)


def test_it_joins_records_that_no_rule_joins():
    """So that the laws above are tried on joins that come of it."""
    words = {"given_name": "Nargiza", "family_name": "Ergashev"}
    told = [words | {"birth_date": 7000}, words | {"birth_date": 7001}]
    history = [
        Saying("crm", "party", f"party-{at}", EventKind.UPSERT, at, at, values)
        for at, values in enumerate(told)
    ]
    assert len(set(folded([numbered(history)], tight_splink())._members.values())) == 1
    assert len(set(folded([numbered(history)])._members.values())) == 2
