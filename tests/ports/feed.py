"""The promises of `Feed`, the same for every broker: nothing is lost, what is acknowledged comes no more."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing

import pytest

from onefold.record.intake.topics import Feed, Message

WAIT_SECONDS = 30.0
BELIEVED = "a statement"


class Broker(ABC):
    """One topic of a broker, and members of one group of its readers."""

    @abstractmethod
    def send(self, *values: bytes | None) -> None:
        """Writes messages to the topic."""

    @abstractmethod
    def member(self, believes: Callable[[str], bool]) -> Feed:
        """A new member of the group."""


class FeedContract(ABC):
    """Derive and give a `broker`."""

    @pytest.fixture
    @abstractmethod
    def broker(self) -> Broker:
        """An empty topic."""

    @staticmethod
    def read(feed: Feed, count: int) -> list[Message]:
        """So many messages, or a failure."""
        found: list[Message] = []
        deadline = time.monotonic() + WAIT_SECONDS
        while len(found) < count:
            assert time.monotonic() < deadline, f"only {len(found)} of {count} messages came"
            found += feed.take(count - len(found), 0.2)
        return found

    @staticmethod
    def ended(feed: Feed) -> None:
        """Reads until the end; a failure if anything comes."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not feed.has_ended:
            assert time.monotonic() < deadline, "it does not end"
            assert not feed.take(10, 0.2)

    def member(self, broker: Broker, believed: str = BELIEVED) -> closing[Feed]:
        """A member that believes one statement."""
        return closing(broker.member(lambda said: said == believed))

    def values(self, messages: list[Message]) -> list[bytes | None]:
        """What messages hold."""
        return [it.value for it in messages]

    def test_messages_come_in_order_and_once(self, broker):
        broker.send(b"one", b"two", None, b"four")
        with self.member(broker) as feed:
            first = self.read(feed, 3)
            rest = self.read(feed, 1)
        assert self.values(first + rest) == [b"one", b"two", None, b"four"]
        assert [it.offset for it in first + rest] == [0, 1, 2, 3]
        assert all(it.at_ms > 0 for it in first)

    def test_what_was_acknowledged_comes_to_no_member_again(self, broker):
        broker.send(b"one", b"two")
        with self.member(broker) as feed:
            self.read(feed, 2)
            feed.acknowledge(BELIEVED)
        broker.send(b"three")
        with self.member(broker) as feed:
            assert self.values(self.read(feed, 1)) == [b"three"]

    def test_what_was_not_acknowledged_comes_again(self, broker):
        broker.send(b"one", b"two", b"three")
        with self.member(broker) as feed:
            self.read(feed, 1)
            feed.acknowledge(BELIEVED)
            before = self.read(feed, 2)
        with self.member(broker) as feed:
            assert self.read(feed, 2) == before, "the same place and time: the same message"

    def test_what_is_given_back_comes_again_to_the_same_member(self, broker):
        broker.send(b"one", b"two", b"three")
        with self.member(broker) as feed:
            self.read(feed, 1)
            feed.acknowledge(BELIEVED)
            before = self.read(feed, 2)
            feed.give_back()
            assert self.read(feed, 2) == before
            feed.acknowledge(BELIEVED)
            self.ended(feed)

    def test_a_statement_that_is_not_borne_out_is_not_believed(self, broker):
        broker.send(b"one", b"two")
        with self.member(broker) as feed:
            self.read(feed, 2)
            feed.acknowledge("what another log could show")
        with self.member(broker) as feed:
            assert self.values(self.read(feed, 2)) == [b"one", b"two"]

    def test_it_has_ended_when_all_of_it_was_acknowledged_and_not_before(self, broker):
        broker.send(b"one", b"two")
        with self.member(broker) as feed:
            assert not feed.has_ended
            self.read(feed, 2)
            feed.take(1, 0.2)
            assert not feed.has_ended
            feed.acknowledge(BELIEVED)
            self.ended(feed)

    def test_an_empty_topic_has_ended(self, broker):
        with self.member(broker) as feed:
            self.ended(feed)
            (topic,) = feed.status.topics
            assert (topic.lag, topic.missed, feed.status.fault) == (0, 0, "")

    def test_the_lag_counts_what_is_not_acknowledged(self, broker):
        broker.send(b"one", b"two", b"three")
        with self.member(broker) as feed:
            self.read(feed, 2)
            feed.acknowledge(BELIEVED)
            deadline = time.monotonic() + WAIT_SECONDS
            while feed.status.topics[0].lag != 1:
                assert time.monotonic() < deadline, feed.status
                feed.take(1, 0.1)
                feed.give_back()
