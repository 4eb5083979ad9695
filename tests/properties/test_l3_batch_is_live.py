"""L3: identity of all records at once = one at a time, ids included, and = a definition without memory."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.clusters import clusters, components, customer_id_of
from onefold.customer.identity.judgements import all_conflicts, all_evidence, standing_judgements
from onefold.customer.identity.model import EvidenceProvider, Verdict
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.rules import DeterministicRules
from onefold.testing.memory import MemoryState
from tests.properties.folding import MANY, TIGHT, folded, rows, stirred
from tests.properties.strategies import identities

IDENTITY = ("keys", "members", "customers")
LIMITS = st.builds(DeterministicRules, hub_limit=st.integers(1, 4), component_limit=st.integers(1, 5))


def defined(state: MemoryState, provider: EvidenceProvider) -> dict[bytes, bytes]:
    """Fragment → customer by the definition: every pair compared, nothing walked, nothing remembered."""
    fragments = state._fragments.values()
    portraits = {
        it.fragment_id: portrait_of(it.fragment_id, values)
        for it in fragments
        if it.entity == "party" and (values := it.values) is not None
    }
    judged = standing_judgements(it for it in fragments if it.entity == "judgement")
    keys = {it: provider.keys_of([portrait])[0] for it, portrait in portraits.items()}
    hubs = {
        key
        for held in keys.values()
        for key in held
        if sum(key in other for other in keys.values()) > provider.hub_limit
    }
    edges = []
    for pair in combinations(sorted(portraits), 2):
        joined = pair in judged and judged[pair].verdict is Verdict.SAME
        if joined or (keys[pair[0]] & keys[pair[1]]) - hubs:
            found = all_evidence(portraits[pair[0]], portraits[pair[1]], judged.get(pair), provider)
            edges += [(max(it.weight for it in found), *pair)] if found else []

    def apart(one: bytes, other: bytes) -> bool:
        pair = (one, other) if one < other else (other, one)
        return bool(all_conflicts(portraits[one], portraits[other], judged.get(pair), provider))

    parted = [
        pair
        for pair, word in judged.items()
        if word.verdict is Verdict.DIFFERENT
        and all(it in portraits for it in pair)
        and not provider.conflicts(portraits[pair[0]], portraits[pair[1]])
    ]
    members = {}
    for component in components(portraits, edges):
        within = [edge for edge in edges if edge[1] in component]
        for cluster in clusters(component, within, apart, provider.component_limit, parted):
            members.update(dict.fromkeys(cluster, customer_id_of(cluster, portraits)))
    return members


@MANY
@given(st.data(), identities())
def test_one_at_a_time_in_any_order_and_all_at_once_give_the_same_customers(data, history):
    at_once = folded([history])
    one_by_one = folded([[saying] for saying in data.draw(st.permutations(history))])
    assert rows(at_once, *IDENTITY) == rows(one_by_one, *IDENTITY)


@MANY
@given(st.data(), identities(), LIMITS)
def test_live_customers_are_those_of_the_definition_hubs_and_limits_included(data, history, provider):
    state = folded(data.draw(stirred(history)), provider)
    assert state._members == defined(state, provider)
    assert sum(state._customers.values()) == len(state._members)


@given(identities())
def test_evidence_and_conflicts_are_the_same_whichever_side_is_asked(history):
    state = folded([history])
    portraits = [
        portrait_of(it.fragment_id, values)
        for it in state._fragments.values()
        if it.entity == "party" and (values := it.values) is not None
    ]
    for left, right in combinations(portraits, 2):
        assert TIGHT.evidence(left, right) == TIGHT.evidence(right, left)
        assert TIGHT.conflicts(left, right) == TIGHT.conflicts(right, left)
        if TIGHT.evidence(left, right):
            mine, theirs = TIGHT.keys_of([left, right])
            assert mine & theirs
