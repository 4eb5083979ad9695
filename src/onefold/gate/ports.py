"""What the gate needs beyond the state it reads: who wrote what down, and what the contracts allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from onefold.gate.fetching.model import Fetchable
from onefold.record.audit.model import Rests


class AuditTrail(Protocol):
    """The log of access, decision and change."""

    def record(
        self,
        kind: str,
        *,
        actor: str,
        role: str = "",
        action: str = "",
        purpose: str = "",
        channel: str = "",
        controller: str = "",
        outcome: str = "",
        customer: bytes | None = None,
        customers: Sequence[bytes] = (),
        fragments: Sequence[bytes] = (),
        reasons: Sequence[str] = (),
        policy_version: str = "",
        consent_basis: str = "",
        counts: dict[str, int] | None = None,
        details: dict[str, str] | None = None,
        said: str = "",
        rests: Rests | None = None,
        obligations: Sequence[str] = (),
    ) -> str:
        """Returns the record's id once it is durable; `Unavailable` where it cannot be: then nothing leaves.

        `said` is what a person wrote; all other texts are words of ours.
        """
        ...

    async def record_soon(self, kind: str, **words: Any) -> str:
        """`record` for whoever may not wait in a thread; the words are the same."""
        ...


class SourcePurposes(Protocol):
    """What each source's data may serve, by its contract."""

    def purposes_of(self, source: str) -> frozenset[str]:
        """The purposes; none for a source without a contract."""
        ...

    def sources(self) -> Sequence[str]:
        """Every source with a contract, by name."""
        ...


class Sources(SourcePurposes, Protocol):
    """The sources and their standing, as the contracts in force say now."""

    def served(self) -> dict[str, tuple[str, ...]]:
        """Source → `purposes_of`, for all `sources`; not to be changed."""
        ...

    def trusted(self) -> tuple[str, ...]:
        """The sources whose contracts say that they are to be believed first, by name."""
        ...

    def classes(self) -> Mapping[str, Mapping[str, str]]:
        """Source → `entity.field` of conversations → its class, where the contract says a stricter one."""
        ...

    def fetchable(self) -> Mapping[str, tuple[Fetchable, ...]]:
        """Source → its objects by what they give only on demand, for the sources that have such."""
        ...
