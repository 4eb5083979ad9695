"""Wrong passwords of late: too many for one login lock it for a while, whether or not anybody has it.

Far more are let pass from one address, since a whole branch may sit behind it; then it waits too.

An attempt counts before its password is looked at, in one step with asking whether the login waits: else any
number sent at once would all be let through while the first ones are still being hashed.
"""

from __future__ import annotations

import threading

from onefold.kernel.errors import Unavailable
from onefold.kernel.time import Clock

FAILURES_MAX = 5
ADDRESS_FAILURES_MAX = 50
LOCK_SECONDS_FIRST = 30
LOCK_SECONDS_MAX = 15 * 60
_REMEMBERED_MAX = 10_000


class LockedOut(Unavailable):
    """Too many wrong passwords for a login or from an address; whether the login exists is not told."""

    code = "locked_out"
    status = 429


class Attempts:
    """Wrong passwords of late, by login and by address. A lock doubles with each failure above its limit."""

    def __init__(self, clock: Clock) -> None:
        self._logins = _Failures(clock, FAILURES_MAX, "for this login")
        self._addresses = _Failures(clock, ADDRESS_FAILURES_MAX, "from this address", fade=True)
        self._lock = threading.Lock()

    def begin(self, login: str, address: str = "") -> None:
        """Counts one more as if it had failed; `LockedOut`, and nothing counted, while either waits."""
        with self._lock:
            self._addresses.check(address)
            self._logins.check(login)
            self._logins.count(login)
            if address:
                self._addresses.count(address)

    def undecided(self, login: str, address: str = "") -> None:
        """Takes this attempt back: nobody could tell whether the password was right."""
        with self._lock:
            self._logins.forgive(login)
            self._addresses.forgive(address)

    def succeeded(self, login: str, address: str = "") -> None:
        """Forgets the failures of the login, and of the address this attempt alone."""
        with self._lock:
            self._logins.forget(login)
            self._addresses.forgive(address)


class _Failures:
    """How often somebody failed, and until when they wait; the oldest of too many are forgotten.

    With `fade` the count begins anew where nobody failed for a while; without, it ends with a success alone.
    """

    def __init__(self, clock: Clock, most: int, whose: str, *, fade: bool = False) -> None:
        self._clock = clock
        self._most = most
        self._whose = whose
        self._fade = fade
        self._known: dict[str, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def check(self, name: str) -> None:
        """`LockedOut` while that one waits."""
        failures, locked_until = self._known.get(name, (0, 0))
        wait_ms = locked_until - self._clock.now_ms()
        if failures >= self._most and wait_ms > 0:
            raise LockedOut(
                f"There were too many wrong passwords {self._whose}.",
                retry_after_seconds=wait_ms // 1000 + 1,
                hint="Wait, then try again.",
            )

    def count(self, name: str) -> None:
        """One more failure."""
        failures, until = self._known.pop(name, (0, 0))
        if self._fade and until + LOCK_SECONDS_MAX * 1000 < self._clock.now_ms():
            failures = 0
        failures += 1
        doubled = LOCK_SECONDS_FIRST << min(max(failures - self._most, 0), 10)
        self._known[name] = (failures, self._clock.now_ms() + min(doubled, LOCK_SECONDS_MAX) * 1000)
        while len(self._known) > _REMEMBERED_MAX:
            del self._known[next(iter(self._known))]

    def forget(self, name: str) -> None:
        """As if there had been none."""
        self._known.pop(name, None)

    def forgive(self, name: str) -> None:
        """One failure less."""
        failures, until = self._known.pop(name, (0, 0))
        if failures > 1:
            self._known[name] = (failures - 1, until)
