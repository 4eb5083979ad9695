"""The parent's side of one process that is asked over its standard input and output (cutters.py)."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Sequence
from typing import IO

from onefold.kernel.errors import Unavailable
from onefold.runtimes.embedded.frames import framed, read_frame

WAIT_SECONDS = 10.0
"""For an answer: no cut is so large that it takes longer."""
START_SECONDS = 60.0
"""For the first answer of a child, which has to start before it: on a busy machine that takes its time."""
NUMBER_BYTES = 8
_END_SECONDS = 5.0


class Lost(Unavailable):
    """The child ended, did not answer in time, or answered something else."""

    def __init__(self) -> None:
        super().__init__(
            "The process that reads customers stopped.",
            hint="Ask again; if it stops again, the server's log says where.",
            retry_after_seconds=1,
        )


class Child:
    """The parent's side of one process, which is started when it is needed and again after it was ended."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self.has_answered = False
        """Since it was started."""

    def patience_seconds(self) -> float:
        """How long an answer may take now."""
        return WAIT_SECONDS if self.has_answered else START_SECONDS

    def start(self) -> None:
        """Starts the process, if there is none."""
        if self._process is None:
            process = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
            assert process.stdout is not None
            # Who hears that there is something to read may find that another has read it.
            os.set_blocking(process.stdout.fileno(), False)
            self._process = process

    def say(self, frames: bytes) -> IO[bytes]:
        """Writes to the process, of which nothing else is asked now; returns what it answers by.

        That it died while nobody asked it shows here: then nobody has read this, and a new one gets it.
        """
        if self._process is not None:
            try:
                return self._say(self._process, frames)
            except BrokenPipeError:
                self.end(at_once=True)
        self.start()
        process = self._process
        if process is None:
            raise Lost  # It is being ended.
        return self._say(process, frames)

    def _say(self, process: subprocess.Popen[bytes], frames: bytes) -> IO[bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        rest = memoryview(frames)
        while rest:
            rest = rest[process.stdin.write(rest) :]
        return process.stdout

    def ask(self, number: int, question: bytes) -> bytes:
        """Its reply; `Lost` where none comes."""
        mark = number.to_bytes(NUMBER_BYTES, "big")
        try:
            reply = read_frame(self.say(framed(mark + question)), self.patience_seconds())
        except OSError as error:
            raise Lost from error
        if reply is None or not reply.startswith(mark):
            raise Lost
        self.has_answered = True
        return reply[NUMBER_BYTES:]

    def end(self, *, at_once: bool = False) -> None:
        """Ends the process, if it runs: after the question at hand, or at once."""
        process, self._process = self._process, None
        self.has_answered = False
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
