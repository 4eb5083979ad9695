"""Structure out of plain bytes: a mutated byte becomes another choice, so a fuzzer steers what is made.

Bytes that ran out are zeros, so every input makes something, and a shorter one something simpler.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """Takes choices from the bytes of one input, from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        """The next byte."""
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def number(self, least: int, most: int) -> int:
        """A whole number of a range, both ends included."""
        span = most - least + 1
        value, size = 0, 1
        while size < span:
            value = value << 8 | self.byte()
            size <<= 8
        return least + value % span

    def flag(self) -> bool:
        """Yes or no."""
        return bool(self.byte() & 1)

    def choice(self, items: Sequence[T]) -> T:
        """One of some things."""
        return items[self.number(0, len(items) - 1)]

    def many(self, make: Callable[[], T], most: int) -> list[T]:
        """Up to `most` things; how many is drawn first."""
        return [make() for _ in range(self.number(0, most))]

    def take(self, most: int) -> bytes:
        """Up to `most` of the bytes as they are."""
        size = min(self.number(0, most), max(0, len(self._data) - self._at))
        self._at += size
        return self._data[self._at - size : self._at]

    def text(self, most: int = 20) -> str:
        """A short text of any characters but half ones."""
        return self.take(most).decode("utf-8", "replace")

    def rest(self) -> bytes:
        """All that is left."""
        found = self._data[self._at :]
        self._at = len(self._data)
        return found
