"""Who would be who if stewards said something: the step's own decision, on a state that is left as it is."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from hashlib import blake2b
from typing import Any

from onefold.customer.fragments.model import Fragment
from onefold.customer.identity.judgements import LEFT, judged_pair
from onefold.customer.identity.model import EvidenceProvider, Pair
from onefold.pipeline.model import Need, NeedFragments, NeedLinks, Writes
from onefold.pipeline.resolution import resolve
from onefold.record.contracts.registry import BUILTIN

_LATEST = (1 << 62, b"")


def foresee(
    words: Mapping[Pair, str], provider: EvidenceProvider
) -> Generator[Need, Any, dict[bytes, bytes | None]]:
    """Fragment → the customer it would have, for those that would have another; by pair and verdict."""
    before = yield from _said(words)
    spoken = {pair: key for key, it in before.items() if (pair := judged_pair(it)) is not None}
    fragments = [_word(pair, verdict, spoken.get(pair)) for pair, verdict in words.items()]
    writes = Writes(fragments={it.fragment_id: it for it in fragments})
    yield from resolve(before, writes, provider)
    return writes.members


def _said(pairs: Iterable[Pair]) -> Generator[Need, Any, dict[bytes, Fragment]]:
    """The judgement fragments that speak of these pairs now."""
    wanted = set(pairs)
    linked: dict[bytes, list[bytes]] = yield NeedLinks(tuple({left for left, _ in wanted}), LEFT)
    ids = tuple({it for group in linked.values() for it in group})
    found: dict[bytes, Fragment] = (yield NeedFragments(ids)) if ids else {}
    return {key: it for key, it in found.items() if judged_pair(it) in wanted}


def _word(pair: Pair, verdict: str, known_as: bytes | None) -> Fragment:
    """The word as it would stand: it takes the place of what was said of the pair before."""
    left, right = pair
    key = known_as or blake2b(left + right, digest_size=16, person=b"foresight").digest()
    values = {"left": left, "right": right, "verdict": verdict}
    return Fragment(key, "judgement", BUILTIN, "", left, _LATEST, values, {})
