"""The customers of fragments among which every pair that shares a key was weighed: live and in bulk alike.

`partition` is the definition: all fragments at once, nothing walked and nothing remembered. What a worker
decides batch by batch (pipeline/resolution.py) has to be the same (L3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations

from onefold.customer.identity.clusters import components, customer_id_of
from onefold.customer.identity.judgements import all_conflicts
from onefold.customer.identity.model import (
    SAID_SAME,
    Bounds,
    Edge,
    EvidenceProvider,
    Judgement,
    Pair,
    Portrait,
    Verdict,
    pair_of,
)

_PAIRS_AT_ONCE = 20_000


def partition(
    portraits: Sequence[Portrait],
    standing: Mapping[Pair, Judgement],
    provider: EvidenceProvider,
    told: Callable[[int], None] = lambda _: None,
) -> dict[bytes, bytes]:
    """Fragment → customer, of all party fragments there are and every judgement that stands.

    `told` hears now and then how many pairs were weighed.
    """
    known = {it.fragment_id: it for it in portraits}
    weights: dict[Pair, int] = {}
    weighed = 0
    for pairs in _candidates(portraits, provider):
        found = provider.weights([(known[one], known[other]) for one, other in pairs])
        weights.update((pair, weight) for pair, weight in zip(pairs, found, strict=True) if weight)
        weighed += len(pairs)
        told(weighed)
    said = {pair: SAID_SAME for pair, word in standing.items() if word.verdict is Verdict.SAME}
    weights |= {pair: it for pair, it in said.items() if pair[0] in known and pair[1] in known}
    return decided(known.keys(), weights, known, standing, provider)


def decided(
    nodes: Collection[bytes],
    weights: Mapping[Pair, int],
    portraits: Mapping[bytes, Portrait],
    standing: Mapping[Pair, Judgement],
    provider: EvidenceProvider,
) -> dict[bytes, bytes]:
    """Fragment → customer, of whole components: every pair above 0 that has one end in `nodes` has both."""
    bounds = bounds_of(portraits, standing, provider)
    parts = components(nodes, [(weight, *pair) for pair, weight in weights.items() if weight > 0])
    label = {key: at for at, part in enumerate(parts) for key in part}
    within: dict[int, list[Edge]] = defaultdict(list)
    for (left, right), weight in weights.items():
        at = label.get(left)
        if at is not None and at == label.get(right):
            within[at].append((weight, left, right))
    members: dict[bytes, bytes] = {}
    for at, part in enumerate(parts):
        for cluster in provider.clusters(part, within[at], bounds) if len(part) > 1 else [part]:
            members.update(dict.fromkeys(cluster, customer_id_of(cluster, portraits)))
    return members


def bounds_of(
    portraits: Mapping[bytes, Portrait], standing: Mapping[Pair, Judgement], provider: EvidenceProvider
) -> Bounds:
    """What clusters of these fragments have to keep to."""

    def apart(one: bytes, other: bytes) -> bool:
        judgement = standing.get(pair_of(one, other))
        return bool(all_conflicts(portraits[one], portraits[other], judgement, provider))

    def doubted(one: bytes, other: bytes) -> bool:
        judgement = standing.get(pair_of(one, other))
        said = judgement is not None and judgement.verdict is Verdict.SAME
        return not said and provider.doubts(portraits[one], portraits[other])

    parted = {
        (left, right)
        for (left, right), word in standing.items()
        if word.verdict is Verdict.DIFFERENT
        and left in portraits
        and right in portraits
        and not provider.conflicts(portraits[left], portraits[right])
    }
    return Bounds(apart, doubted, lambda it: portraits[it].careful, parted)


def _candidates(portraits: Sequence[Portrait], provider: EvidenceProvider) -> Iterator[list[Pair]]:
    """Each pair that shares a key that is no hub, once, some at a time."""
    holders: dict[bytes, list[bytes]] = defaultdict(list)
    for portrait, keys in zip(portraits, provider.keys_of(portraits), strict=True):
        for key in keys:
            holders[key].append(portrait.fragment_id)
    shared = sorted(
        {tuple(sorted(it)) for key, it in holders.items() if 1 < len(it) <= provider.hub_limit_of(key)}
    )
    met: set[Pair] = set()
    waiting: list[Pair] = []
    for group in shared:
        fresh = {pair for pair in combinations(group, 2) if pair not in met}
        met |= fresh
        waiting += fresh
        if len(waiting) >= _PAIRS_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
