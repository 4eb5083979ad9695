"""What each source's data may serve, read from the contracts in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.registry import Contracts


class ContractPurposes:
    """Implements `SourcePurposes`. Answers are kept until something is published."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self._kept = _Kept(-1, (), (), {})

    def sources(self) -> Sequence[str]:
        """Every source with a contract in force, by name."""
        return self._now().sources

    def purposes_of(self, source: str) -> frozenset[str]:
        """The purposes of the newest contract in force; none where there is no such contract."""
        return self._now().purposes.get(source) or self._purposes_of(source)

    def trusted(self) -> tuple[str, ...]:
        """Sources whose contract says that they are to be believed first."""
        return self._now().trusted

    def _now(self) -> _Kept:
        """The answers of this revision: made anew as a whole, so that threads see all of it or nothing."""
        revision = self._contracts.revision
        kept = self._kept
        if kept.revision != revision:
            sources = tuple(self._contracts.sources())
            latest = {it: self._contracts.latest(it).contract for it in sources}
            trusted = tuple(it for it in sources if latest[it].trusted)
            purposes = {it: frozenset(latest[it].purposes) for it in sources}
            kept = self._kept = _Kept(revision, sources, trusted, purposes)
        return kept

    def _purposes_of(self, source: str) -> frozenset[str]:
        """Of a source that delivers nothing: Onefold's own facts, or none at all."""
        try:
            return frozenset(self._contracts.latest(source).contract.purposes)
        except UnknownSource:
            return frozenset()


class _Kept(NamedTuple):
    revision: int
    sources: tuple[str, ...]
    trusted: tuple[str, ...]
    purposes: dict[str, frozenset[str]]
