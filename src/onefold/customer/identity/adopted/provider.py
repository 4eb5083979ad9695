"""An adopted model as an `EvidenceProvider`: proof by the rules, everything else by what was learned.

The model is pinned: its weights, frequencies and keys do not move while records come and go, so a pair weighs
the same whenever it is looked at, alone or among a million, and live identity is identity in bulk (L3).

- *Proof* are the rules that rest on an identifier of one person and on sources that verify it (rules.py).
  Only along these may consent follow, so a model never changes what a view may combine.
- *Likeness* is what the model makes of two records, above the odds of the threshold.
- Records of sensitive groups are joined by proof alone, they and whoever proof has joined them with.
- What may never be together: a person and an organisation, two state identifiers of one form, a steward's
  word. Two birth dates are evidence here, and weighed: a model knows how often they are mistaken. But proof
  between others brings no two together whose birth dates contradict: father and son share a phone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from onefold.customer.identity.adopted.keying import keys_of_rows
from onefold.customer.identity.adopted.likeness import Likenesses
from onefold.customer.identity.adopted.merging import PROOF, merged
from onefold.customer.identity.keys import keys_of_identifiers
from onefold.customer.identity.linking.clustering import UNSEEN
from onefold.customer.identity.linking.comparing import compare
from onefold.customer.identity.linking.linker import THRESHOLD, bits_of
from onefold.customer.identity.linking.model import UNIT, Model
from onefold.customer.identity.linking.scoring import weigh
from onefold.customer.identity.model import Bounds, Conflict, Edge, Evidence, Fates, Portrait
from onefold.customer.identity.rules import (
    COMPONENT_LIMIT,
    STEWARD_WEIGHT,
    conflicts_between,
    kinds_differ,
    lasting_conflicts,
    proof_between,
)

LIKENESS_RULE = "likeness"
"""The rule that evidence of the model is shown under."""


class ModelProvider:
    """Evidence under one model; both limits may be lowered."""

    def __init__(
        self,
        model: Model,
        *,
        threshold: float = THRESHOLD,
        hub_limit: int | None = None,
        component_limit: int = COMPONENT_LIMIT,
    ) -> None:
        self._model = model
        self._limit = bits_of(threshold)
        self._likenesses = Likenesses([(it.name, it.kind) for it in model.fields])
        self.hub_limit = model.hub_limit if hub_limit is None else hub_limit
        self.component_limit = component_limit

    def keys_of(self, portraits: Sequence[Portrait]) -> list[frozenset[bytes]]:
        """The keys of each: those of the model, and the identifiers that proof rests on."""
        if not portraits:
            return []
        fields = self._likenesses.fields(portraits)
        found = keys_of_rows(fields, self._model.keys, len(portraits))
        return [keys_of_identifiers(it) | keys for it, keys in zip(portraits, found, strict=True)]

    def weights(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """Log2 odds of each pair above the threshold, in units; `PROOF` and more where there is proof."""
        return [
            proven or (min(alike, UNSEEN) if _careful(*pair) else alike)
            for pair, proven, alike in zip(pairs, map(_proven, pairs), self._likeness(pairs), strict=True)
        ]

    def evidence(self, left: Portrait, right: Portrait) -> Sequence[Evidence]:
        """Proof, strongest first, and likeness: its weight is in bits, and less than a steward's word."""
        found = proof_between(left, right)
        (alike,) = self._likeness([(left, right)])
        if alike <= 0 or _careful(left, right):
            return found
        one, other = sorted((left.fragment_id, right.fragment_id))
        bits = min(max(1, alike // UNIT), STEWARD_WEIGHT - 1)
        return (*found, Evidence(one, other, bits, LIKENESS_RULE, verified=False))

    def conflicts(self, left: Portrait, right: Portrait) -> Sequence[Conflict]:
        """Every reason against that nothing but a steward's word outweighs."""
        return lasting_conflicts(left, right)

    def clusters(
        self,
        nodes: Collection[bytes],
        edges: Sequence[Edge],
        bounds: Bounds,
        fates: Fates | None = None,
    ) -> list[list[bytes]]:
        """Joined by proof, then by the mean."""
        return merged(nodes, edges, bounds, self.component_limit, {} if fates is None else fates)

    def doubts(self, left: Portrait, right: Portrait) -> bool:
        """Where the rules have a conflict that the model may outweigh: two birth dates."""
        return len(conflicts_between(left, right)) > len(lasting_conflicts(left, right))

    def _likeness(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """What the model makes of each pair, never 0: to say nothing is for pairs that nobody looks at."""
        if not pairs:
            return []
        place: dict[Portrait, int] = {}
        ordered = [sorted(it, key=lambda portrait: portrait.fragment_id) for it in pairs]
        left, right = (
            np.array([place.setdefault(it[side], len(place)) for it in ordered], dtype=np.int64)
            for side in (0, 1)
        )
        fields = self._likenesses.fields(list(place))
        weights = weigh(self._model, fields, compare(fields, left, right), left) - self._limit
        return [int(it) or -1 for it in weights]


def _proven(pair: tuple[Portrait, Portrait]) -> int:
    strongest = next(iter(proof_between(*pair)), None)
    return 0 if strongest is None else PROOF + strongest.weight


def _careful(left: Portrait, right: Portrait) -> bool:
    return left.careful or right.careful or kinds_differ(left, right)
