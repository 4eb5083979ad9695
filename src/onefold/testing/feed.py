"""A broker in memory: topics with partitions, groups with offsets, feeds that keep the port's promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from onefold.kernel.errors import Unavailable
from onefold.record.intake.topics import FeedStatus, Message, TopicStatus

Place = tuple[str, int]


class MemoryBroker:
    """Topics of one partition each, and what each group has acknowledged."""

    def __init__(self) -> None:
        self._messages: dict[Place, list[Message]] = defaultdict(list)
        self.offsets: dict[tuple[str, Place], tuple[int, str]] = {}
        self.is_down = False

    def send(self, topic: str, *values: bytes | None, key: bytes | None = None) -> None:
        """Adds messages to a topic."""
        kept = self._messages[topic, 0]
        for value in values:
            kept.append(Message(topic, 0, len(kept), 1_750_000_000_000 + len(kept), key, value))

    def read(self, place: Place, offset: int, most: int) -> list[Message]:
        """Messages of a partition from an offset on."""
        if self.is_down:
            raise Unavailable("The broker cannot serve.")
        return self._messages[place][offset : offset + most]

    def end(self, place: Place) -> int:
        """Where a partition ends."""
        return len(self._messages[place])


class MemoryFeed:
    """Implements `Feed`: the only member of its group."""

    def __init__(
        self, broker: MemoryBroker, group: str, topics: Sequence[str], believes: Callable[[str], bool]
    ) -> None:
        self._broker = broker
        self._group = group
        self._taken: dict[Place, int] = {}
        self._done: dict[Place, int] = {}
        self._ended: set[Place] = set()
        for topic in topics:
            offset, statement = broker.offsets.get((group, (topic, 0)), (0, ""))
            self._done[topic, 0] = offset if not statement or believes(statement) else 0

    def take(self, most: int, wait_seconds: float) -> list[Message]:
        """Up to `most` messages, without waiting."""
        found: list[Message] = []
        for place, done in self._done.items():
            at = self._taken.get(place, done)
            more = self._broker.read(place, at, most - len(found))
            if more:
                self._taken[place] = at + len(more)
            if at + len(more) == self._broker.end(place):
                self._ended.add(place)
            found += more
        return found

    def acknowledge(self, statement: str) -> None:
        """What was taken comes no more."""
        for place, offset in self._taken.items():
            self._done[place] = offset
            self._broker.offsets[self._group, place] = offset, statement
        self._taken.clear()

    def give_back(self) -> None:
        """What was taken comes again."""
        self._taken.clear()

    @property
    def has_ended(self) -> bool:
        """Whether each topic was read to its end once, and all of it acknowledged."""
        return self._ended == set(self._done) and not self._taken

    @property
    def status(self) -> FeedStatus:
        """How it stands."""
        topics = (
            TopicStatus(place[0], 1, self._broker.end(place) - done, 0) for place, done in self._done.items()
        )
        return FeedStatus(tuple(topics), "No broker answers." if self._broker.is_down else "")

    def close(self) -> None:
        """Nobody else takes over."""
        self._taken.clear()
