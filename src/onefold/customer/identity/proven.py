"""Which fragments of a customer are proven to be one party: the edges that a grant of consent may follow.

Proof is what the rules call so, whatever engine decides who is a customer, and it is no word of a steward:
that is an opinion. An engine or a steward may hold two for one whose state identifiers or birth dates
contradict; proof between others then leads from neither to the other. So whose grant reaches whom does not
change with who else is held for the customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from onefold.customer.identity.clusters import apart_from, joined, telling
from onefold.customer.identity.model import Edge, Pair, Portrait, pair_of
from onefold.customer.identity.rules import conflicts_between, proof_between


def proven_pairs(portraits: Iterable[Portrait]) -> Iterator[Pair]:
    """The pairs that proof joins, within groups in which nothing contradicts."""
    known = {it.fragment_id: it for it in portraits}
    edges: list[Edge] = []
    for one, other in combinations(known.values(), 2):
        if proof := proof_between(one, other):
            edges.append((proof[0].weight, *pair_of(one.fragment_id, other.fragment_id)))
    if not edges:
        return
    nodes = sorted({key for _, left, right in edges for key in (left, right)})
    forbidden = apart_from(nodes, lambda one, other: bool(conflicts_between(known[one], known[other])))
    edges = telling(edges, forbidden)
    place = {key: at for at, group in enumerate(joined(nodes, edges, forbidden, {})) for key in group}
    yield from ((left, right) for _, left, right in edges if place[left] == place[right])
