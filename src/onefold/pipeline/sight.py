"""What identity can see during one batch: the state as it will be, read no further than needed.

The store answers for the state before the batch; the changes of the batch are laid over each answer. Methods
that read are generators of `Need`, like the step itself, and ask for everything of one kind at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable
from typing import Any

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.judgements import LEFT, RIGHT, judged_pair, standing_judgements
from onefold.customer.identity.model import EvidenceProvider, Judgement, Pair, Portrait, Verdict, pair_of
from onefold.customer.identity.portraits import portrait_of
from onefold.pipeline.model import Need, NeedFragments, NeedHoldersOfKeys, NeedLinks, Writes

Reading = Generator[Need, Any, None]


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
        for key, fragment in self._changed.items():
            if fragment.entity == "party":
                self._notice(key, _portrait(before.get(key)), _portrait(fragment))
            else:
                self.judged.update(judged_pair(before.get(key)) or (), judged_pair(fragment) or ())
        self._hub_limit = provider.hub_limit
        self._most = self._hub_limit + max(map(len, self.keys_removed.values()), default=0)

    def _notice(self, key: bytes, old: Portrait | None, new: Portrait | None) -> None:
        self._new[key] = new
        if old == new:
            return
        self.old[key] = old
        had, has = self.keys_of(old), self.keys_of(new)
        for it in has - had:
            self.keys_added[it].add(key)
        for it in had - has:
            self.keys_removed[it].add(key)

    def keys_of(self, portrait: Portrait | None) -> frozenset[bytes]:
        """The keys of a portrait; none of a fragment that does not stand."""
        if portrait is None:
            return frozenset()
        keys = self._keys.get(portrait)
        if keys is None:
            keys = self._keys[portrait] = frozenset(self._provider.keys(portrait))
        return keys

    def portrait(self, key: bytes) -> Portrait | None:
        """The portrait after the batch of a fragment that was seen; None where there is none."""
        return self._new[key]

    def portrait_before(self, key: bytes) -> Portrait | None:
        """The portrait before the batch of a fragment that was seen."""
        return self.old[key] if key in self.old else self._new[key]

    def see(self, ids: Iterable[bytes]) -> Reading:
        """Reads the portraits of fragments."""
        unseen = tuple(key for key in ids if key not in self._new)
        if unseen:
            found: dict[bytes, Fragment] = yield NeedFragments(unseen)
            self._new.update((key, _portrait(found.get(key))) for key in unseen)

    def meet(self, keys: Iterable[bytes]) -> Reading:
        """Reads who holds keys."""
        unmet = tuple(set(keys) - self._holders.keys())
        if unmet:
            found: dict[bytes, list[bytes]] = yield NeedHoldersOfKeys(unmet, self._most)
            self._holders.update((key, found.get(key, [])) for key in unmet)

    def holders_before(self, key: bytes) -> list[bytes]:
        """Who held a key before the batch; cut where it was a hub beyond doubt."""
        return self._holders[key]

    def holders(self, key: bytes) -> set[bytes]:
        """Who holds a key after the batch.

        A cut answer is long enough: it has one more than the limit plus whatever the batch takes away.
        """
        held = set(self._holders[key])
        return (held - self.keys_removed.get(key, set())) | self.keys_added.get(key, set())

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

    def was_connected(self, pair: Pair) -> bool:
        """Whether the provider had evidence for a pair before the batch."""
        left, right = (self.portrait_before(key) for key in pair)
        return left is not None and right is not None and bool(self._provider.evidence(left, right))

    def candidates(self, ids: Iterable[bytes]) -> set[Pair]:
        """The pairs that keys bring together, with one of these fragments in them; hubs bring nobody."""
        pairs: set[Pair] = set()
        for key in ids:
            for it in self.keys_of(self.portrait(key)):
                holders = self.holders(it)
                if len(holders) <= self._hub_limit:
                    pairs.update(pair_of(key, other) for other in holders if other != key)
        return pairs


def _portrait(fragment: Fragment | None) -> Portrait | None:
    values = fragment.values if fragment is not None else None
    return portrait_of(fragment.fragment_id, values) if fragment is not None and values is not None else None
