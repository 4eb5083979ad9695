"""What each source's data may serve, read from the contracts in force."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.registry import Contracts


class ContractPurposes:
    """Implements `SourcePurposes`. Contracts do not change while a process runs, so answers are kept."""

    def __init__(self, contracts: Contracts) -> None:
        self._contracts = contracts
        self.purposes_of = cache(self._purposes_of)
        self._sources = tuple(contracts.sources())

    def sources(self) -> Sequence[str]:
        """Every source with a contract in force, by name."""
        return self._sources

    def _purposes_of(self, source: str) -> frozenset[str]:
        """The purposes of the newest contract in force; none where there is no such contract."""
        try:
            return frozenset(self._contracts.latest(source).contract.purposes)
        except UnknownSource:
            return frozenset()

    def trusted(self) -> tuple[str, ...]:
        """Sources whose contract says that they are to be believed first."""
        return tuple(it for it in self._sources if self._contracts.latest(it).contract.trusted)
