"""What bulk evaluation needs of the state."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Protocol


class SegmentReader(Protocol):
    """Runs a compiled rule over one committed state."""

    def select_ids(self, statement: str, parameters: Mapping[str, int]) -> list[bytes]:
        """The ids a statement answers with, in its order."""
        ...


class SupposingReader(SegmentReader, Protocol):
    """One that also answers for customers that are not: as another decision of who is who would make them."""

    def supposing(self, members: Mapping[bytes, bytes]) -> AbstractContextManager[SegmentReader]:
        """The same committed state with other customers, for this thread, until the block ends.

        `members` names the customer of every party fragment. Nothing is written.
        """
        ...
