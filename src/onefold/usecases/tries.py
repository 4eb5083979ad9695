"""How often a customer may be compared without agreeing: nobody tries faces until one fits.

Nor does anybody try one face on customer after customer until somebody fits: who asks waits, too, past so
many that did not agree, and as many more as there were customers who did. So whoever serves thousands goes
on, and who looks for somebody by their body does not.

What failed of late is in memory alone: after a restart everybody begins anew, and the audit knows all of it.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

from onefold.record.erasure.model import Erased
from onefold.usecases.limits import TooManyRequests

AN_HOUR_MAX = 10
"""Of one customer, whoever asks."""
OF_ONE_ASKER_MAX = 50
"""By one who asks, whoever they ask about."""
HOUR_MS = 3_600_000


@dataclass(slots=True)
class _Asker:
    """What came of the samples that one person or program brought, the oldest first."""

    failed: deque[tuple[int, bytes]] = field(default_factory=deque)
    agreed: dict[bytes, int] = field(default_factory=dict)
    asked_at: int = 0

    def forget_before(self, at: int) -> None:
        while self.failed and self.failed[0][0] <= at:
            self.failed.popleft()
        while self.agreed and next(iter(self.agreed.values())) <= at:
            del self.agreed[next(iter(self.agreed))]

    def without(self, customers: frozenset[bytes]) -> int:
        """Forgets these customers; how many things."""
        before = len(self.failed) + len(self.agreed)
        self.failed = deque(it for it in self.failed if it[1] not in customers)
        self.agreed = {it: at for it, at in self.agreed.items() if it not in customers}
        return before - len(self.failed) - len(self.agreed)


class Tries:
    """Comparisons within the last hour that did not agree. Thread-safe. Implements `Erasable`."""

    room = "tries"

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._failed: dict[bytes, deque[int]] = {}
        self._askers: dict[str, _Asker] = {}

    def begin(self, customer: bytes, asker: str, now_ms: int) -> None:
        """Counts one more as if it would not agree; `TooManyRequests` past a limit, and not counted."""
        over = now_ms - HOUR_MS
        with self._guard:
            self._forget_before(over)
            failed = self._failed.get(customer, deque())
            while failed and failed[0] <= over:
                failed.popleft()
            if len(failed) >= AN_HOUR_MAX:
                why = "There were too many samples that did not agree with this customer's."
                raise _wait(why, failed[0], now_ms)
            of_asker = self._askers.setdefault(asker, _Asker())
            of_asker.forget_before(over)
            if len(of_asker.failed) >= OF_ONE_ASKER_MAX + len(of_asker.agreed):
                at, _ = of_asker.failed[0]
                raise _wait("You brought too many samples that did not agree with anybody's.", at, now_ms)
            failed.append(now_ms)
            self._failed[customer] = failed
            of_asker.failed.append((now_ms, customer))
            of_asker.asked_at = now_ms

    def undecided(self, customer: bytes, asker: str) -> None:
        """Takes the last one back: nobody could tell."""
        with self._guard:
            failed = self._failed.get(customer)
            if failed:
                failed.pop()
            if not failed:
                self._failed.pop(customer, None)
            mine = self._askers.get(asker, _Asker()).failed
            if last := next((it for it in reversed(mine) if it[1] == customer), None):
                mine.remove(last)

    def agreed(self, customer: bytes, asker: str, now_ms: int) -> None:
        """Forgets those of a customer."""
        with self._guard:
            self._failed.pop(customer, None)
            of_asker = self._askers.setdefault(asker, _Asker())
            of_asker.without(frozenset({customer}))
            of_asker.agreed[customer] = of_asker.asked_at = now_ms

    def erase(self, erased: Erased) -> int:
        """As the port says; a customer's id is that of one of their records."""
        with self._guard:
            gone = [it for it in erased.parties if self._failed.pop(it, None)]
            return len(gone) + sum(it.without(erased.parties) for it in self._askers.values())

    def _forget_before(self, at: int) -> None:
        for customer in [it for it, failed in self._failed.items() if failed[-1] <= at]:
            del self._failed[customer]
        for asker in [it for it, found in self._askers.items() if found.asked_at <= at]:
            del self._askers[asker]


def _wait(message: str, since: int, now_ms: int) -> TooManyRequests:
    seconds = max(1, (since + HOUR_MS - now_ms) // 1000 + 1)
    return TooManyRequests(message, retry_after_seconds=seconds, hint="Ask them something else.")
