"""Appending for whoever may not wait in a thread: one thread hands in for all what came while it last waited.

A caller of `GroupCommit.append` sleeps until the disk has its entries, so a thousand callers are a thousand
threads that wake one another. Here they await on their event loop, and a single thread appends for all of
them: everything handed in while it waited for the disk is its next append, one sync for the lot. The promise
is the one of `append`: whoever is answered has their entries on the disk, in the order they were handed in.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from itertools import groupby

from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.record.log.service import GroupCommit

IDLE_SECONDS = 30.0
"""After so long without an entry its thread ends; the next entry starts another."""

_Handed = tuple[tuple[bytes, bytes], asyncio.Future[int]]
_Told = tuple[asyncio.Future[int], int]


class Scribe:
    """Appends single entries through a group commit; `append` may be called on any event loop."""

    def __init__(self, commit: GroupCommit) -> None:
        self._commit = commit
        self._guard = threading.Lock()
        self._wake = threading.Lock()
        """Free while its thread has something to do that it may not know of."""
        self._wake.acquire()
        self._handed_in: list[_Handed] = []
        self._runs = False

    def append(self, entry: tuple[bytes, bytes]) -> asyncio.Future[int]:
        """The entry's sequence, once it is durable; `Unavailable` where it was not made so.

        Whoever stops waiting takes nothing back: the entry is written all the same.
        """
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        with self._guard:
            if not self._runs:
                self._start()
            self._handed_in.append((entry, future))
            if len(self._handed_in) == 1 and self._wake.locked():
                self._wake.release()
        return future

    def _start(self) -> None:
        threading.Thread(target=self._work, name="onefold-scribe", daemon=True).start()
        self._runs = True

    def _work(self) -> None:
        is_over = False
        try:
            while batch := self._next():
                self._write(batch)
            is_over = True
        finally:
            if not is_over:  # A bug ended it: whoever waits, or comes next, needs another.
                with self._guard:
                    self._runs = False
                    if self._handed_in:
                        self._start()

    def _next(self) -> list[_Handed]:
        """What was handed in meanwhile; nothing where nobody came for long, and then the thread is over."""
        is_woken = True
        while True:
            with self._guard:
                if self._handed_in or not is_woken:
                    self._runs = bool(self._handed_in)
                    batch, self._handed_in = self._handed_in, []
                    return batch
            is_woken = self._wake.acquire(timeout=IDLE_SECONDS)

    def _write(self, batch: list[_Handed]) -> None:
        error: OnefoldError | None = Unavailable("Writing to the log was interrupted.", retry_after_seconds=1)
        last = 0
        try:
            last = self._commit.append([entry for entry, _ in batch])
            error = None
        except OnefoldError as failure:
            error = failure
        finally:
            # Also where a bug ends this thread: nobody may wait for ever.
            first = last - len(batch) + 1
            told = [(future, first + number) for number, (_, future) in enumerate(batch)]
            for loop, its in groupby(told, key=lambda it: it[0].get_loop()):
                # A loop that is closed has nobody left who waits.
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(_tell, list(its), error)


def _tell(told: list[_Told], error: OnefoldError | None) -> None:
    for future, sequence in told:
        if future.cancelled():
            continue
        if error is None:
            future.set_result(sequence)
        else:
            future.set_exception(error)
