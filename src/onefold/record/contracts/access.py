"""Taking one property out of a row, flat or nested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

Row = dict[str, Any]
Getter = Callable[[Row], Any]

MISSING: Final = type("Missing", (), {"__repr__": lambda _: "MISSING"})()
"""What a getter answers where the row does not speak of a property, unlike null, which says it is empty."""


def getter(path: str, *, flat: bool) -> Getter:
    """A function that takes one property out of a row; MISSING when it is not there."""
    parts = [path] if flat else path.split(".")
    if len(parts) == 1:
        return lambda row: row.get(path, MISSING)

    def walk(row: Row) -> Any:
        at: Any = row
        for part in parts:
            if not isinstance(at, dict) or part not in at:
                return MISSING
            at = at[part]
        return at

    return walk
