"""Threads that answer: what comes back, how many there are, who is used, and what nobody waits for."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import weakref

import pytest

from onefold.channels.api import threads as threads_module
from onefold.channels.api.threads import Threads


def test_what_is_returned_comes_back():
    async def ask() -> list[int]:
        threads = Threads(2, "test")
        return [await threads.run(pow, number, 2) for number in range(5)]

    assert asyncio.run(ask()) == [0, 1, 4, 9, 16]


def test_what_is_raised_comes_back_whatever_it_is():
    def fail(error: BaseException) -> None:
        raise error

    async def ask() -> None:
        threads = Threads(1, "test")
        for error in (ValueError("no"), SystemExit(3)):
            with pytest.raises(type(error)):
                await threads.run(fail, error)
        with pytest.raises(RuntimeError, match="iterator"):
            await threads.run(fail, StopIteration())
        assert await threads.run(abs, -1) == 1

    asyncio.run(ask())


def test_the_thread_that_was_used_last_is_used_first():
    async def ask() -> set[str]:
        threads = Threads(8, "test")
        gate = threading.Barrier(4)
        await asyncio.gather(*(threads.run(gate.wait, 10) for _ in range(4)))
        names = set()
        for _ in range(20):
            while len(threads._idle) < 4:  # noqa: ASYNC110 A thread tells nobody that it is idle again.
                await asyncio.sleep(0.001)
            names.add(await threads.run(_name))
        return names

    assert len(asyncio.run(ask())) == 1


def test_no_more_threads_than_asked_for_and_the_rest_waits_in_order():
    async def ask() -> tuple[int, list[int]]:
        threads = Threads(3, "test")
        running, most, begun = 0, 0, []
        guard, together = threading.Lock(), threading.Barrier(3)

        def work(number: int) -> None:
            nonlocal running, most
            with guard:
                begun.append(number)
                running += 1
                most = max(most, running)
            together.wait(10)
            with guard:
                running -= 1
            together.wait(10)

        await asyncio.gather(*(threads.run(work, number) for number in range(12)))
        return most, begun

    most, begun = asyncio.run(ask())
    assert most == 3
    assert [it // 3 for it in begun] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_a_thread_that_nobody_needs_ends_and_another_is_started_when_somebody_does(monkeypatch):
    monkeypatch.setattr(threads_module, "IDLE_SECONDS", 0.02)

    async def ask() -> int:
        threads = Threads(2, "test")
        answers = [await threads.run(abs, -1)]
        while threads._started:  # noqa: ASYNC110 A thread tells nobody that it ends.
            await asyncio.sleep(0.01)
        for number in range(50):
            answers.append(await threads.run(abs, -number))
            await asyncio.sleep(0.02)  # As long as a thread waits: it ends, or is just given the next.
        return sum(answers)

    assert asyncio.run(ask()) == 1 + sum(range(50))


def test_what_nobody_waits_for_before_it_began_is_not_done():
    async def ask() -> list[str]:
        threads, go, done = Threads(1, "test"), threading.Event(), []
        first = threads.run(go.wait, 10)
        waiting = threads.run(done.append, "cancelled")
        last = threads.run(done.append, "wanted")
        waiting.cancel()
        go.set()
        await first
        await last
        return done

    assert asyncio.run(ask()) == ["wanted"]


def test_what_nobody_waits_for_any_more_is_done_and_not_told():
    async def ask() -> int:
        threads = Threads(1, "test")
        begun, go, done = threading.Event(), threading.Event(), threading.Event()

        def work() -> None:
            begun.set()
            go.wait(10)
            done.set()

        forgotten = threads.run(work)
        begun.wait(10)
        forgotten.cancel()
        go.set()
        answer = await threads.run(abs, -4)
        assert done.is_set()
        return answer

    assert asyncio.run(ask()) == 4


def test_where_the_system_gives_no_thread_the_next_call_may_get_one(monkeypatch):
    async def ask() -> int:
        threads = Threads(1, "test")
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", _refused)
            with pytest.raises(RuntimeError, match="can't start"):
                threads.run(abs, -1)
        return await threads.run(abs, -2)

    assert asyncio.run(ask()) == 2


def test_what_failed_is_let_go_of_at_once():
    class Body:
        pass

    def fail(body: Body) -> None:
        raise ValueError(str(id(body)))

    async def ask() -> weakref.ref[Body]:
        threads, body = Threads(1, "test"), Body()
        with contextlib.suppress(ValueError):
            await threads.run(fail, body)
        await threads.run(abs, -1)
        return weakref.ref(body)

    gc.disable()
    try:
        assert asyncio.run(ask())() is None
    finally:
        gc.enable()


def test_a_loop_that_is_closed_stops_no_thread():
    threads = Threads(1, "test")
    go = threading.Event()

    async def leave() -> None:
        threads.run(go.wait, 10)

    async def ask() -> str:
        return await threads.run(_name)

    asyncio.run(leave())
    go.set()
    assert asyncio.run(ask()) == "test_1"


def _refused(self: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def _name() -> str:
    return threading.current_thread().name
