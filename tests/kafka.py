"""One private Apache Kafka for all tests of a process that need one; they are skipped where there is none.

Tests that ask for it are one group, so that one process alone runs a broker: `pytestmark = TOGETHER`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]
from tools.services.kafka import PrivateKafka, is_here

MISSING = "Apache Kafka is not there (python tools/services/kafka.py --fetch gets it; make services runs it)"
TOGETHER = pytest.mark.xdist_group("kafka")
WAIT_SECONDS = 30.0

Headers = list[tuple[str, bytes]]


class Topic:
    """A new topic, and a producer that writes to it."""

    def __init__(self, broker: PrivateKafka, name: str, partitions: int) -> None:
        self.broker = broker
        self.name = name
        self._client: dict[str, Any] = {"bootstrap.servers": broker.address, "log_level": 0}
        self.admin = AdminClient(self._client)
        self.admin.create_topics([NewTopic(name, partitions, 1)])[name].result(WAIT_SECONDS)
        self._producer = Producer(self._client | {"linger.ms": 0, "enable.idempotence": True})

    def send(self, *values: bytes | None, key: bytes | None = None, **more: Any) -> None:
        """Writes messages and waits until the broker has them."""
        for value in values:
            self.write(value, key=key, **more)
        self.flush()

    def write(self, value: bytes | None, **more: Any) -> None:
        """Gives one message to the producer, which need not have sent it when this returns."""
        while True:
            try:
                self._producer.produce(self.name, value, **more)
                return
            except BufferError:
                self._producer.poll(0.1)

    def flush(self) -> None:
        """Waits until the broker has what was given to the producer."""
        assert self._producer.flush(WAIT_SECONDS) == 0

    def settings(self, folder: Path) -> Path:
        """A file with what a client needs to reach the broker."""
        path = folder / "kafka.properties"
        path.write_text(f"bootstrap.servers={self.broker.address}\n", encoding="utf-8")
        path.chmod(0o600)
        return path


@pytest.fixture(scope="session")
def kafka_broker() -> Iterator[PrivateKafka]:
    """The broker."""
    if not is_here():
        pytest.skip(MISSING)
    with PrivateKafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def new_topic(kafka_broker: PrivateKafka) -> Callable[..., Topic]:
    """Makes a topic of so many partitions that nobody else writes to."""
    numbers = itertools.count(1)

    def make(partitions: int = 1, name: str = "") -> Topic:
        return Topic(kafka_broker, name or f"topic-{next(numbers)}", partitions)

    return make
