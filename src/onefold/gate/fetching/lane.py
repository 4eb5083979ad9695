"""Few threads for each connection: a source that hangs holds up its own questions and nobody else's.

A thread that hangs (in a name server, in a driver) is not waited for: whoever asked gives up. It keeps its
place, so that there are never more of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

WORKERS = 4
QUESTIONS_MAX = 64
"""Under way and waiting together."""

Result = TypeVar("Result")


class Lane:
    """Runs work for one connection, in the order in which it came."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"onefold-fetch-{name}")
        self._places = threading.BoundedSemaphore(QUESTIONS_MAX)

    def submit(self, work: Callable[[], Result]) -> Future[Result] | None:
        """The work's future; None where too much is to be done already."""
        if not self._places.acquire(blocking=False):
            return None
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """Drops what waits; what is under way ends by its time."""
        self._threads.shutdown(wait=False, cancel_futures=True)
