"""Which fragments of a customer are proven to be one party: the edges that a grant of consent may follow.

A steward's `same` is an opinion and proves nothing (see `judgements.py`), so only the provider is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from onefold.customer.identity.model import EvidenceProvider, Pair, Portrait, pair_of


def proven_pairs(portraits: Iterable[Portrait], provider: EvidenceProvider) -> Iterator[Pair]:
    """The pairs that an identifier joins which both sources have proof of."""
    for one, other in combinations(portraits, 2):
        if any(it.verified for it in provider.evidence(one, other)):
            yield pair_of(one.fragment_id, other.fragment_id)
