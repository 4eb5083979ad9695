"""From evidence to customers, within one component."""

from __future__ import annotations

from onefold.customer.identity.clusters import clusters, components, customer_id_of
from onefold.customer.identity.model import Fate
from onefold.customer.identity.portraits import portrait_of

A, B, C, D, E = (letter * 16 for letter in (b"a", b"b", b"c", b"d", b"e"))


def apart(*pairs):
    """Says of these pairs that they may not be together."""
    return lambda one, other: (one, other) in pairs or (other, one) in pairs


FREE = apart()


def test_components_are_what_edges_connect():
    assert components([A, B, C, D], [(1, A, C), (1, C, D)]) == [[A, C, D], [B]]


def test_what_is_connected_is_one_customer():
    assert clusters([A, B, C], [(50, A, B), (40, B, C)], FREE, 10) == [[A, B, C]]


def test_a_heavier_join_goes_first_and_a_conflict_stops_the_lighter():
    assert clusters([A, B, C], [(50, A, B), (40, B, C)], apart((A, C)), 10) == [[A, B], [C]]
    assert clusters([A, B, C], [(40, A, B), (50, B, C)], apart((A, C)), 10) == [[A], [B, C]]


def test_a_conflict_counts_between_all_members_not_only_neighbours():
    edges = [(60, A, B), (60, C, D), (50, B, C)]
    assert clusters([A, B, C, D], edges, apart((A, D)), 10) == [[A, B], [C, D]]


def test_evidence_for_two_who_may_not_be_together_is_for_neither():
    assert clusters([A, B, C], [(50, A, B), (50, B, C)], apart((A, C)), 10) == [[A], [B], [C]]


def test_the_order_of_edges_does_not_matter():
    edges = [(50, A, B), (40, B, C), (45, C, D), (45, D, E)]
    forbids = apart((A, E))
    assert clusters([A, B, C, D, E], edges, forbids, 10) == clusters(
        [E, D, C, B, A], edges[::-1], forbids, 10
    )


def test_a_component_over_the_limit_lets_its_lightest_edges_go():
    edges = [(60, A, B), (40, B, C), (60, C, D)]
    assert clusters([A, B, C, D], edges, FREE, 3) == [[A, B], [C, D]]


def test_what_is_too_large_at_any_weight_stays_apart():
    assert clusters([A, B, C], [(50, A, B), (50, B, C)], FREE, 2) == [[A], [B], [C]]


def test_the_id_is_that_of_the_oldest_customer_and_among_equals_the_smallest():
    plain = {it: portrait_of(it, {}) for it in (A, B)}
    old = plain | {B: portrait_of(B, {"since_on": 5}), C: portrait_of(C, {"since_on": 4})}
    assert customer_id_of([B, A], plain) == A
    assert customer_id_of([A, B], old) == B
    assert customer_id_of([C, A, B], old) == C


def test_a_steward_who_parts_two_says_nothing_about_a_third():
    edges = [(60, C, D), (50, A, B), (50, B, C)]
    forbids = apart((A, D))
    before = clusters([A, B, C, D], edges, forbids, 10)
    assert before == [[A, B], [C, D]]
    parted = apart((A, D), (A, C))
    assert clusters([A, B, C, D], edges, parted, 10, [(A, C)]) == before


def fates(edges, nodes, forbids=lambda *_: False, limit=10, parted=()):
    found = {}
    clusters(nodes, edges, forbids, limit, parted, found)
    return found


def test_joins_are_a_greatest_spanning_tree_and_the_rest_is_within():
    edges = [(60, A, B), (50, B, C), (40, A, C)]
    assert fates(edges, [A, B, C]) == {(A, B): Fate.JOINED, (B, C): Fate.JOINED, (A, C): Fate.WITHIN}


def test_an_edge_across_a_conflict_of_others_is_apart():
    edges = [(60, A, B), (50, B, C)]
    assert fates(edges, [A, B, C], apart((A, C))) == {(A, B): Fate.JOINED, (B, C): Fate.APART}


def test_an_edge_that_speaks_as_strongly_for_another_competes():
    edges = [(50, A, B), (50, B, C)]
    assert set(fates(edges, [A, B, C], apart((A, C))).values()) == {Fate.COMPETING}


def test_edges_of_a_component_that_is_too_large_are_let_go():
    edges = [(60, A, B), (50, B, C), (60, C, D)]
    assert fates(edges, [A, B, C, D], limit=2) == {
        (A, B): Fate.JOINED,
        (B, C): Fate.LET_GO,
        (C, D): Fate.JOINED,
    }
