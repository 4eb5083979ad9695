"""The other half of the withdrawal barrier: what is being cut now, and waiting for it.

A withdrawal is acknowledged when the state holds it *and* every release that may have read the state before
is over: given out, or turned away. So whatever is released after the acknowledgement has read the withdrawal.
"""

from __future__ import annotations

import threading
from types import TracebackType

from onefold.kernel.errors import Unavailable


class Releases:
    """Counts releases under way in two generations; `settle` closes one and waits until it is empty."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._changed = threading.Condition(self._guard)
        self._generation = 0
        self._under_way = {0: 0}

    def under_way(self) -> _Release:
        """Around everything from reading the state to handing the cut over."""
        return _Release(self)

    def begin(self) -> int:
        """One more release is under way; the generation it counts in."""
        with self._guard:
            mine = self._generation
            self._under_way[mine] += 1
            return mine

    def over(self, mine: int) -> None:
        """A release of that generation is over."""
        with self._guard:
            self._under_way[mine] -= 1
            if mine != self._generation and not self._under_way[mine]:
                del self._under_way[mine]
                self._changed.notify_all()

    def settle(self, timeout_seconds: float) -> None:
        """Returns when every release that began before this call is over.

        `Unavailable` if that takes longer.
        """
        with self._changed:
            closed = self._generation
            if self._under_way[closed]:
                self._generation += 1
                self._under_way[self._generation] = 0
            before = [it for it in self._under_way if it <= closed and self._under_way[it]]
            if not self._changed.wait_for(
                lambda: not any(it in self._under_way for it in before), timeout_seconds
            ):
                raise Unavailable(
                    "It is recorded; something that was being sent before is still under way.",
                    hint="Ask again: it is acknowledged when nothing rests on what stood before.",
                    retry_after_seconds=1,
                )


class _Release:
    """One release, for the length of a block; a generator would cost each view four times that."""

    __slots__ = ("_mine", "_releases")

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._mine = -1

    def __enter__(self) -> None:
        self._mine = self._releases.begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._releases.over(self._mine)
