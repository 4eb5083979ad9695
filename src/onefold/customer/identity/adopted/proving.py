"""What every adopted model shares: proof comes first, and a model speaks of everything else alone.

- *Proof* are the rules that rest on an identifier of one person and on sources that verify it (rules.py).
  Only along these may consent follow, so a model never changes what a view may combine.
- *Likeness* is what the model makes of two records, above the odds of the threshold.
- Records of sensitive groups are joined by proof alone, they and whoever proof has joined them with.
- What may never be together: a person and an organisation, two state identifiers of one form, a steward's
  word. Two birth dates are evidence here, and weighed: a model knows how often they are mistaken. But proof
  between others brings no two together whose birth dates contradict: father and son share a phone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence

from onefold.customer.identity.adopted.merging import PROOF, merged
from onefold.customer.identity.keys import fields_of_identifiers, keys_of_identifiers
from onefold.customer.identity.linking.clustering import UNSEEN
from onefold.customer.identity.linking.model import UNIT
from onefold.customer.identity.model import Bounds, Conflict, Edge, Evidence, Fates, Portrait
from onefold.customer.identity.rules import (
    STEWARD_WEIGHT,
    births_contradict,
    kinds_differ,
    lasting_conflicts,
    proof_between,
)

LIKENESS_RULE = "likeness"
"""The rule that evidence of a model is shown under."""


class ProofFirst(ABC):
    """An `EvidenceProvider` but for what two records are alike in and where they meet."""

    hub_limit: int
    component_limit: int

    @abstractmethod
    def likeness(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """What the model makes of each pair, in units above the threshold; never 0, which says nothing.

        Of each pair alone, and symmetric.
        """

    @abstractmethod
    def hub_limit_of(self, key: bytes) -> int:
        """How many may hold a key, and it still brings them together."""

    @abstractmethod
    def read(self, portrait: Portrait) -> Portrait:
        """A portrait with what the model reads of it in the place of what was said."""

    @abstractmethod
    def met_under(self, portrait: Portrait) -> Mapping[bytes, tuple[str, ...]]:
        """The keys of the model under which a record is found, with the canonical fields of each."""

    def keys_of(self, portraits: Sequence[Portrait]) -> list[frozenset[bytes]]:
        """The keys of each: those of the model, and the identifiers that proof rests on."""
        return [keys_of_identifiers(it) | self.met_under(it).keys() for it in portraits]

    def fields_of_keys(self, portrait: Portrait) -> dict[bytes, tuple[str, ...]]:
        """Of each key of one, the fields it is made of."""
        return {**self.met_under(portrait), **fields_of_identifiers(portrait)}

    def weights(self, pairs: Sequence[tuple[Portrait, Portrait]]) -> list[int]:
        """Log2 odds of each pair above the threshold, in units; `PROOF` and more where there is proof."""
        found = [_proven(left, right) for left, right in pairs]
        open_ = [at for at, weight in enumerate(found) if not weight]
        for at, alike in zip(open_, self.likeness([pairs[at] for at in open_]), strict=True):
            found[at] = min(alike, UNSEEN) if _careful(*pairs[at]) else alike
        return found

    def evidence(self, left: Portrait, right: Portrait) -> Sequence[Evidence]:
        """Proof, strongest first, and likeness: its weight is in bits, and less than a steward's word."""
        found = proof_between(left, right)
        (alike,) = self.likeness([(left, right)])
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


def _proven(left: Portrait, right: Portrait) -> int:
    strongest = next(iter(proof_between(left, right)), None)
    return 0 if strongest is None else PROOF + strongest.weight


def _careful(left: Portrait, right: Portrait) -> bool:
    return left.careful or right.careful or kinds_differ(left, right)
