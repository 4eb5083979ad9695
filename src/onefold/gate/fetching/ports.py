"""What fetching needs: somebody who can put one question to one source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from onefold.gate.fetching.model import Outcome
from onefold.kernel.errors import Unavailable
from onefold.record.contracts.answers import Parameters
from onefold.record.contracts.model import Fetch


class LookupFailed(Unavailable):
    """A source did not answer as it should; `outcome` says how, and nothing that it said is passed on."""

    code: ClassVar[str] = "lookup_failed"

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"The source {outcome.about}.")
        self.outcome = outcome


class Lookup(Protocol):
    """One source over one connection. Thread-safe; what it was told and what it learns stays in memory."""

    def ask(
        self, fetch: Fetch, parameters: Parameters, properties: tuple[str, ...], seconds: float
    ) -> Mapping[str, Any] | None:
        """The properties of the one thing with that key; None where the source has none.

        `LookupFailed` otherwise, and no later than after `seconds`.
        """
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...


Lookups = Callable[[Fetch], Lookup]
"""Opens the connection that a contract names; `CallerError` where the house has not set it."""
