"""Asking processes from an event loop, which may not wait for them: several questions in one writing.

While all processes are busy, questions gather. Whoever is free next is sent its part of them at once, reads
them without waiting for us, and answers them in turn; each answer goes to its own question as it comes.

Threads ask the same processes in between. So whoever has asked is whoever reads: the loop goes on listening
to a process it does not ask now, but what it hears of it then it leaves alone, and listens no more until it
asks again. That is rare, and spares every other question that its reader is taken out and put back.

What gathers has bounds. A question that is not sent in time is given up, as a thread's is, and so is one more
than may wait. Where a process is lost, what it had not answered is asked once more, each question alone: one
that ends whoever reads it takes no other with it. Whether anything is late is looked at for all of them now
and then, since a timer of its own would be a good part of what a question costs.
"""

from __future__ import annotations

import asyncio
import os
import select
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from typing import IO

from onefold.kernel.errors import Unavailable
from onefold.runtimes.embedded.child import NUMBER_BYTES, Child, Lost
from onefold.runtimes.embedded.frames import LENGTH_BYTES, READ_BYTES, Arriving, framed
from onefold.runtimes.embedded.turns import Turns

AT_ONCE_BYTES = select.PIPE_BUF
"""Of questions in one writing. An empty pipe takes so much everywhere: else we might wait to write for who
waits to write to us."""
TURN_SECONDS = 10.0
"""For a free child; child.py says how long its answer may take."""
LOOK_SECONDS = 0.25
"""Between two looks for what is late: so much later than its time may anything be given up."""
WAITING_MAX = 512
"""Questions; whoever comes on top of them comes again."""


def too_many() -> Unavailable:
    """What is said to whose turn does not come in time."""
    return Unavailable("Too many questions are waiting.", retry_after_seconds=1)


class _Asked:
    """One question, and whoever waits for its answer."""

    __slots__ = ("future", "is_alone", "question", "until", "wish")

    def __init__(
        self,
        question: bytes,
        future: asyncio.Future[bytes],
        wish: Child | None,
        until: float,
        *,
        is_alone: bool,
    ) -> None:
        self.question = question
        self.future = future
        self.wish = wish
        self.until = until
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
        self._lines: dict[Child, _Line] = {}
        self._looks = False

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
        asked = _Asked(question, self.loop.create_future(), wish, until, is_alone=is_alone)
        self._waiting.append(asked)
        self._go_on()
        if not self._looks:
            self._looks = True
            self.loop.call_later(LOOK_SECONDS, self._look)
        return await asked.future

    def _look(self) -> None:
        """Gives up what is late: a question not sent in its time, whoever does not answer in theirs."""
        now = self.loop.time()
        for asked in [it for it in self._waiting if it.until <= now or it.future.done()]:
            self._waiting.remove(asked)
            asked.fail(too_many())
        asking = [it for it in self._lines.values() if it.asks]
        for line in asking:
            line.look(now)
        self._looks = bool(self._waiting or asking)
        if self._looks:
            self.loop.call_later(LOOK_SECONDS, self._look)

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
            line = self._lines.get(child)
            if line is None:
                line = self._lines[child] = _Line(self, child)
            line.ask(asked)
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


class _Line:
    """One child as this loop asks and hears it."""

    def __init__(self, lane: Lane, child: Child) -> None:
        self._lane = lane
        self._child = child
        self._asked: dict[int, _Asked] = {}
        self._until = 0.0
        self._arriving = Arriving()
        self._heard: IO[bytes] | None = None
        self._source = -1
        self._close: Callable[[], object] = _nothing

    @property
    def asks(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._asked)

    def ask(self, asked: dict[int, _Asked]) -> None:
        """Asks all of it in one writing."""
        self._asked = asked
        self._wait_on()
        marked = (framed(number.to_bytes(NUMBER_BYTES, "big") + it.question) for number, it in asked.items())
        try:
            self._listen(self._child.say(b"".join(marked)))
        except (OSError, RuntimeError, ValueError):  # It cannot be started, or is being ended.
            self._fail()

    def look(self, now: float) -> None:
        """Gives the child up where it does not answer in time."""
        if self._asked and self._until <= now:
            self._fail()

    def _wait_on(self) -> None:
        """Each answer has as long as it would have alone."""
        self._until = self._lane.loop.time() + self._child.patience_seconds()

    def _listen(self, source: IO[bytes]) -> None:
        """By a descriptor of our own: whoever ends the child in a thread cannot take it from the loop."""
        if source is self._heard:
            return
        self._leave()
        self._heard, self._source = source, os.dup(source.fileno())
        self._close = weakref.finalize(self, os.close, self._source)
        self._arriving = Arriving()
        self._lane.loop.add_reader(self._source, self._read)

    def _read(self) -> None:
        if not self._asked:  # It ended, or a thread asks it.
            self._leave()
            return
        try:
            part = os.read(self._source, READ_BYTES)
        except BlockingIOError:  # A thread has read meanwhile what we heard of.
            return
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
        if self._asked:
            self._wait_on()
        else:
            self._lane.done(self._child)

    def _leave(self) -> None:
        if self._heard is not None:
            self._heard = None
            self._lane.loop.remove_reader(self._source)
            self._close()

    def _fail(self) -> None:
        """It ended, was too late, or answered something else: whatever it was asked has no answer."""
        self._leave()
        lost, self._asked = self._asked, {}
        for asked in lost.values():
            asked.fail(Lost())
        self._lane.lost(self._child)


def _nothing() -> None:
    """There is nothing to close yet."""
