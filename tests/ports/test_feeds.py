"""Feeds: in memory, and from a real broker."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onefold.adapters.kafka.feed import KafkaFeed
from onefold.record.intake.topics import Feed
from onefold.testing.feed import MemoryBroker, MemoryFeed
from tests.kafka import TOGETHER, Topic, kafka_broker, new_topic
from tests.ports.feed import Broker, FeedContract

__all__ = ["kafka_broker", "new_topic"]


class _InMemory(Broker):
    def __init__(self) -> None:
        self._broker = MemoryBroker()

    def send(self, *values: bytes | None) -> None:
        self._broker.send("topic", *values)

    def member(self, believes: Callable[[str], bool]) -> Feed:
        return MemoryFeed(self._broker, "group", ["topic"], believes)


class TestMemoryFeed(FeedContract):
    @pytest.fixture
    def broker(self) -> Broker:
        return _InMemory()


class _Kafka(Broker):
    def __init__(self, topic: Topic) -> None:
        self._topic = topic

    def send(self, *values: bytes | None) -> None:
        self._topic.send(*values)

    def member(self, believes: Callable[[str], bool]) -> Feed:
        settings = {"bootstrap.servers": self._topic.broker.address}
        return KafkaFeed(settings, f"group of {self._topic.name}", [self._topic.name], believes)


@TOGETHER
class TestKafkaFeed(FeedContract):
    @pytest.fixture
    def broker(self, new_topic) -> Broker:
        return _Kafka(new_topic())
