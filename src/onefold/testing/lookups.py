"""A source in memory that is asked for one thing at a time: implements `Lookup`, and fails on demand."""

from __future__ import annotations

import threading
from typing import Any

from onefold.gate.fetching.model import Outcome
from onefold.gate.fetching.ports import LookupFailed
from onefold.record.contracts.answers import Parameters
from onefold.record.contracts.model import Fetch


class MemoryLookup:
    """Rows by their key. `failure` is how it answers instead; while `held` it answers nobody in time."""

    def __init__(self, rows: dict[str, dict[str, Any]] | None = None) -> None:
        self.rows = rows or {}
        self.failure: Outcome | None = None
        self.asked: list[tuple[Parameters, tuple[str, ...]]] = []
        self.is_closed = False
        self._open = threading.Event()
        self._open.set()
        self.reached = threading.Event()

    def hold(self) -> None:
        """From now on nobody is answered."""
        self._open.clear()

    def let_go(self) -> None:
        """Answers everybody who still waits."""
        self._open.set()

    def ask(
        self, fetch: Fetch, parameters: Parameters, properties: tuple[str, ...], seconds: float
    ) -> dict[str, Any] | None:
        """As the port says."""
        self.asked.append((parameters, properties))
        self.reached.set()
        if not self._open.wait(seconds):
            raise LookupFailed(Outcome.TIMEOUT)
        if self.failure is not None:
            raise LookupFailed(self.failure)
        row = self.rows.get("|".join(str(it) for it in parameters.values()))
        return None if row is None else {name: row.get(name) for name in properties}

    def close(self) -> None:
        """Is asked no more."""
        self.is_closed = True
