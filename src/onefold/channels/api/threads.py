"""Threads for what may wait, started when they are needed; the one that was used last is used first.

An executor of the standard library makes two futures, a condition and a semaphore of every call, and wakes
the thread that has been idle for the longest time. Beside a view that is not little (measured: 127 µs of
processor a call, against 37).
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple


class _Job(NamedTuple):
    """One call, and whom to tell."""

    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    work: Callable[..., Any]
    arguments: tuple[Any, ...]


class _Worker:
    """A thread's place to wait: its lock is held until it has a job."""

    __slots__ = ("job", "wake")

    def __init__(self) -> None:
        self.wake = threading.Lock()
        self.wake.acquire()
        self.job: _Job | None = None


class Threads:
    """At most `count` threads, which end with the process; calls beyond that wait in order."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._started = 0
        self._idle: list[_Worker] = []
        self._waiting: deque[_Job] = deque()
        self._guard = threading.Lock()

    def run(self, work: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        """What `work` returns or raises, called in a thread; to be awaited on the loop that asks.

        Cancelling the future does not stop the work, as nothing stops a thread; nobody hears of it then.
        """
        loop = asyncio.get_running_loop()
        job = _Job(loop, loop.create_future(), work, arguments)
        with self._guard:
            worker = self._idle.pop() if self._idle else None
            starts = worker is None and self._started < self._count
            if starts:
                self._started += 1
            elif worker is None:
                self._waiting.append(job)
        if worker is not None:
            worker.job = job
            worker.wake.release()
        elif starts:
            name = f"{self._name}_{self._started}"
            threading.Thread(target=self._work, args=(job,), name=name, daemon=True).start()
        return job.future

    def _work(self, first: _Job) -> None:
        me = _Worker()
        job: _Job | None = first
        while True:
            if job is not None:
                _do(job)
            job = None  # What it holds, such as a body, is not kept for as long as nobody asks.
            with self._guard:
                if self._waiting:
                    job = self._waiting.popleft()
                    continue
                self._idle.append(me)
            me.wake.acquire()
            job, me.job = me.job, None


def _do(job: _Job) -> None:
    result, error = None, None
    try:
        result = job.work(*job.arguments)
    except BaseException as raised:  # noqa: BLE001 Whoever awaits it gets it, whatever it is.
        error = raised
    # A loop that is closed has nobody left who waits.
    with suppress(RuntimeError):
        job.loop.call_soon_threadsafe(_tell, job.future, result, error)
    error = None  # Its traceback knows this frame, and would be kept by what it keeps.


def _tell(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
