"""Errors of driving the pipeline."""

from __future__ import annotations

from onefold.kernel.errors import Unavailable


class Fenced(Unavailable):
    """Somebody else moved the offset: this worker is late and its writes were not applied.

    Reading the state again and starting from its offset is always safe.
    """

    code = "fenced"

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(
            "Another worker has moved the state on.",
            detail=f"Expected offset {expected}, found {found}.",
            hint="Run one worker a cell; this one will start again from the offset it finds.",
            retry_after_seconds=1,
        )
