"""Topics of a broker: what a message of one is, and what whoever reads them has to promise.

A message is acknowledged when what it says is durable here, never before. So a message can come again, after
a crash or to another consumer, and none can be lost; what makes the second coming harmless is its id (see
`envelopes/messages.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Message(msgspec.Struct, frozen=True, gc=False):
    """One message as the broker keeps it. `at_ms` is the broker's or the producer's time, 0 without one.

    Topic, partition, offset and time together are the same however often it comes, and no other's: a topic
    that is made anew counts offsets from the beginning, but not time.
    """

    topic: str
    partition: int
    offset: int
    at_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


class TopicStatus(msgspec.Struct, frozen=True):
    """How far one topic was read by one consumer.

    `lag` counts messages that are not acknowledged yet, None where nobody has said; `missed` those that the
    broker deleted before they were read.
    """

    topic: str
    partitions: int
    lag: int | None
    missed: int


class FeedStatus(msgspec.Struct, frozen=True):
    """The topics of a feed, and what keeps it from reading them, if anything does."""

    topics: tuple[TopicStatus, ...] = ()
    fault: str = ""


class Feed(Protocol):
    """One consumer of a group, for one thread. After `Unavailable` from a call close it and open another."""

    def take(self, most: int, wait_seconds: float) -> Sequence[Message]:
        """Up to `most` messages, in the order of each partition; none when none came in time."""
        ...

    def acknowledge(self, statement: str) -> None:
        """All that was taken is durable, as `statement` can show later (`witness.py`): it comes no more.

        Where the group has given a partition to somebody else meanwhile, it comes again there.
        """
        ...

    def give_back(self) -> None:
        """What was taken and not acknowledged comes again with the next `take`; until then nothing does."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether every partition of this consumer was read to its end once, and all of it acknowledged."""
        ...

    @property
    def status(self) -> FeedStatus:
        """How it stands; may be asked by any thread."""
        ...

    def close(self) -> None:
        """Leaves the group; what was not acknowledged goes to others."""
        ...
