"""What identity can see during one batch: the state as it will be, read no further than needed.

The store answers for the state before the batch; the changes of the batch are laid over each answer. Methods
that read are generators of `Need`, like the step itself, and ask for everything of one kind at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.judgements import LEFT, RIGHT, judged_pair, standing_judgements
from onefold.customer.identity.model import (
    SAID_SAME,
    EvidenceProvider,
    Judgement,
    Pair,
    Portrait,
    Verdict,
    pair_of,
)
from onefold.customer.identity.portraits import kept, portrait_kept, portrait_of
from onefold.pipeline.model import (
    Need,
    NeedFragments,
    NeedHoldersOfKeys,
    NeedLinks,
    NeedPortraits,
    Writes,
)

Reading = Generator[Need, Any, None]

_NOBODY: frozenset[bytes] = frozenset()


class Sight:
    """Portraits, holders of keys and judgements, before and after the batch."""

    def __init__(self, before: dict[bytes, Fragment], writes: Writes, provider: EvidenceProvider) -> None:
        self._provider = provider
        self._changed = {
            key: it for key, it in writes.fragments.items() if it.entity in ("party", "judgement")
        }
        self.old: dict[bytes, Portrait | None] = {}
        """Portraits before the batch of the fragments whose portrait changed."""
        self._new: dict[bytes, Portrait | None] = {}
        self._keys: dict[Portrait, frozenset[bytes]] = {}
        self.keys_added: dict[bytes, set[bytes]] = defaultdict(set)
        self.keys_removed: dict[bytes, set[bytes]] = defaultdict(set)
        self.judged: set[bytes] = set()
        """Fragments about which a judgement was made, changed or taken back."""
        self._heard: set[bytes] = set()
        self._judgements: dict[bytes, Fragment] = {}
        self.standing: dict[Pair, Judgement] = {}
        self._holders: dict[bytes, list[bytes]] = {}
        self._holding: dict[bytes, AbstractSet[bytes]] = {}
        for key, fragment in self._changed.items():
            if fragment.entity == "party":
                old, new = _portrait(before.get(key)), _portrait(fragment)
                self._new[key] = new and provider.read(new)
                if old != new:
                    self.old[key] = old and provider.read(old)
            else:
                self.judged.update(judged_pair(before.get(key)) or (), judged_pair(fragment) or ())
        self._notice_keys()
        self._beyond = max(map(len, self.keys_removed.values()), default=0)

    def portraits(self) -> dict[bytes, bytes | None]:
        """The portraits after the batch of the fragments whose portrait changed, as the state keeps them."""
        return {key: None if (it := self._new[key]) is None else kept(it) for key in self.old}

    def _notice_keys(self) -> None:
        self._learn_keys([it for key, old in self.old.items() for it in (old, self._new[key])])
        for key, old in self.old.items():
            had, has = self.keys_of(old), self.keys_of(self._new[key])
            for it in has - had:
                self.keys_added[it].add(key)
            for it in had - has:
                self.keys_removed[it].add(key)

    def _learn_keys(self, portraits: Iterable[Portrait | None]) -> None:
        """Asks for the keys of all of them at once."""
        unknown = list({it: None for it in portraits if it is not None and it not in self._keys})
        self._keys.update(zip(unknown, self._provider.keys_of(unknown), strict=True))

    def keys_of(self, portrait: Portrait | None) -> frozenset[bytes]:
        """The keys of a portrait; none of a fragment that does not stand."""
        if portrait is None:
            return frozenset()
        if portrait not in self._keys:
            self._learn_keys([portrait])
        return self._keys[portrait]

    def keys_held(self, ids: Iterable[bytes]) -> set[bytes]:
        """Every key of fragments that were seen."""
        portraits = [self._new[it] for it in ids]
        self._learn_keys(portraits)
        return {key for portrait in portraits for key in self.keys_of(portrait)}

    def portrait(self, key: bytes) -> Portrait | None:
        """The portrait after the batch of a fragment that was seen; None where there is none."""
        return self._new[key]

    def see(self, ids: Iterable[bytes]) -> Reading:
        """Reads the portraits of fragments."""
        unseen = tuple(key for key in ids if key not in self._new)
        if unseen:
            found: dict[bytes, bytes] = yield NeedPortraits(unseen)
            self._new.update((key, portrait_kept(found[key]) if key in found else None) for key in unseen)

    def meet(self, keys: Iterable[bytes]) -> Reading:
        """Reads who holds keys."""
        by_limit: defaultdict[int, list[bytes]] = defaultdict(list)
        for key in set(keys) - self._holders.keys():
            by_limit[self._provider.hub_limit_of(key)].append(key)
        for limit, unmet in by_limit.items():
            found: dict[bytes, list[bytes]] = yield NeedHoldersOfKeys(tuple(unmet), limit + self._beyond)
            self._holders.update((key, found.get(key, [])) for key in unmet)

    def holders_before(self, key: bytes) -> list[bytes]:
        """Who held a key before the batch; cut where it was a hub beyond doubt."""
        return self._holders[key]

    def holders(self, key: bytes) -> AbstractSet[bytes]:
        """Who holds a key after the batch.

        A cut answer is long enough: it has one more than the limit plus whatever the batch takes away.
        """
        found = self._holding.get(key)
        if found is None:
            held = set(self._holders[key])
            found = (held - self.keys_removed.get(key, _NOBODY)) | self.keys_added.get(key, _NOBODY)
            self._holding[key] = found
        return found

    def hear(self, ids: Iterable[bytes]) -> Reading:
        """Reads what stewards said about fragments, and what stands of it."""
        unheard = tuple(key for key in ids if key not in self._heard)
        if not unheard:
            return
        self._heard.update(unheard)
        hanging: set[bytes] = set()
        for relation in (LEFT, RIGHT):
            linked: dict[bytes, list[bytes]] = yield NeedLinks(unheard, relation)
            hanging.update(it for group in linked.values() for it in group)
        unread = tuple(hanging - self._judgements.keys())
        if unread:
            found: dict[bytes, Fragment] = yield NeedFragments(unread)
            self._judgements |= found
        self._judgements |= {key: it for key, it in self._changed.items() if it.entity == "judgement"}
        self.standing = standing_judgements(self._judgements.values())

    def partners(self, ids: set[bytes]) -> set[Pair]:
        """The pairs a steward joined, with one of these fragments in them; other words join nobody."""
        return {
            pair
            for pair, judgement in self.standing.items()
            if judgement.verdict is Verdict.SAME and (pair[0] in ids or pair[1] in ids)
        }

    def weights(self, pairs: Iterable[Pair]) -> dict[Pair, int]:
        """What pairs of fragments that were seen weigh after the batch; those that say nothing are absent."""
        return self._weighed(pairs, self._new) | {
            pair: SAID_SAME
            for pair in pairs
            if (word := self.standing.get(pair)) is not None
            and word.verdict is Verdict.SAME
            and all(self.portrait(key) is not None for key in pair)
        }

    def connected_before(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Of these pairs those for which the provider had evidence before the batch."""
        found = self._weighed(pairs, self._new | self.old)
        return [pair for pair, weight in found.items() if weight > 0]

    def _weighed(self, pairs: Iterable[Pair], seen: Mapping[bytes, Portrait | None]) -> dict[Pair, int]:
        known = [
            (pair, (left, right))
            for pair in pairs
            if (left := seen[pair[0]]) is not None and (right := seen[pair[1]]) is not None
        ]
        found = self._provider.weights([portraits for _, portraits in known])
        return {pair: weight for (pair, _), weight in zip(known, found, strict=True) if weight}

    def candidates(self, ids: Iterable[bytes]) -> set[Pair]:
        """The pairs that keys bring together, with one of these fragments in them; hubs bring nobody."""
        pairs: set[Pair] = set()
        for key in ids:
            for it in self.keys_of(self.portrait(key)):
                holders = self.holders(it)
                if len(holders) <= self._provider.hub_limit_of(it):
                    pairs.update(pair_of(key, other) for other in holders if other != key)
        return pairs


def _portrait(fragment: Fragment | None) -> Portrait | None:
    values = fragment.values if fragment is not None else None
    return portrait_of(fragment.fragment_id, values) if fragment is not None and values is not None else None
