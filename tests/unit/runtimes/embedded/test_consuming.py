"""Reading a feed: nothing is acknowledged before it is durable, what goes wrong is tried again and told."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from onefold.kernel.errors import CallerError, OnefoldError, Unavailable
from onefold.record.intake.topics import Message
from onefold.runtimes.embedded import consuming
from onefold.runtimes.embedded.consuming import Consumer
from onefold.testing.feed import MemoryBroker, MemoryFeed

WAIT_SECONDS = 20.0


class House:
    """A broker with one topic, a consumer of it, and what it took and told."""

    def __init__(self, *values: bytes) -> None:
        self.broker = MemoryBroker()
        self.broker.send("topic", *values)
        self.taken: list[bytes | None] = []
        self.told: list[str] = []
        self.failures: list[OnefoldError] = []
        self.opened = 0
        self.consumer = Consumer(self.open, self.take, self.tell)

    def open(self) -> MemoryFeed:
        self.opened += 1
        return MemoryFeed(self.broker, "group", ["topic"], lambda _: True)

    def take(self, messages: Sequence[Message]) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.taken += [it.value for it in messages]
        return f"after {len(self.taken)}"

    def tell(self, error: OnefoldError | None) -> None:
        self.told.append(error.message if error else "going on")

    @property
    def committed(self) -> tuple[int, str]:
        return self.broker.offsets.get(("group", ("topic", 0)), (0, ""))


@pytest.fixture(autouse=True)
def _without_patience(monkeypatch):
    monkeypatch.setattr(consuming, "PAUSE_SECONDS", 0.001)


def until(says: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not says():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_what_is_durable_is_acknowledged_with_its_statement():
    house = House(b"one", b"two")
    house.consumer.read(time.monotonic, 1.0, until_end=True)
    assert house.taken == [b"one", b"two"]
    assert house.committed == (2, "after 2")


def test_what_is_not_durable_is_not_acknowledged():
    house = House(b"one")
    house.failures = [Unavailable("The disk is full.")]
    with pytest.raises(Unavailable, match="disk is full"):
        house.consumer.read(time.monotonic, 1.0, until_end=True)
    assert (house.taken, house.committed) == ([], (0, ""))


@pytest.mark.parametrize("kind", [Unavailable, CallerError])
def test_what_our_side_cannot_take_is_taken_when_it_can_and_told_once(kind):
    house = House(b"one", b"two")
    house.failures = [kind("The disk is full.") for _ in range(3)]
    house.consumer.start()
    until(lambda: house.committed[0] == 2)
    until(lambda: len(house.told) == 2)
    house.consumer.stop()
    assert house.taken == [b"one", b"two"]
    assert house.told == ["The disk is full.", "going on"]
    assert house.opened == 1, "the feed is not to blame"
    assert house.consumer.status.fault == ""


def test_a_broker_that_breaks_is_opened_again_and_said_in_the_status():
    house = House(b"one")
    house.broker.is_down = True
    house.consumer.start()
    until(lambda: house.opened > 2)
    assert house.consumer.status.fault == "The broker cannot serve."
    house.broker.is_down = False
    until(lambda: house.committed[0] == 1)
    until(lambda: not house.consumer.status.fault)
    house.consumer.stop()
    assert house.told == ["The broker cannot serve.", "going on"]


def test_a_fault_of_ours_ends_the_thread_and_is_said(monkeypatch):
    seen: list[Any] = []
    monkeypatch.setattr("threading.excepthook", lambda it: seen.append(it.exc_type))
    house = House(b"one")

    def bug(_: Sequence[Message]) -> str:
        raise AssertionError("a bug")

    house.consumer = Consumer(house.open, bug, house.tell)
    house.consumer.start()
    until(lambda: house.consumer.status.fault.startswith("Reading was ended"))
    house.consumer.stop()
    assert seen == [AssertionError]
    assert house.committed == (0, "")


def test_patience_with_a_feed_at_fault_ends(monkeypatch):
    house = House()
    monkeypatch.setattr(MemoryFeed, "has_ended", False)
    house.broker.is_down = True
    monkeypatch.setattr(MemoryFeed, "take", lambda *_: [])
    seconds = iter(range(100))
    with pytest.raises(Unavailable, match="No broker answers"):
        house.consumer.read(lambda: float(next(seconds)), 10.0, until_end=True)
    assert next(seconds) == 12
