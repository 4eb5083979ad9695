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

from collections.abc import Collection, Iterator, Sequence

import msgspec
import numpy as np

from onefold.customer.identity.adopted.keying import Keying, limit_of, on_rung
from onefold.customer.identity.adopted.likeness import texts_of_portrait
from onefold.customer.identity.adopted.merging import PROOF, merged
from onefold.customer.identity.keys import fields_of_identifiers, keys_of_identifiers
from onefold.customer.identity.linking.clustering import UNSEEN
from onefold.customer.identity.linking.linker import THRESHOLD, bits_of
from onefold.customer.identity.linking.model import UNIT, Model
from onefold.customer.identity.linking.several import Several
from onefold.customer.identity.linking.single import OneByOne, Row
from onefold.customer.identity.model import Bounds, Conflict, Edge, Evidence, Fates, Portrait
from onefold.customer.identity.rules import (
    COMPONENT_LIMIT,
    STEWARD_WEIGHT,
    births_contradict,
    kinds_differ,
    lasting_conflicts,
    proof_between,
)
from onefold.kernel.memory import remembered

LIKENESS_RULE = "likeness"
"""The rule that evidence of the model is shown under."""
MANY = 5_000
"""From so many pairs on, columns are worth their making."""
REMEMBERED = 5_000
"""Of so many portraits what they say is kept in memory, so that none is read twice in one batch."""
_CANONICAL = {"organisation": "organisation_name", "street": "address"}
"""What the linker calls otherwise than the canon."""


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
        fields = [(it.name, it.kind) for it in model.fields]
        self._names = [name for name, _ in fields]
        self._keying = Keying(fields, model.keys, model.limits)
        self._pairs = OneByOne(model)
        self._several = Several(model)
        self._row = remembered(REMEMBERED)(self._read)
        self.hub_limit = model.hub_limit if hub_limit is None else hub_limit
        self.component_limit = component_limit

    def hub_limit_of(self, key: bytes) -> int:
        """As the model has it for the key, never above the limit of all."""
        return limit_of(key, self.hub_limit)

    def read(self, portrait: Portrait) -> Portrait:
        """A portrait with its texts in the order of the model's fields; one that was read is what it is."""
        found: Portrait = msgspec.structs.replace(portrait, said=(), read=self._texts(portrait))
        return found

    def keys_of(self, portraits: Sequence[Portrait]) -> list[frozenset[bytes]]:
        """The keys of each: those of the model, and the identifiers that proof rests on."""
        return [
            frozenset(map(on_rung, keys_of_identifiers(it))) | self._keying.keys_of(self._row(it).texts)
            for it in portraits
        ]

    def fields_of_keys(self, portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
        """Of each key of one, the fields it is made of."""
        found = self._keying.fields_of_keys(self._row(portrait).texts)
        ours = {key: tuple(_CANONICAL.get(it, it) for it in fields) for key, fields in found.items()}
        return ours | {on_rung(key): fields for key, fields in fields_of_identifiers(portrait).items()}

    def weights(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """Log2 odds of each pair above the threshold, in units; `PROOF` and more where there is proof."""
        found = [_proven(left, right) for left, right in pairs]
        open_ = [at for at, weight in enumerate(found) if not weight]
        for at, alike in zip(open_, self._alike([pairs[at] for at in open_]), strict=True):
            found[at] = min(alike, UNSEEN) if _careful(*pairs[at]) else alike
        return found

    def evidence(self, left: Portrait, right: Portrait) -> Sequence[Evidence]:
        """Proof, strongest first, and likeness: its weight is in bits, and less than a steward's word."""
        found = proof_between(left, right)
        (alike,) = self._alike([(left, right)])
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
        return births_contradict(left, right)

    def _alike(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """What the model makes of pairs, never 0: to say nothing is for pairs that nobody looks at."""
        asked = {id(it): it for pair in pairs for it in pair}
        places = {key: at for at, key in enumerate(asked)}
        rows = [self._row(it) for it in asked.values()]
        ordered = [
            (places[id(left)], places[id(right)])
            if left.fragment_id < right.fragment_id
            else (places[id(right)], places[id(left)])
            for left, right in pairs
        ]
        weights: Iterator[int]
        if len(ordered) < MANY:
            weights = (self._pairs.weight(rows[one], rows[other]) for one, other in ordered)
        else:
            left, right = np.array(ordered, dtype=np.int64).T
            weights = self._several.weights(rows, left, right)
        return [weight - self._limit or -1 for weight in weights]

    def _read(self, portrait: Portrait) -> Row:
        return self._pairs.row(self._texts(portrait))

    def _texts(self, portrait: Portrait) -> tuple[str, ...]:
        if portrait.read:
            return portrait.read
        said = texts_of_portrait(portrait)
        return tuple([said.get(name, "") for name in self._names])


def _proven(left: Portrait, right: Portrait) -> int:
    strongest = next(iter(proof_between(left, right)), None)
    return 0 if strongest is None else PROOF + strongest.weight


def _careful(left: Portrait, right: Portrait) -> bool:
    return left.careful or right.careful or kinds_differ(left, right)
