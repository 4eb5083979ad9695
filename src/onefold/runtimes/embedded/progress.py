"""How far a worker is, for those who wait until it is further: the waiting half of the withdrawal barrier."""

from __future__ import annotations

from threading import Condition
from time import monotonic

from onefold.kernel.errors import OnefoldError, Unavailable

_LOOK_SECONDS = 1.0


class Progress:
    """The last log sequence in the state, what keeps it from growing, and whether it still may."""

    def __init__(self, applied: int) -> None:
        self._moved = Condition()
        self._applied = applied
        self._failure: OnefoldError | None = None
        self._ended = False

    @property
    def applied(self) -> int:
        """The last log sequence whose effect is in the state."""
        return self._applied

    @property
    def failure(self) -> OnefoldError | None:
        """What keeps the worker from going on, if anything does."""
        return self._failure

    def reached(self, sequence: int) -> None:
        """The state has the effect of a sequence, so nothing keeps the worker."""
        with self._moved:
            self._applied = max(self._applied, sequence)
            self._failure = None
            self._moved.notify_all()

    def failed(self, failure: OnefoldError) -> None:
        """The worker cannot go on for now."""
        self._failure = failure

    def ended(self) -> None:
        """Nothing moves any more: those who wait need not."""
        with self._moved:
            self._ended = True
            self._failure = self._failure or Unavailable("The worker has ended.")
            self._moved.notify_all()

    def wait_for(self, sequence: int, timeout_seconds: float) -> None:
        """Returns when the state has the effect of a sequence.

        `Unavailable` when it has not in time; the event is in the log all the same.
        """
        deadline = monotonic() + timeout_seconds
        with self._moved:
            while self._applied < sequence:
                left = deadline - monotonic()
                if left <= 0 or self._ended:
                    raise self._late() from self._failure
                self._moved.wait(min(left, _LOOK_SECONDS))

    def _late(self) -> Unavailable:
        return Unavailable(
            "It is recorded, but not yet in force everywhere.",
            detail=self._failure.message if self._failure else "The worker is behind.",
            hint="Ask again with the same message id; nothing is recorded twice.",
        )
