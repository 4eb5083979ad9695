"""What a runtime needs of a state store to drive the step: answers, and one atomic commit."""

from __future__ import annotations

from typing import Any, Protocol

from onefold.pipeline.model import Need, Writes


class StepState(Protocol):
    """Rows, outbox and the log offset, changed together or not at all."""

    @property
    def offset(self) -> int:
        """The last log sequence whose effect is in the state."""
        ...

    def answer(self, need: Need) -> Any:
        """The answer documented on each Need."""
        ...

    def commit(self, writes: Writes, expected_offset: int, offset: int) -> None:
        """Applies all in one transaction; `Fenced` when the offset is not the expected one."""
        ...
