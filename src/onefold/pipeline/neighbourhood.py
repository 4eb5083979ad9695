"""All that decides about some fragments: the components they lie in, read and decided as the step does.

It is for people who ask why, and looks at the state only. What identity decides is worked out here once
more, from the same evidence by the same clusters, so that what became of each edge can be told; nothing of
it is kept anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from onefold.customer.identity.clusters import components
from onefold.customer.identity.deciding import bounds_of
from onefold.customer.identity.judgements import all_conflicts, all_evidence
from onefold.customer.identity.model import (
    Conflict,
    Edge,
    Evidence,
    EvidenceProvider,
    Fate,
    Judgement,
    Pair,
    Portrait,
)
from onefold.pipeline.model import Need, Writes
from onefold.pipeline.sight import Sight

FRAGMENTS_MAX = 1_000
"""Beyond these the walk ends, and what is told is not the whole of it."""


@dataclass(slots=True)
class Neighbourhood:
    """Fragments that evidence connects. `evidence` is of every pair that has some; `fates` of the same pairs.

    Not `is_whole` where there was more than is looked at; then nothing is known of any fate.
    """

    provider: EvidenceProvider
    portraits: dict[bytes, Portrait] = field(default_factory=dict)
    evidence: dict[Pair, tuple[Evidence, ...]] = field(default_factory=dict)
    standing: dict[Pair, Judgement] = field(default_factory=dict)
    fates: dict[Pair, Fate] = field(default_factory=dict)
    hubs: frozenset[bytes] = frozenset()
    """The keys met that more hold than may bring anybody together."""
    is_raised: bool = False
    """Some component was too large to be decided at all its weights."""
    is_whole: bool = True

    def weight(self, pair: Pair) -> int:
        """Of the strongest evidence for a pair; 0 where there is none."""
        return max((it.weight for it in self.evidence.get(pair, ())), default=0)

    def conflicts(self, pair: Pair) -> tuple[Conflict, ...]:
        """What keeps two of the fragments apart."""
        left, right = (self.portraits.get(it) for it in pair)
        if left is None or right is None:
            return ()
        return tuple(all_conflicts(left, right, self.standing.get(pair), self.provider))

    def shared_keys(self, pair: Pair) -> tuple[int, int]:
        """How many keys the two share, and the greatest limit of those of them that are hubs; 0 without."""
        left, right = (self.portraits.get(it) for it in pair)
        if left is None or right is None:
            return 0, 0
        mine, theirs = self.provider.keys_of([left, right])
        shared = mine & theirs
        return len(shared), max(map(self.provider.hub_limit_of, shared & self.hubs), default=0)

    def forest(self, among: Collection[bytes]) -> list[Pair]:
        """The strongest links that hold some fragments together by themselves: a greatest spanning forest.

        Of a whole customer these are the joins that made it; without some of it, the next strongest links.
        """
        held = (Fate.JOINED, Fate.WITHIN)
        links = [
            (-self.weight(pair), pair)
            for pair in self.evidence
            if pair[0] in among and pair[1] in among and (not self.is_whole or self.fates[pair] in held)
        ]
        group = {it: {it} for it in among}
        found = []
        for _, (left, right) in sorted(links):
            if group[left] is not group[right]:
                group[left] |= group[right]
                group.update(dict.fromkeys(group[right], group[left]))
                found.append((left, right))
        return found

    def path(self, start: bytes, end: bytes, among: Collection[bytes]) -> list[bytes]:
        """The chain of `forest` from one fragment to another, both included; empty where there is none."""
        neighbours: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for left, right in self.forest(among):
            neighbours[left].append(right)
            neighbours[right].append(left)
        came_from = {start: start}
        waiting = [start]
        while waiting and end not in came_from:
            at = waiting.pop()
            for it in neighbours[at]:
                if it not in came_from:
                    came_from[it] = at
                    waiting.append(it)
        if end not in came_from:
            return []
        chain = [end]
        while chain[-1] != start:
            chain.append(came_from[chain[-1]])
        return chain[::-1]


def look_around(
    seeds: Iterable[bytes], provider: EvidenceProvider, most: int = FRAGMENTS_MAX
) -> Generator[Need, Any, Neighbourhood]:
    """The components of the seeds. A seed that does not stand has none."""
    sight = Sight({}, Writes(), provider)
    found = Neighbourhood(provider)
    weights: dict[Pair, int] = {}
    compared: set[Pair] = set()
    visited: set[bytes] = set()
    frontier = set(seeds)
    while frontier:
        if len(visited | frontier) > most:
            found.is_whole = False
            break
        yield from sight.see(frontier)
        yield from sight.meet(sight.keys_held(frontier))
        yield from sight.hear(frontier)
        pairs = (sight.candidates(frontier) | sight.partners(frontier)) - compared
        compared |= pairs
        yield from sight.see({key for pair in pairs for key in pair})
        visited |= frontier
        weighed = sight.weights(pairs)
        weights |= weighed
        joining = [pair for pair, weight in weighed.items() if weight > 0]
        found.evidence.update((pair, _evidence(sight, pair, provider)) for pair in joining)
        frontier = {key for pair in joining for key in pair} - visited
    found.portraits = {it: one for it in visited if (one := sight.portrait(it)) is not None}
    found.standing = dict(sight.standing)
    keys = {key for it in found.portraits.values() for key in sight.keys_of(it)}
    found.hubs = frozenset(key for key in keys if len(sight.holders(key)) > provider.hub_limit_of(key))
    if found.is_whole:
        _decide(found, weights)
    return found


def _evidence(sight: Sight, pair: Pair, provider: EvidenceProvider) -> tuple[Evidence, ...]:
    left, right = (sight.portrait(key) for key in pair)
    if left is None or right is None:
        return ()
    return tuple(all_evidence(left, right, sight.standing.get(pair), provider))


def _decide(found: Neighbourhood, weights: dict[Pair, int]) -> None:
    """Tells what becomes of each edge, as the step decides it."""
    portraits, provider = found.portraits, found.provider
    bounds = bounds_of(portraits, found.standing, provider)
    by_node: defaultdict[bytes, list[Edge]] = defaultdict(list)
    for pair, weight in weights.items():
        by_node[pair[0]].append((weight, *pair))
    joining: list[Edge] = [(weight, *pair) for pair, weight in weights.items() if weight > 0]
    for component in components(portraits, joining):
        found.is_raised |= len(component) > provider.component_limit
        members = set(component)
        within = [edge for key in component for edge in by_node[key] if edge[2] in members]
        if len(component) > 1:
            provider.clusters(component, within, bounds, found.fates)
