"""Processes that make cuts: one interpreter cuts one view at a time, so each core gets an interpreter.

A child answers questions in turn over its standard input and output, in frames (frames.py) of the question's
number, which the reply repeats, and msgpack. It reads the state and knows no audit, no network
and no keys but, with a question of somebody who sees tokens, the one they are made with: what it made is an
answer only when the parent has written its record. Each customer has a child that is asked first, if it is
idle: it has kept what it cut of them (gate/kept.py). One that died is replaced and its question asked once
more, which is safe because cutting changes nothing; when that fails too, or nobody is free in time, the
caller is told to come again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import IO, Any

import msgspec

from onefold.gate.cutting import ANSWERS, Cut, Question, Said, Search
from onefold.kernel.errors import CallerError, Damaged, NotFound, OnefoldError, Unavailable
from onefold.runtimes.embedded.child import NUMBER_BYTES, Child, Lost
from onefold.runtimes.embedded.frames import read_frames, write_frame
from onefold.runtimes.embedded.lane import AT_ONCE_BYTES, TURN_SECONDS, Lane, too_many
from onefold.runtimes.embedded.turns import Turns

_ERRORS: dict[str, type[OnefoldError]] = {
    it.__name__: it for it in (NotFound, CallerError, Unavailable, Damaged)
}


class Forget(msgspec.Struct, frozen=True, tag=True):
    """That nothing may be kept for which something with one of these ids was read."""

    ids: frozenset[bytes]


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """A cut whose `made` is still encoded; or an error of ours: its class, message, detail and hint.

    `forgot` answers `Forget`: how many were let go of.
    """

    cut: Cut | None
    made: bytes = b""
    error: tuple[str, str, str, str] | None = None
    forgot: int = 0


_ASKED = msgspec.msgpack.Decoder(Question | Forget)
_REPLIES = msgspec.msgpack.Decoder(Reply)
_MADE: dict[type, msgspec.msgpack.Decoder[Any]] = {
    asked: msgspec.msgpack.Decoder(made) for asked, made in ANSWERS.items()
}
_ENCODER = msgspec.msgpack.Encoder()


class CutterPool:
    """Implements `Cutting` over `count` processes started by `command`."""

    def __init__(self, command: Sequence[str], count: int) -> None:
        self._children: Turns[Child] = Turns()
        self._all = [Child(tuple(command)) for _ in range(count)]
        self._numbers = itertools.count(1)
        self._lane: Lane | None = None
        for child in self._all:
            # Starting takes a moment; it may as well begin.
            with contextlib.suppress(OSError):
                child.start()
            self._children.give(child)

    def cut(self, question: Question) -> Cut:
        """As the port says; `Unavailable` too where no process is free in time."""
        encoded = _ENCODER.encode(question)
        child = self._children.take(TURN_SECONDS, self._first_for(question))
        if child is None:
            raise too_many()
        answered = False
        try:
            reply = self._ask_twice(child, encoded)
            answered = True
        finally:
            # Whatever interrupted it, nobody else may be given the answer to this question.
            if not answered:
                child.end(at_once=True)
            self._children.give(child)
        return _told(_REPLIES.decode(reply), question)

    async def cut_soon(self, question: Question) -> Cut:
        """`cut`, awaited."""
        encoded = _ENCODER.encode(question)
        if len(encoded) > AT_ONCE_BYTES // 2:
            # Writing it could take as long as its reader likes.
            return await asyncio.to_thread(self.cut, question)
        return _told(
            _REPLIES.decode(await self._of_this_loop().ask(encoded, self._first_for(question))), question
        )

    def _first_for(self, question: Question) -> Child | None:
        """The child of the customer that is asked about; any id of them is as good, being as random."""
        asked = question.asked
        if isinstance(asked, Search | Said):
            return None
        return self._all[int.from_bytes(asked.customer[-2:]) % len(self._all)]

    def forget(self, ids: AbstractSet[bytes]) -> int:
        """As the port says: no process cuts anything meanwhile, and one that is lost keeps nothing."""
        asked = _ENCODER.encode(Forget(frozenset(ids)))
        taken: list[Child] = []
        try:
            for _ in self._all:
                child = self._children.take(TURN_SECONDS)
                if child is None:
                    raise too_many()
                taken.append(child)
            return sum(self._forgot(child, asked) for child in taken)
        finally:
            for child in taken:
                self._children.give(child)

    def _forgot(self, child: Child, asked: bytes) -> int:
        answered = False
        try:
            forgot = _REPLIES.decode(child.ask(next(self._numbers), asked)).forgot
            answered = True
        except Lost:
            return 0
        finally:
            if not answered:
                child.end(at_once=True)
        return forgot

    def _of_this_loop(self) -> Lane:
        lane = self._lane
        if lane is None or lane.loop is not asyncio.get_running_loop():
            lane = self._lane = Lane(self._children, len(self._all), self._numbers)
        return lane

    def _ask_twice(self, child: Child, encoded: bytes) -> bytes:
        with contextlib.suppress(Lost):
            return child.ask(next(self._numbers), encoded)
        child.end(at_once=True)
        return child.ask(next(self._numbers), encoded)

    def close(self) -> None:
        """Ends the processes; one that still has a question, which nobody waits for any more, at once."""
        idle = {id(child) for child in iter(lambda: self._children.take(0), None)}
        for child in self._all:
            child.end(at_once=id(child) not in idle)


def _told(reply: Reply, question: Question) -> Cut:
    if reply.error is not None:
        name, message, detail, hint = reply.error
        raise _ERRORS[name](message, detail=detail, hint=hint)
    assert reply.cut is not None
    if not reply.made:
        return reply.cut
    made: Any = reply.made if question.as_bytes else _MADE[type(question.asked)].decode(reply.made)
    return msgspec.structs.replace(reply.cut, made=made)


def answer_questions(
    source: IO[bytes],
    sink: IO[bytes],
    cut: Callable[[Question], Cut],
    forget: Callable[[AbstractSet[bytes]], int],
) -> None:
    """The child: answers until its parent closes the pipe."""
    for frame in read_frames(source):
        try:
            reply = _reply(cut, forget, _ASKED.decode(memoryview(frame)[NUMBER_BYTES:]))
        except OnefoldError as error:
            reply = Reply(None, error=(_known(error), error.message, error.detail, error.hint))
        write_frame(sink, frame[:NUMBER_BYTES] + _ENCODER.encode(reply))


def _reply(
    cut: Callable[[Question], Cut], forget: Callable[[AbstractSet[bytes]], int], question: Question | Forget
) -> Reply:
    if isinstance(question, Forget):
        return Reply(None, forgot=forget(question.ids))
    found = cut(question)
    if found.made is None:
        return Reply(found)
    made = found.made if question.as_bytes else _ENCODER.encode(found.made)
    return Reply(msgspec.structs.replace(found, made=None), made)


def _known(error: OnefoldError) -> str:
    """The nearest class that travels."""
    return next(it.__name__ for it in type(error).__mro__ if it.__name__ in _ERRORS)
