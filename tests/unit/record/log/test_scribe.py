"""The scribe: whoever awaits an entry is answered when it is durable, and never waits for ever."""

from __future__ import annotations

import asyncio
import threading

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.log.scribe import Scribe
from onefold.record.log.service import GroupCommit
from onefold.testing.segments import MemorySegments
from tests.unit.record.log.test_service import SlowLog


async def until(condition) -> None:
    """Until the scribe's thread came so far."""
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("the scribe did not come so far")


def test_each_is_told_where_its_own_entry_stands():
    log = MemorySegments()

    async def run() -> list[int]:
        scribe = Scribe(GroupCommit(log))
        return await asyncio.gather(*(scribe.append((b"h", b"%d" % it)) for it in range(300)))

    sequences = asyncio.run(run())
    assert sequences == list(range(1, 301))
    assert [it.payload for it in log.read(0, 300)] == [b"%d" % it for it in range(300)]


def test_nobody_is_answered_before_the_disk_has_it_and_what_came_meanwhile_is_one_write():
    log = SlowLog()

    async def run() -> None:
        scribe = Scribe(GroupCommit(log))
        first = scribe.append((b"h", b"1"))
        await until(log.writing.is_set)
        others = [scribe.append((b"h", b"x")) for _ in range(20)]
        await asyncio.sleep(0)
        assert not first.done()
        assert not any(it.done() for it in others)
        log.gate.set()
        assert await asyncio.gather(first, *others) == list(range(1, 22))

    asyncio.run(run())
    assert log.groups == [1, 20]


def write_after(failure: BaseException) -> MemorySegments:
    """A log that fails once, and what it has when somebody tries again."""
    log = SlowLog()
    log.failures = [failure]
    log.gate.set()

    async def run() -> int:
        scribe = Scribe(GroupCommit(log))
        with pytest.raises(Unavailable):
            await scribe.append((b"h", b"1"))
        return await scribe.append((b"h", b"2"))

    assert asyncio.run(run()) == 1
    return log


def test_what_could_not_be_written_is_told_and_the_next_is_written():
    log = write_after(Unavailable("The disk is full."))
    assert [it.payload for it in log.read(0, 9)] == [b"2"]


def test_a_bug_in_writing_leaves_nobody_waiting(monkeypatch):
    died = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: died.set())
    log = write_after(ZeroDivisionError())
    assert [it.payload for it in log.read(0, 9)] == [b"2"]
    assert died.wait(30)


def test_one_who_goes_away_takes_nothing_back_and_hinders_nobody():
    log = SlowLog()

    async def run() -> int:
        scribe = Scribe(GroupCommit(log))
        gone, stays = scribe.append((b"h", b"1")), scribe.append((b"h", b"2"))
        gone.cancel()
        log.gate.set()
        return await stays

    assert asyncio.run(run()) == 2
    assert len(log.read(0, 9)) == 2
