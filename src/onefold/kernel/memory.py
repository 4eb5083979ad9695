"""What pure functions of personal data remember of what they were asked, so that nothing is worked out twice.

A memory is in the process alone, and bounded. It may not outlive whom it is of: whoever takes an erasure into
a state has every memory emptied (`forget`), since nobody can tell which of them knows the erased.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakSet

Asked = ParamSpec("Asked")
Told = TypeVar("Told")

MEMORIES: WeakSet[Any] = WeakSet()
"""Every memory there is, for as long as its function is."""


def remembered(most: int) -> Callable[[Callable[Asked, Told]], Callable[Asked, Told]]:
    """Remembers the last `most` answers of a pure function whose arguments can be keys."""

    def remembering(told: Callable[Asked, Told]) -> Callable[Asked, Told]:
        memory = lru_cache(maxsize=most)(told)
        MEMORIES.add(memory)
        return cast("Callable[Asked, Told]", memory)

    return remembering


def forget() -> None:
    """Empties every memory; what is asked again is worked out again."""
    for memory in tuple(MEMORIES):
        memory.cache_clear()
