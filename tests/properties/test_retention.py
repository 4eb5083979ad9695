"""Retention and erasure have one idea of whose a thing is: nothing that a hold covers is ever over."""

from __future__ import annotations

from hypothesis import given

from onefold.customer.erasure.holds import parties_held_by, with_their_others
from onefold.customer.erasure.reach import reach_of
from onefold.customer.erasure.retention import KINDS, Retention
from onefold.kernel.time import MS_PER_DAY
from tests.properties.folding import folded
from tests.properties.strategies import histories

HANGING = ("party", "account", "account", "holder", "holder", "device", "hold", *KINDS)


@given(histories(*HANGING, least=15, most=50))
def test_nothing_that_an_erasure_of_who_is_held_would_reach_is_over(history):
    state = folded([history])
    retention = Retention(dict.fromkeys(KINDS, 1), 100 * MS_PER_DAY)
    retention.see(state._fragments.values())
    retention.hold(state)
    held = frozenset[bytes]().union(*map(parties_held_by, state._fragments.values()))
    reached = reach_of(state, with_their_others(state, held))
    assert not retention.over().keys() & (reached.fragments | reached.kept)
    old = {it.fragment_id for it in state._fragments.values() if it.entity in KINDS and it.values is not None}
    assert retention.over().keys() | retention.held() == old
    assert held or not retention.held()
