"""The passes over identity keys that find pairs worth a look: a window of bounded work at a time.

What they remember is ids and weights, in memory, and none of it is believed when it is shown: the queue looks
at each pair again. So there is no table to keep, nothing to rebuild, and a restart only begins anew. Keys are
digests, so they are spread evenly, and how far a pass is says how much of them it has seen.

**Nobody's place is taken by what they may not see.** What is remembered is bounded, and so is what is looked
at for one answer; were both of everything there is, the worthiest pairs would keep all places although who
asks may see none of them, and what they may see would never come up. So each kind of asker (`Sight`) has a
pass, which takes a pair in only where both of its records may be seen. Those that somebody skipped are let
go of before any others, whatever they are worth: others may still find them there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import NamedTuple

from onefold.customer.identity.model import EvidenceProvider, Pair, Portrait, pair_of
from onefold.customer.identity.portraits import portrait_of
from onefold.customer.identity.review import Finding, Ranked, Worth, finding_of, worth_of
from onefold.customer.profile.ports import CustomerReader
from onefold.gate.model import Permit
from onefold.gate.portfolios import Relation
from onefold.gate.shields import Shield
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
"""Pairs remembered for a kind of asker; the least worth is let go."""
SIGHTS_MAX = 32
"""Kinds of askers that have a pass at once."""
_PRODUCTS = ("holder.party", "account.party")
_PRODUCTS_MAX = 1_000


class Sight(NamedTuple):
    """What decides which pairs somebody may see, beside what the records say."""

    role: str
    purpose: str
    controller: str
    relations: tuple[Relation, ...]
    shields: frozenset[Shield]
    portfolios: frozenset[str]
    policies: str


def sight_of(permit: Permit) -> Sight:
    """That of a permit."""
    actor = permit.actor
    return Sight(
        permit.role,
        permit.purpose,
        actor.controller,
        permit.relations,
        permit.shields,
        frozenset(actor.portfolios),
        permit.policy_version,
    )


class ReviewSweep:
    """The pass of each kind of asker, the least lately asked for let go of, and the hubs that any has met.

    Thread-safe.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._step = threading.Lock()
        self._passes: OrderedDict[Sight, ReviewPass] = OrderedDict()
        self._hubs: dict[bytes, int] = {}

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Whoever takes a step reads where a pair stands and says where it stands next, undisturbed."""
        if not self._step.acquire(timeout=STEP_SECONDS):
            raise Unavailable("Somebody else's step takes long.", hint="Nothing was said: try again.")
        try:
            yield
        finally:
            self._step.release()

    def of(self, sight: Sight) -> ReviewPass:
        """The pass of a kind of asker, which begins where there is none."""
        with self._guard:
            found = self._passes.setdefault(sight, ReviewPass())
            self._passes.move_to_end(sight)
            while len(self._passes) > SIGHTS_MAX:
                self._passes.popitem(last=False)
            return found

    def advance(self, sight: Sight, reader: CustomerReader, provider: EvidenceProvider) -> bool:
        """Has a pass take one window in; whether it has come to its end, or somebody else is at it."""
        ended, hubs, gone = self.of(sight).advance(reader, provider)
        with self._guard:
            self._hubs |= hubs
            for key in gone:
                self._hubs.pop(key, None)
        return ended

    def skipped(self, pair: Pair) -> None:
        """Somebody leaves a pair to others: for no kind of asker it takes the place of another any more."""
        with self._guard:
            passes = list(self._passes.values())
        for it in passes:
            it.skip([pair])

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


class ReviewPass:
    """How far one kind of asker is, and the pairs found for it. Thread-safe; one window at a time.

    `unseen` are proposals that were not to be seen when they were last looked at.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._window = threading.Lock()
        self._after = b""
        self._passes = 0
        self._waiting: dict[Pair, Worth] = {}
        self._kept: dict[Pair, Worth] = {}
        self._skipped: set[Pair] = set()
        self.unseen: frozenset[Pair] = frozenset()

    def advance(
        self, reader: CustomerReader, provider: EvidenceProvider
    ) -> tuple[bool, dict[bytes, int], set[bytes]]:
        """Takes one window in; whether that was the end, the hubs it met, and keys that are none.

        What is found waits until it is known to be seen (`waiting`).
        """
        if not self._window.acquire(blocking=False):
            return True, {}, set()
        try:
            return self._advance(reader, provider)
        finally:
            self._window.release()

    def _advance(
        self, reader: CustomerReader, provider: EvidenceProvider
    ) -> tuple[bool, dict[bytes, int], set[bytes]]:
        rows = reader.held_keys(self._after, ROWS_AT_ONCE)
        if not rows:
            self._after = b""
            self._passes += 1
            return True, {}, set()
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
            self._waiting |= found
            # What was remembered and is worth something else now is remembered so.
            self._kept |= {pair: worth for pair, worth in found.items() if pair in self._kept}
        self._after = after
        return False, hubs, gone

    def waiting(self) -> list[Pair]:
        """The pairs found that there is a place for, and of which it is not known yet who may see them."""
        with self._guard:
            self._waiting = {it: worth for it, worth in self._waiting.items() if it not in self._kept}
            if len(self._kept) >= KEPT_MAX and not self._skipped & self._kept.keys():
                least = max(_place(worth, pair) for pair, worth in self._kept.items())
                self._waiting = {it: w for it, w in self._waiting.items() if _place(w, it) < least}
            return list(self._waiting)

    def take_in(self, looked_at: Collection[Pair], seen: Collection[Pair], skipped: Collection[Pair]) -> None:
        """Remembers those of the pairs looked at that may be seen; some of them somebody skipped."""
        with self._guard:
            found = {it: self._waiting.pop(it) for it in looked_at if it in self._waiting}
            self._kept |= {it: worth for it, worth in found.items() if it in seen}
            self._skipped |= set(skipped)
            self._let_go()

    def skip(self, pairs: Iterable[Pair]) -> None:
        """Says that somebody skipped some."""
        with self._guard:
            self._skipped.update(it for it in pairs if it in self._kept)

    def best(self) -> list[Pair]:
        """The pairs that are remembered, the worthiest first."""
        with self._guard:
            return sorted(self._kept, key=lambda it: _place(self._kept[it], it))

    def forget(self, pairs: Iterable[Pair]) -> None:
        """Lets pairs go that are no longer worth a look, or may be seen no more."""
        with self._guard:
            for pair in pairs:
                self._kept.pop(pair, None)

    @property
    def covered_percent(self) -> int:
        """How much of the keys was looked at since the server began; 100 after a whole pass."""
        if self._passes:
            return 100
        return 100 * int.from_bytes(self._after[:4].ljust(4, b"\0"), "big") >> 32

    def _let_go(self) -> None:
        if len(self._kept) > KEPT_MAX:
            order = sorted(self._kept, key=lambda it: (it in self._skipped, _place(self._kept[it], it)))
            self._kept = {it: self._kept[it] for it in order[:KEPT_MAX]}
        self._skipped &= self._kept.keys()


def _place(worth: Worth, pair: Pair) -> tuple[int, int, int, Pair]:
    return -int(worth.sensitive), -worth.stake, -worth.weight, pair


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
