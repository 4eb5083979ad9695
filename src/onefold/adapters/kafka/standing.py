"""How one member of a group stands: its partitions, how far each is read, and what the client says is wrong.

Written by the consumer's thread alone; `status` is replaced whole, so that any thread may look at it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onefold.record.intake.topics import FeedStatus, TopicStatus

Place = tuple[str, int]
"""Topic and partition."""

_UP = "UP"


class _Partition:
    """One partition: what comes next, where it begins and ends, as far as known; negative where not."""

    __slots__ = ("begin", "end", "has_ended", "next")

    def __init__(self, offset: int) -> None:
        self.next = offset
        self.begin = -1
        self.end = -1
        self.has_ended = False

    @property
    def lag(self) -> int | None:
        """How many messages are to come; None while nobody has said where it ends."""
        at = self.next if self.next >= 0 else self.begin
        return max(0, self.end - at) if self.end >= 0 and at >= 0 else None


class Standing:
    """What is known of the partitions of one member."""

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = tuple(topics)
        self._partitions: dict[Place, _Partition] = {}
        self._missed: dict[str, int] = dict.fromkeys(topics, 0)
        self._faults: dict[str, str] = {}
        self._said = ""
        self._has_joined = False
        self.is_down = False
        self.status = FeedStatus()
        self._tell()

    @property
    def has_ended(self) -> bool:
        """Whether the group has given us partitions, or none, and each was read to its end once."""
        return self._has_joined and all(it.has_ended for it in self._partitions.values())

    def next_of(self, place: Place) -> int:
        """The offset from which a partition is to be read; negative for its beginning."""
        return self._partitions[place].next

    def assigned(self, starts: Mapping[Place, int]) -> None:
        """The group gave us partitions, each to be read from an offset; negative for its beginning."""
        self._has_joined = True
        for place, offset in starts.items():
            self._partitions[place] = _Partition(offset)
            self._faults.pop(place[0], None)
        self._tell()

    def revoked(self, place: Place) -> None:
        """The group took a partition away."""
        self._partitions.pop(place, None)
        self._tell()

    def acknowledged(self, place: Place, offset: int) -> None:
        """All before an offset is durable."""
        if place in self._partitions:
            self._partitions[place].next = offset
        self._tell()

    def reached_end(self, place: Place, offset: int) -> None:
        """There is nothing at an offset yet, nor behind it."""
        found = self._partitions.get(place)
        if found is not None:
            found.has_ended, found.end = True, max(offset, found.end)
            if found.next < 0:
                found.next = offset
        self._tell()

    def restarted(self, place: Place, low: int, high: int) -> None:
        """What should have come next is gone: the partition holds from `low` to `high` now.

        Where it should have come behind the end, the topic was made anew, and nothing was missed.
        """
        found = self._partitions.setdefault(place, _Partition(-1))
        if 0 <= found.next < low:
            self._missed[place[0]] = self._missed.get(place[0], 0) + low - found.next
        found.next, found.begin, found.end = low, low, high
        self._tell()

    def failed(self, topic: str, code: str) -> None:
        """A topic cannot be read, for a reason of the client's vocabulary."""
        self._faults[topic] = code
        self._tell()

    def said(self, code: str) -> None:
        """The client's last word on its connections."""
        self._said = code
        self._tell()

    def measured(self, statistics: Mapping[str, Any]) -> None:
        """What the client measures every second: which brokers are there, where partitions end."""
        if any(it.get("state") == _UP for it in statistics.get("brokers", {}).values()):
            self.is_down, self._said = False, ""
        else:
            # Before the first word nothing has failed yet; afterwards nothing has come up again.
            self.is_down = self.is_down or bool(self._said)
        for (topic, partition), found in self._partitions.items():
            known = statistics.get("topics", {}).get(topic, {}).get("partitions", {}).get(str(partition), {})
            end = known.get("ls_offset", -1)
            found.begin = max(found.begin, known.get("lo_offset", -1))
            found.end = max(found.end, end if end >= 0 else known.get("hi_offset", -1))
        self._tell()

    def _tell(self) -> None:
        topics = []
        for topic in self._topics:
            mine = [it.lag for (name, _), it in self._partitions.items() if name == topic]
            known = [it for it in mine if it is not None]
            lag = sum(known) if len(known) == len(mine) and self._has_joined else None
            topics.append(TopicStatus(topic, len(mine), lag, self._missed.get(topic, 0)))
        self.status = FeedStatus(tuple(topics), self._fault())

    def _fault(self) -> str:
        if self.is_down:
            return f"No broker answers ({self._said or 'no connection'})."
        if self._faults:
            topic, code = min(self._faults.items())
            return f"The topic {topic} cannot be read ({code})."
        return ""
