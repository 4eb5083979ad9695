"""From evidence to customers: a deterministic function of one connected component.

Theory
------
A *component* is a set of fragments connected by evidence; components do not touch, so each is decided alone
and a new fragment costs what its component costs. Within one, edges are taken from the heaviest to the
lightest (ties by the smaller ids) and join the two clusters they connect, unless some fragment of one may not
be with some fragment of the other. This is single linkage with cannot-link constraints: the result does not
depend on the order in which fragments came, because the order of edges does not.

Evidence that speaks as strongly for one fragment as for another that may not be with it speaks for neither:
a record without a birth date, of a name and a phone that father and son share, stays alone rather than with
the one whose id is smaller. A steward who parts two fragments says nothing about a third, so for this only
what contradicts by itself counts: saying `different` of two who are apart anyway changes nothing.

A chain of weak links can make a component of thousands. Above a limit the lightest edges are let
go, weight by weight, until what still hangs together is small enough; each part is then decided as above. A
part that is too large even at the greatest weight is left apart, every fragment for itself: a giant customer
is never right.

A customer's id is the birth id of its fragment with the least (customer since, if a source says so; birth
id): a function of the members, so it cannot depend on arrival either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from onefold.customer.identity.model import Edge, Fate, Fates, Pair, Portrait

_NEVER = 1 << 62


def components(nodes: Iterable[bytes], edges: Iterable[Edge]) -> list[list[bytes]]:
    """The connected components, each in id order, by their least id."""
    parent = {node: node for node in nodes}
    for _, left, right in edges:
        one, other = _root(parent, left), _root(parent, right)
        parent[max(one, other)] = min(one, other)
    groups: dict[bytes, list[bytes]] = {}
    for node in sorted(parent):
        groups.setdefault(_root(parent, node), []).append(node)
    return list(groups.values())


def clusters(
    nodes: Collection[bytes],
    edges: Sequence[Edge],
    apart: Callable[[bytes, bytes], bool],
    limit: int,
    parted: Collection[Pair] = (),
    fates: Fates | None = None,
) -> list[list[bytes]]:
    """The fragments of one component as customers, each in id order, by their least id.

    `apart` says that two fragments may never be together; it is asked about pairs of one part only. `parted`
    are those of them that nothing but a steward's word keeps apart. `fates`, where given, is told what became
    of each edge.
    """
    fates = {} if fates is None else fates
    fates.update({(left, right): Fate.LET_GO for _, left, right in edges})
    found: list[list[bytes]] = []
    waiting = [(list(nodes), list(edges))]
    while waiting:
        part, within = waiting.pop()
        if len(part) <= limit:
            found += _joined(part, within, apart, parted, fates)
            continue
        least = min((weight for weight, _, _ in within), default=_NEVER)
        heavier = [edge for edge in within if edge[0] > least]
        for smaller in components(part, heavier):
            ids = set(smaller)
            waiting.append((smaller, [edge for edge in heavier if edge[1] in ids]))
    return sorted(found)


def _joined(
    nodes: Sequence[bytes],
    edges: Sequence[Edge],
    apart: Callable[[bytes, bytes], bool],
    parted: Collection[Pair],
    fates: Fates,
) -> list[list[bytes]]:
    if len(nodes) == 1:
        return [list(nodes)]
    forbidden = apart_from(nodes, apart)
    fates.update({(left, right): Fate.COMPETING for _, left, right in edges})
    return joined(nodes, telling(edges, without(forbidden, parted)), forbidden, fates)


def joined(
    nodes: Sequence[bytes],
    edges: Iterable[Edge],
    forbidden: Mapping[bytes, set[bytes]],
    fates: Fates,
) -> list[list[bytes]]:
    """Joins along the edges from the heaviest, never across a pair that must stay apart."""
    parent = {node: node for node in nodes}
    members = {node: {node} for node in nodes}
    barred = {node: set(forbidden[node]) for node in nodes}
    for _, left, right in sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2])):
        one, other = sorted((_root(parent, left), _root(parent, right)))
        if one == other:
            fates[left, right] = Fate.WITHIN
        elif barred[one] & members[other]:
            fates[left, right] = Fate.APART
        else:
            fates[left, right] = Fate.JOINED
            parent[other] = one
            members[one] |= members.pop(other)
            barred[one] |= barred.pop(other)
    return [sorted(group) for group in members.values()]


def telling(edges: Sequence[Edge], forbidden: Mapping[bytes, set[bytes]]) -> list[Edge]:
    """The edges that tell fragments apart.

    Left out: an edge one end of which is pulled as strongly to a fragment that the other end may not be with.
    """
    pulled: dict[tuple[bytes, int], set[bytes]] = {}
    for weight, left, right in edges:
        pulled.setdefault((left, weight), set()).add(right)
        pulled.setdefault((right, weight), set()).add(left)
    return [
        edge
        for edge in edges
        if forbidden[edge[2]].isdisjoint(pulled[edge[1], edge[0]])
        and forbidden[edge[1]].isdisjoint(pulled[edge[2], edge[0]])
    ]


def without(forbidden: Mapping[bytes, set[bytes]], parted: Collection[Pair]) -> Mapping[bytes, set[bytes]]:
    """Those who contradict each other by themselves."""
    if not parted:
        return forbidden
    said = {*parted, *((right, left) for left, right in parted)}
    return {one: {it for it in others if (one, it) not in said} for one, others in forbidden.items()}


def apart_from(nodes: Sequence[bytes], apart: Callable[[bytes, bytes], bool]) -> dict[bytes, set[bytes]]:
    """With whom each fragment may not be. Symmetric, so asking one cluster about the other is enough."""
    forbidden: dict[bytes, set[bytes]] = {node: set() for node in nodes}
    for at, one in enumerate(nodes):
        for other in nodes[at + 1 :]:
            if apart(one, other):
                forbidden[one].add(other)
                forbidden[other].add(one)
    return forbidden


def _root(parent: dict[bytes, bytes], node: bytes) -> bytes:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def customer_id_of(members: Iterable[bytes], portraits: Mapping[bytes, Portrait]) -> bytes:
    """The id of a customer with these members."""

    def age(member: bytes) -> tuple[bool, int, bytes]:
        since = portraits[member].since_on
        return (since is None, since or 0, member)

    return min(members, key=age)
