"""Processes that make cuts: one interpreter cuts one view at a time, so each core gets an interpreter.

A child answers one question at a time over its standard input and output, in frames of four bytes of length,
the question's number, which the reply repeats, and msgpack. It reads the state and knows no audit, no network
and no keys but, with a question of somebody who sees tokens, the one they are made with: what it made is an
answer only when the parent has written its record. The child that was idle for the shortest time is asked
first, because its memory is warm. One that died is replaced and its question asked once more, which is safe
because cutting changes nothing; when that fails too, or nobody is free in time, the caller is told to come
again.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import select
import subprocess
from collections.abc import Sequence
from typing import IO, Any

import msgspec

from onefold.gate.cutting import ANSWERS, Cut, Cutting, Question
from onefold.kernel.errors import CallerError, Damaged, NotFound, OnefoldError, Unavailable

WAIT_SECONDS = 10.0
"""For a free child, and then for its answer: no cut is so large that it takes longer."""
START_SECONDS = 60.0
"""For the first answer of a child, which has to start before it: on a busy machine that takes its time."""
_END_SECONDS = 5.0
_LENGTH_BYTES = 4
_NUMBER_BYTES = 8
_READ_BYTES = 1 << 20
_ERRORS: dict[str, type[OnefoldError]] = {
    it.__name__: it for it in (NotFound, CallerError, Unavailable, Damaged)
}


class Reply(msgspec.Struct, frozen=True, array_like=True):
    """A cut whose `made` is still encoded; or an error of ours: its class, message, detail and hint."""

    cut: Cut | None
    made: bytes = b""
    error: tuple[str, str, str, str] | None = None


_QUESTIONS = msgspec.msgpack.Decoder(Question)
_REPLIES = msgspec.msgpack.Decoder(Reply)
_MADE: dict[type, msgspec.msgpack.Decoder[Any]] = {
    asked: msgspec.msgpack.Decoder(made) for asked, made in ANSWERS.items()
}
_ENCODER = msgspec.msgpack.Encoder()


class _Lost(Exception):
    """The child ended, did not answer in time, or answered something else."""


class _Child:
    """The parent's side of one process, which is started when it is needed and again after it was ended."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._has_answered = False

    def start(self) -> tuple[IO[bytes], IO[bytes]]:
        """The process's standard input and output."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def ask(self, number: int, question: bytes) -> bytes:
        """Its reply; `_Lost` where none comes."""
        mark = number.to_bytes(_NUMBER_BYTES, "big")
        try:
            stdin, stdout = self.start()
            write_frame(stdin, mark + question)
            ready = select.poll()
            ready.register(stdout, select.POLLIN)
            wait = WAIT_SECONDS if self._has_answered else START_SECONDS
            reply = read_frame(stdout) if ready.poll(wait * 1000) else None
        except OSError as error:
            raise _Lost from error
        if reply is None or not reply.startswith(mark):
            raise _Lost
        self._has_answered = True
        return reply[_NUMBER_BYTES:]

    def end(self, *, at_once: bool = False) -> None:
        """Ends the process, if it runs: after the question at hand, or at once."""
        process, self._process = self._process, None
        self._has_answered = False
        if process is None:
            return
        if at_once:
            process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class CutterPool:
    """Implements `Cutting` over `count` processes started by `command`."""

    def __init__(self, command: Sequence[str], count: int) -> None:
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._count = count
        self._numbers = itertools.count(1)
        for _ in range(count):
            child = _Child(tuple(command))
            # Starting takes a moment; it may as well begin.
            with contextlib.suppress(OSError):
                child.start()
            self._idle.put(child)

    def cut(self, question: Question) -> Cut:
        """As the port says; `Unavailable` too where no process is free in time."""
        encoded = _ENCODER.encode(question)
        try:
            child = self._idle.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise Unavailable("Too many questions are waiting.", retry_after_seconds=1) from None
        answered = False
        try:
            reply = self._ask_twice(child, encoded)
            answered = True
        finally:
            # Whatever interrupted it, nobody else may be given the answer to this question.
            if not answered:
                child.end(at_once=True)
            self._idle.put(child)
        return _told(_REPLIES.decode(reply), type(question.asked))

    def _ask_twice(self, child: _Child, encoded: bytes) -> bytes:
        with contextlib.suppress(_Lost):
            return child.ask(next(self._numbers), encoded)
        child.end(at_once=True)
        try:
            return child.ask(next(self._numbers), encoded)
        except _Lost:
            raise Unavailable(
                "The process that reads customers stopped.",
                hint="Ask again; if it stops again, the server's log says where.",
                retry_after_seconds=1,
            ) from None

    def close(self) -> None:
        """Ends the processes; nobody may be asking."""
        for _ in range(self._count):
            self._idle.get().end()


def _told(reply: Reply, asked: type) -> Cut:
    if reply.error is not None:
        name, message, detail, hint = reply.error
        raise _ERRORS[name](message, detail=detail, hint=hint)
    assert reply.cut is not None
    if not reply.made:
        return reply.cut
    made: Any = _MADE[asked].decode(reply.made)
    return msgspec.structs.replace(reply.cut, made=made)


def answer_questions(source: IO[bytes], sink: IO[bytes], cutting: Cutting) -> None:
    """The child: answers until its parent closes the pipe."""
    while (frame := read_frame(source)) is not None:
        try:
            reply = _reply(cutting, _QUESTIONS.decode(frame[_NUMBER_BYTES:]))
        except OnefoldError as error:
            reply = Reply(None, error=(_known(error), error.message, error.detail, error.hint))
        write_frame(sink, frame[:_NUMBER_BYTES] + _ENCODER.encode(reply))


def _reply(cutting: Cutting, question: Question) -> Reply:
    cut = cutting.cut(question)
    if cut.made is None:
        return Reply(cut)
    return Reply(msgspec.structs.replace(cut, made=None), _ENCODER.encode(cut.made))


def _known(error: OnefoldError) -> str:
    """The nearest class that travels."""
    return next(it.__name__ for it in type(error).__mro__ if it.__name__ in _ERRORS)


def write_frame(sink: IO[bytes], frame: bytes) -> None:
    """Writes one frame whole."""
    rest = memoryview(len(frame).to_bytes(_LENGTH_BYTES, "big") + frame)
    while rest:
        rest = rest[sink.write(rest) :]


def read_frame(source: IO[bytes]) -> bytes | None:
    """One frame, or None at the end of the pipe. Nobody writes ahead, so one read mostly has it whole."""
    found = b""
    while len(found) < _LENGTH_BYTES or len(found) < _LENGTH_BYTES + int.from_bytes(
        found[:_LENGTH_BYTES], "big"
    ):
        part = source.read(_READ_BYTES)
        if not part:
            return None
        found += part
    return found[_LENGTH_BYTES:]
