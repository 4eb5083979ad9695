"""The pass over identity keys that finds pairs worth a look: a window of bounded work at a time.

What it remembers is ids and weights, in memory, and none of it is believed when it is shown: the queue looks
at each pair again. So there is no table to keep, nothing to rebuild, and a restart only begins a new pass.
Keys are digests, so they are spread evenly, and how far the pass is says how much of them it has seen.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import combinations

from onefold.customer.identity.model import EvidenceProvider, Pair, Portrait, pair_of
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.review import Finding, Ranked, Worth, finding_of, worth_of
from onefold.customer.profile.ports import CustomerReader
from onefold.kernel.errors import Unavailable
from onefold.usecases.four_eyes import standing_words

ROWS_AT_ONCE = 2_000
"""Holders of keys read in one window."""
PAIRS_AT_ONCE = 5_000
"""Pairs at which a window ends early: keys that many hold bring many."""
HOLDERS_MAX = 10_000
"""So many holders of a hub are counted; of one that more hold it is said that there are more."""
STEP_SECONDS = 30.0
KEPT_MAX = 2_000
"""Pairs remembered; the least worth is let go."""
_PRODUCTS = ("holder.party", "account.party")
_PRODUCTS_MAX = 1_000


class ReviewSweep:
    """What was found so far. Thread-safe; one window at a time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._window = threading.Lock()
        self._step = threading.Lock()
        self._after = b""
        self._kept: dict[Pair, Worth] = {}
        self._hubs: dict[bytes, int] = {}
        self._passes = 0

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Whoever takes a step reads where a pair stands and says where it stands next, undisturbed."""
        if not self._step.acquire(timeout=STEP_SECONDS):
            raise Unavailable("Somebody else's step takes long.", hint="Nothing was said: try again.")
        try:
            yield
        finally:
            self._step.release()

    def advance(self, reader: CustomerReader, provider: EvidenceProvider) -> bool:
        """Takes one window in; whether the pass has come to its end, or somebody else is taking one in."""
        if not self._window.acquire(blocking=False):
            return True
        try:
            return self._advance(reader, provider)
        finally:
            self._window.release()

    def _advance(self, reader: CustomerReader, provider: EvidenceProvider) -> bool:
        rows = reader.held_keys(self._after, ROWS_AT_ONCE)
        if not rows:
            self._after = b""
            self._passes += 1
            return True
        holders: defaultdict[bytes, list[bytes]] = defaultdict(list)
        for key, holder in rows:
            holders[key].append(holder)
        pairs: set[Pair] = set()
        hubs: dict[bytes, int] = {}
        gone: set[bytes] = set()
        after = self._after
        for key, ids in holders.items():
            if len(pairs) >= PAIRS_AT_ONCE:
                break
            after = key
            if len(ids) > provider.hub_limit:
                hubs[key] = _size(key, len(ids), reader)
                continue
            gone.add(key)
            if len(ids) <= provider.hub_limit_of(key):
                pairs.update(pair_of(one, other) for one, other in combinations(ids, 2))
        found = {pair: worth for pair, _, worth in ranked(pairs, reader, provider)}
        with self._guard:
            self._kept |= found
            self._let_go()
            self._hubs |= hubs
            for key in gone:
                self._hubs.pop(key, None)
        self._after = after
        return False

    def best(self) -> list[Pair]:
        """The pairs that are remembered, the worthiest first."""
        with self._guard:
            return sorted(self._kept, key=lambda it: (_descending(self._kept[it]), it))

    def forget(self, pairs: Iterable[Pair]) -> None:
        """Lets pairs go that are no longer worth a look."""
        with self._guard:
            for pair in pairs:
                self._kept.pop(pair, None)

    @property
    def hubs(self) -> int:
        """How many keys are held by too many to bring anybody together."""
        return len(self._hubs)

    def largest_hubs(self) -> list[bytes]:
        """The keys that too many held when the pass went by, those that most held first."""
        with self._guard:
            return sorted(self._hubs, key=lambda it: (-self._hubs[it], it))

    def forget_hubs(self, keys: Iterable[bytes]) -> None:
        """Lets keys go that are hubs no more."""
        with self._guard:
            for key in keys:
                self._hubs.pop(key, None)

    @property
    def covered_percent(self) -> int:
        """How much of the keys was looked at since the server began; 100 after a whole pass."""
        if self._passes:
            return 100
        return 100 * int.from_bytes(self._after[:4].ljust(4, b"\0"), "big") >> 32

    def _let_go(self) -> None:
        if len(self._kept) > KEPT_MAX:
            order = sorted(self._kept, key=lambda it: (_descending(self._kept[it]), it))
            self._kept = {it: self._kept[it] for it in order[:KEPT_MAX]}


def _descending(worth: Worth) -> tuple[int, int, int]:
    return -int(worth.sensitive), -worth.stake, -worth.weight


def _size(key: bytes, found: int, reader: CustomerReader) -> int:
    """How many hold a hub; one that fills a window may go on behind it."""
    if found < ROWS_AT_ONCE:
        return found
    return len(reader.holders([key], HOLDERS_MAX).get(key, ()))


def ranked(pairs: Iterable[Pair], reader: CustomerReader, provider: EvidenceProvider) -> list[Ranked]:
    """Those of the pairs that are worth a look now, with what they are worth; in no order."""
    pairs = set(pairs)
    portraits = _portraits({it for pair in pairs for it in pair}, reader)
    customers = reader.customers_of(list(portraits))
    judged = set(standing_words(portraits, reader))
    sizes: dict[bytes, int] = {}
    found: list[tuple[Pair, Finding]] = []
    for pair in pairs - judged:
        left, right = (portraits.get(it) for it in pair)
        if left is None or right is None:
            continue
        ours = {customers[it] for it in pair if it in customers}
        for it in ours - sizes.keys():
            sizes[it] = len(reader.fragments_of(it))
        joined = len(ours) == 1
        alone = joined and sizes[next(iter(ours))] == len(pair)
        finding = finding_of(left, right, provider, joined=joined, alone=alone)
        if finding is not None:
            found.append((pair, finding))
    return [(pair, it, _worth(pair, it, customers, sizes, reader)) for pair, it in found]


def _portraits(ids: set[bytes], reader: CustomerReader) -> dict[bytes, Portrait]:
    return {
        key: portrait_of(key, values)
        for key, it in reader.fragments(list(ids)).items()
        if it.entity == "party" and (values := it.values) is not None
    }


def _worth(
    pair: Pair,
    found: Finding,
    customers: dict[bytes, bytes],
    sizes: dict[bytes, int],
    reader: CustomerReader,
) -> Worth:
    ours = {customers[it] for it in pair if it in customers}
    products = len(reader.related(list(pair), _PRODUCTS, _PRODUCTS_MAX))
    return worth_of(found, sum(sizes[it] for it in ours), products, sensitive=found.careful)
