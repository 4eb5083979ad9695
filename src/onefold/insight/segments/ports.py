"""What bulk evaluation needs of the state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class SegmentReader(Protocol):
    """Runs a compiled rule over one committed state."""

    def select_ids(self, statement: str, parameters: Mapping[str, int]) -> list[bytes]:
        """The ids a statement answers with, in its order."""
        ...
