"""The customers of one component, from what all its pairs weigh: constraints first, then the mean.

Theory
------
Proof joins before anything else: what a steward said or an identifier of one person shows, the heaviest
first, never across two who may not be together or whose birth dates contradict (clusters.py). Groups with a
record of a sensitive group are then done. What is left merges as in the linker
(linking/clustering.py): the two groups with the greatest mean weight over all pairs across, as long as a
mean is above zero and no fragment of one may not be with a fragment of the other. A pair that shares no key
counts `UNSEEN`. Proof that joined nobody says nothing here, nor does a pair that pulls a fragment as strongly
to one as to another who may not be with it.

All is a function of the component's pairs: sums are whole numbers, ties go to the smaller ids.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence

from onefold.customer.identity.clusters import apart_from, components, joined, telling, without
from onefold.customer.identity.linking.clustering import UNSEEN
from onefold.customer.identity.linking.model import UNIT
from onefold.customer.identity.model import Bounds, Edge, Fate, Fates

PROOF = 1 << 40
"""An edge that weighs as much is proof, and no matter of means."""


def merged(
    nodes: Collection[bytes], edges: Sequence[Edge], bounds: Bounds, limit: int, fates: Fates
) -> list[list[bytes]]:
    """The fragments of one component as customers, each in id order, by their least id.

    Above `limit` fragments, edges are let go from the lightest, a bit at a time, until the parts are small.
    `fates` is told what became of each edge above 0.
    """
    fates.update({(left, right): Fate.LET_GO for weight, left, right in edges if weight > 0})
    found: list[list[bytes]] = []
    waiting = [(sorted(nodes), list(edges), 0)]
    while waiting:
        part, within, level = waiting.pop()
        if len(part) <= limit:
            found += _groups(part, within, bounds, fates)
            continue
        lightest = min((it[0] for it in within if it[0] > level), default=None)
        if lightest is None:
            found += [[it] for it in part]
            continue
        level = max(level + UNIT, lightest)
        parts = components(part, [edge for edge in within if edge[0] > level])
        label = {key: at for at, smaller in enumerate(parts) for key in smaller}
        inside: list[list[Edge]] = [[] for _ in parts]
        for edge in within:
            if label[edge[1]] == label[edge[2]]:
                inside[label[edge[1]]].append(edge)
        waiting += [(smaller, its, level) for smaller, its in zip(parts, inside, strict=True)]
    return sorted(found)


def _groups(nodes: Sequence[bytes], edges: Sequence[Edge], bounds: Bounds, fates: Fates) -> list[list[bytes]]:
    if len(nodes) == 1:
        return [list(nodes)]
    forbidden = apart_from(nodes, bounds.apart)
    doubted = apart_from(nodes, lambda one, other: other in forbidden[one] or bounds.doubted(one, other))
    proof = telling([it for it in edges if it[0] >= PROOF], without(doubted, bounds.parted))
    proven = joined(nodes, proof, doubted, {})
    told = {*proof, *telling([it for it in edges if 0 < it[0] < PROOF], without(forbidden, bounds.parted))}
    place = {key: at for at, group in enumerate(proven) for key in group}
    careful = {at for at, group in enumerate(proven) if any(map(bounds.careful, group))}
    means = _Means([len(it) for it in proven], careful)
    for edge in edges:
        one, other = place[edge[1]], place[edge[2]]
        if one != other:
            means.count(one, other, edge[0] if edge[0] <= 0 or (edge in told and edge[0] < PROOF) else 0)
    barred = ((place[key], place[it]) for key, others in forbidden.items() for it in others)
    groups = [sorted(key for at in group for key in proven[at]) for group in means.merged(barred)]
    _tell(groups, edges, told, forbidden, fates)
    return groups


def _tell(
    groups: Sequence[Sequence[bytes]],
    edges: Iterable[Edge],
    told: Collection[Edge],
    forbidden: Mapping[bytes, set[bytes]],
    fates: Fates,
) -> None:
    """What became of each edge above 0."""
    place = {key: at for at, group in enumerate(groups) for key in group}
    for edge in edges:
        weight, left, right = edge
        if weight <= 0:
            continue
        if place[left] == place[right]:
            fates[left, right] = Fate.WITHIN
        elif edge not in told:
            fates[left, right] = Fate.COMPETING
        elif any(not forbidden[key].isdisjoint(groups[place[right]]) for key in groups[place[left]]):
            fates[left, right] = Fate.APART
        else:
            fates[left, right] = Fate.OUTWEIGHED


class _Means:
    """Groups with the sums of what their pairs weigh, merged from the greatest mean down; `closed` never."""

    def __init__(self, sizes: Sequence[int], closed: Collection[int]) -> None:
        self._closed = closed
        self._groups = {at: [at] for at in range(len(sizes))}
        self._sizes = dict(enumerate(sizes))
        self._near: dict[int, dict[int, tuple[int, int]]] = {at: {} for at in self._groups}
        self._barred: dict[int, set[int]] = {at: set() for at in self._groups}

    def count(self, one: int, other: int, weight: int) -> None:
        """Adds a pair across two groups."""
        total, seen = self._near[one].get(other, (0, 0))
        self._near[one][other] = self._near[other][one] = (total + weight, seen + 1)

    def merged(self, barred: Iterable[tuple[int, int]]) -> Collection[list[int]]:
        """Groups of groups; `barred` says which may never be together."""
        for one, other in barred:
            self._barred[one].add(other)
        heap = [it for one in self._groups if one not in self._closed for it in self._pushed(one, later=True)]
        heapq.heapify(heap)
        while heap:
            mean, one, other = heapq.heappop(heap)
            if one in self._groups and other in self._groups and -mean == self._mean(one, other):
                self._absorb(one, other)
                for it in self._pushed(one, later=False):
                    heapq.heappush(heap, it)
        return self._groups.values()

    def _pushed(self, one: int, *, later: bool) -> list[tuple[int, int, int]]:
        """The pairs of a group that may merge; with `later` those with groups after it alone."""
        return [
            (-mean, min(one, other), max(one, other))
            for other in self._near[one]
            if not (later and other < one)
            and other not in self._barred[one]
            and other not in self._closed
            and (mean := self._mean(one, other)) > 0
        ]

    def _mean(self, one: int, other: int) -> int:
        total, seen = self._near[one].get(other, (0, 0))
        pairs = self._sizes[one] * self._sizes[other]
        return (total + (pairs - seen) * UNSEEN) // pairs

    def _absorb(self, one: int, other: int) -> None:
        self._groups[one] += self._groups.pop(other)
        self._sizes[one] += self._sizes.pop(other)
        for it, (total, seen) in self._near.pop(other).items():
            del self._near[it][other]
            if it != one:
                had, met = self._near[one].get(it, (0, 0))
                self._near[one][it] = self._near[it][one] = (had + total, met + seen)
        for it in self._barred.pop(other):
            self._barred[it].discard(other)
            self._barred[it].add(one)
            self._barred[one].add(it)
