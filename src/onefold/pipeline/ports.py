"""What the step and its runtimes need: answers and one atomic commit, opened frames, and a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from onefold.customer.fragments.model import Statement
from onefold.pipeline.model import Need, Writes
from onefold.record.log.model import EventHeader, FrameHeader

Opened = tuple[int, FrameHeader, Sequence[bytes] | None]
"""One frame as read from the log: its sequence, its header, and the body of each of its events.

A frame whose subject's key is gone has None: its events are erased and say nothing.
"""


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

    def tidy(self) -> None:
        """Does what can wait until there is nothing to commit; changes no row."""
        ...


class Mapping(Protocol):
    """From a source's own words to the canon, under the contract version that the frame names. Pure."""

    def statement(self, frame: FrameHeader, event: EventHeader, body: bytes) -> Statement:
        """What one event states; `SourceError` where it cannot be mapped."""
        ...
