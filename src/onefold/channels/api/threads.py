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
from types import TracebackType
from typing import Any

IDLE_SECONDS = 60.0
"""After so long without a job a thread ends, and so do those of an application that is gone."""


class _Job:
    """One call, and whom to tell of it."""

    __slots__ = ("_arguments", "_future", "_result", "_work")

    def __init__(
        self, future: asyncio.Future[Any], work: Callable[..., Any], arguments: tuple[Any, ...]
    ) -> None:
        self._future: asyncio.Future[Any] | None = future
        self._work = work
        self._arguments = arguments
        self._result: Any = None

    def do(self) -> None:
        """Does the work, unless nobody waits for it any more; what comes of it is told, whatever it is."""
        if self._future is None or self._future.cancelled():
            return
        with self:
            self._result = self._work(*self._arguments)

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        # The traceback of an error knows this job, which must not know the error in turn.
        future, self._future = self._future, None
        assert future is not None
        # A loop that is closed has nobody left who waits.
        with suppress(RuntimeError):
            future.get_loop().call_soon_threadsafe(_tell, future, self._result, error)
        return True


class _Worker:
    """A thread's place to wait: its lock is held until it has a job. Nobody else knows the job for long."""

    __slots__ = ("job", "wake")

    def __init__(self) -> None:
        self.wake = threading.Lock()
        self.wake.acquire()
        self.job: _Job | None = None


class Threads:
    """At most `count` threads; calls beyond that wait in order."""

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._started = 0
        self._idle: list[_Worker] = []
        self._waiting: deque[_Job] = deque()
        self._guard = threading.Lock()

    def run(self, work: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        """What `work` returns or raises, called in a thread; to be awaited on the loop that asks.

        Cancelling the future does not stop work that has begun, as nothing stops a thread.
        """
        future = asyncio.get_running_loop().create_future()
        job = _Job(future, work, arguments)
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
            self._start(job)
        return future

    def _start(self, job: _Job) -> None:
        """A thread that begins with this; where the system gives none, it may give one next time."""
        name = f"{self._name}_{self._started}"
        worker = _Worker()
        worker.job = job
        worker.wake.release()
        try:
            threading.Thread(target=self._work, args=(worker,), name=name, daemon=True).start()
        except RuntimeError:
            with self._guard:
                self._started -= 1
            raise

    def _work(self, me: _Worker) -> None:
        while me.wake.acquire(timeout=IDLE_SECONDS) or not self._leaves(me):
            job, me.job = me.job, None
            while job is not None:
                job.do()
                with self._guard:
                    job = self._waiting.popleft() if self._waiting else None
                    if job is None:
                        self._idle.append(me)

    def _leaves(self, me: _Worker) -> bool:
        """Whether an idle thread may end; not when it is being given a job this very moment."""
        with self._guard:
            if me in self._idle:
                self._idle.remove(me)
                self._started -= 1
                return True
        me.wake.acquire()
        return False


def _tell(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.cancelled():
        return
    if error is None:
        future.set_result(result)
    elif isinstance(error, StopIteration):
        # A future takes everything but this, and whoever waits must not wait for ever.
        future.set_exception(RuntimeError("a handler let an iterator's end through"))
    else:
        future.set_exception(error)
