"""Asking processes from an event loop, which may not wait for them: several questions in one writing.

While all processes are busy, questions gather. Whoever is free next is sent its part of them at once, reads
them without waiting for us, and answers them in turn; each answer goes to its own question as it comes. A
process is watched only while it is asked, so that threads can ask it in between.

What gathers has bounds. A question that is not sent in time is given up, as a thread's is, and so is one more
than may wait. Where a process is lost, what it had not answered is asked once more, each question alone: one
that ends whoever reads it takes no other with it.
"""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections import deque
from collections.abc import Iterator

from onefold.kernel.errors import Unavailable
from onefold.runtimes.embedded.child import NUMBER_BYTES, Child, Lost
from onefold.runtimes.embedded.frames import LENGTH_BYTES, READ_BYTES, Arriving, framed
from onefold.runtimes.embedded.turns import Turns

AT_ONCE_BYTES = select.PIPE_BUF
"""Of questions in one writing. An empty pipe takes so much everywhere: else we might wait to write for who
waits to write to us."""
TURN_SECONDS = 10.0
"""For a free child; child.py says how long its answer may take."""
WAITING_MAX = 512
"""Questions; whoever comes on top of them comes again."""


def too_many() -> Unavailable:
    """What is said to whose turn does not come in time."""
    return Unavailable("Too many questions are waiting.", retry_after_seconds=1)


class _Asked:
    """One question, and whoever waits for its answer."""

    __slots__ = ("future", "is_alone", "question", "wish")

    def __init__(
        self, question: bytes, future: asyncio.Future[bytes], wish: Child | None, *, is_alone: bool
    ) -> None:
        self.question = question
        self.future = future
        self.wish = wish
        self.is_alone = is_alone

    def answer(self, reply: bytes) -> None:
        """Unless nobody waits any more."""
        if not self.future.done():
            self.future.set_result(reply)

    def fail(self, error: Unavailable) -> None:
        """Unless nobody waits any more."""
        if not self.future.done():
            self.future.set_exception(error)


class Lane:
    """The questions of one event loop; all of it is used by that loop alone."""

    def __init__(
        self,
        children: Turns[Child],
        count: int,
        numbers: Iterator[int],
        *,
        turn_seconds: float = TURN_SECONDS,
        waiting_max: int = WAITING_MAX,
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self._children = children
        self._count = count
        self._numbers = numbers
        self._turn_seconds = turn_seconds
        self._waiting_max = waiting_max
        self._waiting: deque[_Asked] = deque()
        self._turns_awaited = 0

    async def ask(self, question: bytes, wish: Child | None = None) -> bytes:
        """The reply, of the child that is wished for if it is idle.

        `Lost` where none came twice, `Unavailable` where its turn did not come in time.
        """
        until = self.loop.time() + self._turn_seconds
        try:
            return await self._ask(question, wish, until, is_alone=False)
        except Lost:
            return await self._ask(question, wish, until, is_alone=True)

    async def _ask(self, question: bytes, wish: Child | None, until: float, *, is_alone: bool) -> bytes:
        if len(self._waiting) >= self._waiting_max or self.loop.time() >= until:
            raise too_many()
        asked = _Asked(question, self.loop.create_future(), wish, is_alone=is_alone)
        self._waiting.append(asked)
        timer = self.loop.call_at(until, self._too_late, asked)
        try:
            self._go_on()
            return await asked.future
        finally:
            timer.cancel()

    def _too_late(self, asked: _Asked) -> None:
        """Gives up a question that is still not sent; one that is has as long as its child has."""
        if asked in self._waiting:
            self._waiting.remove(asked)
            asked.fail(too_many())

    def _go_on(self) -> None:
        """Asks whoever is idle, and waits for a turn where nobody is."""
        while self._waiting and self._turns_awaited < self._count:
            child = self._children.take_or_wait(self._taken, self._waiting[0].wish)
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
            size += len(self._waiting[0].question) + NUMBER_BYTES + LENGTH_BYTES
            if asked and (size > AT_ONCE_BYTES or self._waiting[0].is_alone):
                break
            it = self._waiting.popleft()
            if it.future.done():
                continue
            asked[next(self._numbers)] = it
            if it.is_alone:
                break
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
            marked = (
                framed(number.to_bytes(NUMBER_BYTES, "big") + it.question) for number, it in asked.items()
            )
            stdin.write(b"".join(marked))
        except (OSError, RuntimeError, ValueError):  # It cannot be started, or is being ended.
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
            asked = self._asked.pop(number, None)
            if asked is None:
                self._fail()
                return
            asked.answer(frame[NUMBER_BYTES:])
            self._child.has_answered = True
        self._timer.cancel()
        if self._asked:  # Each has as long as it would have alone.
            self._timer = self._lane.loop.call_later(self._child.patience_seconds(), self._fail)
        else:
            self._leave()
            self._lane.done(self._child)

    def _leave(self) -> None:
        self._timer.cancel()
        if self._source >= 0:
            self._lane.loop.remove_reader(self._source)

    def _fail(self) -> None:
        """It ended, was too late, or answered something else: whatever it was asked has no answer."""
        self._leave()
        for asked in self._asked.values():
            asked.fail(Lost())
        self._lane.lost(self._child)
