"""The pass over devices that finds those of many people: a window of bounded work at a time.

As the pass over keys (review_sweep.py) it remembers ids and counts, in memory, and none of it is believed
when it is shown. People are customers, so a merge makes a device less shared: a later pass sees it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable

from onefold.customer.profile.ports import CustomerReader

SIGHTINGS_AT_ONCE = 20_000
"""Sightings read in one window; of a device with more, so many are looked at."""
KEPT_MAX = 10_000
"""Devices remembered; those of the fewest people are let go."""


class DeviceSweep:
    """What was found so far. Thread-safe; one window at a time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._window = threading.Lock()
        self._after = b""
        self._people: dict[bytes, int] = {}
        self._passes = 0

    def advance(self, reader: CustomerReader, people_most: int) -> bool:
        """Takes one window in; whether the pass has come to its end, or somebody else is taking one in."""
        if not self._window.acquire(blocking=False):
            return True
        try:
            return self._advance(reader, people_most)
        finally:
            self._window.release()

    def _advance(self, reader: CustomerReader, people_most: int) -> bool:
        rows = reader.seen_on(self._after, SIGHTINGS_AT_ONCE)
        if not rows:
            self._after = b""
            self._passes += 1
            return True
        parties: defaultdict[bytes, set[bytes]] = defaultdict(set)
        for device, party in rows:
            parties[device].add(party)
        # No more people than records of them, so most devices need no second look.
        many = {device: them for device, them in parties.items() if len(them) > people_most}
        whose = reader.customers_of(sorted(set[bytes]().union(*many.values())))
        people = {device: len({whose.get(it, it) for it in them}) for device, them in many.items()}
        with self._guard:
            for device in parties:
                self._people.pop(device, None)
            self._people |= {device: count for device, count in people.items() if count > people_most}
            if len(self._people) > KEPT_MAX:
                self._people = {it: self._people[it] for it in self._most_first()[:KEPT_MAX]}
        self._after = rows[-1][0]
        return False

    def shared(self) -> list[bytes]:
        """The devices of many people, those of the most people first."""
        with self._guard:
            return self._most_first()

    def forget(self, devices: Iterable[bytes]) -> None:
        """Lets devices go that are shared no more."""
        with self._guard:
            for device in devices:
                self._people.pop(device, None)

    @property
    def is_whole(self) -> bool:
        """Whether all devices were looked at since the server began."""
        return self._passes > 0

    def _most_first(self) -> list[bytes]:
        return sorted(self._people, key=lambda it: (-self._people[it], it))
