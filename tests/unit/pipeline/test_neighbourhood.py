"""What decides about fragments, worked out again: it has to say what the step said."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from onefold.customer.identity.model import Fate, pair_of
from onefold.pipeline.foresight import foresee
from onefold.pipeline.neighbourhood import look_around
from onefold.pipeline.reading import read_for
from onefold.record.log.model import EventKind
from onefold.testing.sayings import Saying, fragment_id
from tests.properties.folding import TIGHT, folded, take
from tests.properties.strategies import identities

LATE = 10**12


@given(identities())
def test_what_joined_is_a_tree_of_every_customer_and_its_path_leads_anywhere_within(history):
    state = folded([history])
    around = read_for(look_around(state._members, TIGHT), state)
    joined = [pair for pair, fate in around.fates.items() if fate is Fate.JOINED]
    for customer in state.customers(b"", 1000):
        members = state.fragments_of(customer)
        own = {pair for pair in joined if pair[0] in members}
        assert all(pair[1] in members for pair in own)
        assert len(own) == len(members) - 1
        assert set(around.forest(members)) == own
        for one, other in combinations(members, 2):
            path = around.path(one, other, members)
            assert (path[0], path[-1]) == (one, other)


@given(identities(), st.sampled_from(("same", "different", "unsure")), st.data())
def test_what_is_foreseen_is_what_comes(history, verdict, data):
    state = folded([history])
    if len(state._members) < 2:
        return
    ids = {
        fragment_id(it.source, "party", it.key): (it.source, it.key) for it in history if it.entity == "party"
    }
    standing = sorted(it for it in state._members if it in ids)
    if len(standing) < 2:
        return
    left, right = data.draw(st.lists(st.sampled_from(standing), min_size=2, max_size=2, unique=True))
    pair = pair_of(left, right)
    foreseen = read_for(foresee({pair: verdict}, TIGHT), state)
    expected = {it: state._members[it] for it in state._members} | foreseen
    values = {"left": pair[0], "right": pair[1], "verdict": verdict}
    said = Saying("onefold", "judgement", f"{pair}", EventKind.UPSERT, LATE, LATE, values)
    before = dict(state._members)
    assert read_for(foresee({pair: verdict}, TIGHT), state) == foreseen
    assert state._members == before
    take(state, [said])
    assert {it: of for it, of in expected.items() if of is not None} == state._members


def test_a_walk_that_is_too_long_says_so():
    history = [
        Saying(
            "core", "party", f"p{n}", EventKind.UPSERT, 1, n, {"full_name": "Olga Petrova", "email": "o@p.uz"}
        )
        for n in range(3)
    ]
    state = folded([history])
    around = read_for(look_around(list(state._members)[:1], TIGHT, most=2), state)
    assert not around.is_whole
    assert not around.fates
