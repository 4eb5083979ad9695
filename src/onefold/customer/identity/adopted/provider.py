"""An adopted model as an `EvidenceProvider`: proof by the rules, everything else by what was learned.

The model is pinned: its weights, frequencies and keys do not move while records come and go, so a pair weighs
the same whenever it is looked at, alone or among a million, and live identity is identity in bulk (L3).
What is proof, and what may never be together, is that of every adopted model (proving.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from onefold.customer.identity.adopted.keying import Keying, limit_of, on_rung
from onefold.customer.identity.adopted.likeness import texts_of_portrait
from onefold.customer.identity.adopted.proving import LIKENESS_RULE, ProofFirst
from onefold.customer.identity.keys import fields_of_identifiers, keys_of_identifiers
from onefold.customer.identity.linking.linker import THRESHOLD, bits_of
from onefold.customer.identity.linking.model import Model
from onefold.customer.identity.linking.several import Several
from onefold.customer.identity.linking.single import OneByOne, Row
from onefold.customer.identity.model import Portrait
from onefold.customer.identity.rules import COMPONENT_LIMIT
from onefold.kernel.memory import remembered

__all__ = ["LIKENESS_RULE", "ModelProvider"]

MANY = 5_000
"""From so many pairs on, columns are worth their making."""
REMEMBERED = 5_000
"""Of so many portraits what they say is kept in memory, so that none is read twice in one batch."""
_CANONICAL = {"organisation": "organisation_name", "street": "address"}
"""What the linker calls otherwise than the canon."""


class ModelProvider(ProofFirst):
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

    def met_under(self, portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
        """Of each key of the model that a record has, the canonical fields it is made of."""
        found = self._keying.fields_of_keys(self._row(portrait).texts)
        return {key: tuple(_CANONICAL.get(it, it) for it in fields) for key, fields in found.items()}

    def fields_of_keys(self, portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
        """Of each key of one, the fields it is made of."""
        proving = fields_of_identifiers(portrait).items()
        return self.met_under(portrait) | {on_rung(key): fields for key, fields in proving}

    def likeness(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """What the model makes of pairs, never 0: to say nothing is for pairs that nobody looks at."""
        rows = {id(it): self._row(it) for it in {id(it): it for pair in pairs for it in pair}.values()}
        ordered = [
            (id(left), id(right)) if left.fragment_id < right.fragment_id else (id(right), id(left))
            for left, right in pairs
        ]
        weights: Iterable[int]
        if len(ordered) < MANY:
            weigh = self._pairs.weight
            weights = [weigh(rows[one], rows[other]) for one, other in ordered]
        else:
            places = {key: at for at, key in enumerate(rows)}
            left, right = np.array([(places[one], places[other]) for one, other in ordered]).T
            weights = self._several.weights(list(rows.values()), left, right)
        return [weight - self._limit or -1 for weight in weights]

    def _read(self, portrait: Portrait) -> Row:
        return self._pairs.row(self._texts(portrait))

    def _texts(self, portrait: Portrait) -> tuple[str, ...]:
        if portrait.read:
            return portrait.read
        said = texts_of_portrait(portrait)
        return tuple([said.get(name, "") for name in self._names])
