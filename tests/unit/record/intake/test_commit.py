"""Committing in groups: callers that come while one is being written share the next write."""

from __future__ import annotations

import threading

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.intake.model import Tally
from onefold.testing.intake import MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, movements


class SlowLog:
    """A log whose first append waits until it is let go, and which may fail once."""

    def __init__(self, log):
        self.log = log
        self.appends = 0
        self.writing = threading.Event()
        self.go = threading.Event()
        self.fails = False

    @property
    def last_sequence(self):
        """As the log."""
        return self.log.last_sequence

    def append(self, entries):
        """Counts, and waits the first time."""
        self.appends += 1
        if self.appends == 1:
            self.writing.set()
            assert self.go.wait(10)
        elif self.fails:
            self.fails = False
            raise Unavailable("The disk is full.")
        return self.log.append(entries)


@pytest.fixture
def intake():
    """A bank of movements."""
    return MemoryIntake(contract(movements()))


def movement(number: int) -> dict:
    """One movement of an account of its own."""
    return {"id": str(number), "account": f"A{number}", "day": "2024-05-01", "side": "C", "amount": "1.00"}


def send_while_writing(intake, count: int, *, fails: bool = False) -> tuple[SlowLog, list[object]]:
    """One offer that is held in its write, and others that come meanwhile; what each came to."""
    slow = SlowLog(intake.log)
    slow.fails = fails
    intake.door._committer._log = slow
    told: list[object] = [None] * count

    def send(number: int) -> None:
        try:
            told[number] = intake.door.offer("core", "movement", rows(movement(number))).tally
        except Unavailable as error:
            told[number] = error

    threads = [threading.Thread(target=send, args=(number,)) for number in range(count)]
    threads[0].start()
    assert slow.writing.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(intake.door._committer._waiting) < count - 1:
        threading.Event().wait(0.001)
    slow.go.set()
    for thread in threads:
        thread.join(10)
    return slow, told


def test_those_who_wait_share_one_write(intake):
    slow, told = send_while_writing(intake, 9)
    assert told == [Tally(offered=1, accepted=1)] * 9
    assert slow.appends == 2
    assert len(intake.bodies()) == 9


def test_a_write_that_fails_is_told_to_all_who_shared_it_and_to_no_other(intake):
    _, told = send_while_writing(intake, 5, fails=True)
    assert told[0] == Tally(offered=1, accepted=1)
    assert all(isinstance(it, Unavailable) for it in told[1:])
    assert len(intake.bodies()) == 1
    again = intake.door.offer("core", "movement", rows(*[movement(number) for number in range(5)]))
    assert again.tally == Tally(offered=5, accepted=4, duplicate=1)


def test_a_large_queue_is_settled_in_groups(intake, monkeypatch):
    monkeypatch.setattr("onefold.record.intake.commit.GROUP_ROWS_MAX", 3)
    slow, told = send_while_writing(intake, 8)
    assert told == [Tally(offered=1, accepted=1)] * 8
    assert slow.appends == 4


def test_a_receipt_says_up_to_where_the_state_must_be(intake):
    first = intake.door.offer("core", "movement", rows(movement(1)))
    second = intake.door.offer("core", "movement", rows(movement(2), movement(1)))
    assert (first.sequence, second.sequence) == (1, 2)
    assert second.event_ids[1] == first.event_ids[0]
    assert {event.event_id for _, header, _ in intake.frames() for event in header.events} == {
        *first.event_ids,
        *second.event_ids,
    }


def test_an_appender_besides_the_door_does_not_confuse_it(intake):
    other = MemoryIntake(contract(movements()))
    other.door.offer("core", "movement", rows(movement(1)))
    intake.keys, record = other.keys, next(iter(other.log.scan()))
    intake.log.append([(record.header, record.payload)])
    assert intake.door.offer("core", "movement", rows(movement(2))).tally.accepted == 1
    assert intake.door.offer("core", "movement", rows(movement(1))).tally == Tally(offered=1, duplicate=1)
