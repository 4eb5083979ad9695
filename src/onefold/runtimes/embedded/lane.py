"""Asking processes from an event loop, which may not wait for them: several questions in one writing.

While all processes are busy, questions gather. Whoever is free next is sent its part of them at once, reads
them without waiting for us, and answers them in turn; each answer goes to its own question as it comes. A
process is watched only while it is asked, so that threads can ask it in between.
"""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections import deque
from collections.abc import Iterator

from onefold.runtimes.embedded.child import NUMBER_BYTES, Child, Lost
from onefold.runtimes.embedded.frames import LENGTH_BYTES, READ_BYTES, Arriving, framed
from onefold.runtimes.embedded.turns import Turns

AT_ONCE_BYTES = select.PIPE_BUF
"""Of questions in one writing. An empty pipe takes so much everywhere: else we might wait to write for who
waits to write to us."""

_Asked = tuple[bytes, asyncio.Future[bytes]]


class Lane:
    """The questions of one event loop; all of it is used by that loop alone."""

    def __init__(self, children: Turns[Child], count: int, numbers: Iterator[int]) -> None:
        self.loop = asyncio.get_running_loop()
        self._children = children
        self._count = count
        self._numbers = numbers
        self._waiting: deque[_Asked] = deque()
        self._turns_awaited = 0

    async def ask(self, question: bytes) -> bytes:
        """The reply; `Lost` where none came."""
        future: asyncio.Future[bytes] = self.loop.create_future()
        self._waiting.append((question, future))
        self._go_on()
        return await future

    def _go_on(self) -> None:
        """Asks whoever is idle, and waits for a turn where nobody is."""
        while self._waiting and self._turns_awaited < self._count:
            child = self._children.take_or_wait(self._taken)
            if child is None:
                self._turns_awaited += 1
                return
            self._send(child)

    def _taken(self, child: Child) -> None:
        """In whatever thread gives it back."""
        self.loop.call_soon_threadsafe(self._turn, child)

    def _turn(self, child: Child) -> None:
        self._turns_awaited -= 1
        self._send(child)
        self._go_on()

    def _send(self, child: Child) -> None:
        """Sends a child its part of what waits; gives it back where nothing does."""
        part, size = -(-len(self._waiting) // self._count), 0
        asked: dict[int, _Asked] = {}
        while self._waiting and len(asked) < part:
            size += len(self._waiting[0][0]) + NUMBER_BYTES + LENGTH_BYTES
            if asked and size > AT_ONCE_BYTES:
                break
            it = self._waiting.popleft()
            if not it[1].cancelled():
                asked[next(self._numbers)] = it
        if asked:
            _Talk(self, child, asked)
        else:
            self._children.give(child)

    def done(self, child: Child) -> None:
        """A child has answered all it was asked."""
        if self._waiting and not self._children.anybody_waits():
            self._send(child)
        else:
            self._children.give(child)
            self._go_on()

    def lost(self, child: Child) -> None:
        """A child has to be ended, which may take a moment, before anybody asks it again."""

        def end() -> None:
            child.end(at_once=True)
            self._children.give(child)

        threading.Thread(target=end, name="onefold-end", daemon=True).start()


class _Talk:
    """What one child was asked at once, until it has answered."""

    def __init__(self, lane: Lane, child: Child, asked: dict[int, _Asked]) -> None:
        self._lane = lane
        self._child = child
        self._asked = asked
        self._arriving = Arriving()
        self._source = -1
        self._timer = lane.loop.call_later(child.patience_seconds(), self._fail)
        try:
            stdin, stdout = child.start()
            marked = (framed(number.to_bytes(NUMBER_BYTES, "big") + it) for number, (it, _) in asked.items())
            stdin.write(b"".join(marked))
        except OSError:
            self._fail()
            return
        self._source = stdout.fileno()
        lane.loop.add_reader(self._source, self._read)

    def _read(self) -> None:
        try:
            part = os.read(self._source, READ_BYTES)
        except OSError:
            part = b""
        if not part:
            self._fail()
            return
        for frame in self._arriving.frames(part):
            number = int.from_bytes(frame[:NUMBER_BYTES], "big")
            _, future = self._asked.pop(number, (b"", None))
            if future is None:
                self._fail()
                return
            if not future.cancelled():
                future.set_result(frame[NUMBER_BYTES:])
        if not self._asked:
            self._child.has_answered = True
            self._leave()
            self._lane.done(self._child)

    def _leave(self) -> None:
        self._timer.cancel()
        if self._source >= 0:
            self._lane.loop.remove_reader(self._source)

    def _fail(self) -> None:
        """It ended, was too late, or answered something else: whatever it was asked has no answer."""
        self._leave()
        for _, future in self._asked.values():
            if not future.cancelled():
                future.set_exception(Lost())
        self._lane.lost(self._child)
