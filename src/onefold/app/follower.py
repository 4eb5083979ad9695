"""A process of its own that takes the log into the state while another one loads: two cores instead of one.

They speak over the child's standard input and output. The parent writes `finish` when it will append no
more; the child works to the end of the log and answers with an empty line, or with what went wrong. When the
parent dies its end closes, and the child ends after the batch at hand: nothing is lost, since the state
continues from its offset.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.app.children import begin_as_child
from onefold.app.folder import DataFolder, read_folder
from onefold.app.working import worker_in
from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.kernel.waiting import can_read
from onefold.runtimes.embedded.worker import BULK_EVENTS

_FINISH = b"finish\n"
_PAUSE_SECONDS = 0.02
_END_SECONDS = 10.0
_CHILD = "import sys; from onefold.app.follower import follow; follow(sys.argv[1])"


class Follower:
    """The parent's side."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self._told = False

    def check(self) -> None:
        """`Unavailable`, with what it said last, when the child has ended before it was told to."""
        if self._has_spoken(0):
            self._hear()

    def finish(self, watch_seconds: float) -> bool:
        """Tells the child to end at the end of the log; whether it has, within so many seconds.

        Call it until it has.
        """
        if not self._told:
            self._told = True
            self._tell(_FINISH)
        if not self._has_spoken(watch_seconds):
            return False
        self._hear()
        self._process.wait(_END_SECONDS)
        return True

    def stop(self) -> None:
        """Ends the child after the batch at hand."""
        # A word that could not be told is told, or not, when the pipe closes.
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.terminate()
            self._process.wait()
        self._stdout.close()

    def _tell(self, word: bytes) -> None:
        # A child that has ended hears nothing; what it said last is still to be read.
        with contextlib.suppress(BrokenPipeError):
            self._stdin.write(word)
            self._stdin.flush()

    def _has_spoken(self, within_seconds: float) -> bool:
        return can_read(self._stdout.fileno(), within_seconds)

    def _hear(self) -> None:
        """Returns when the child says that all is done; raises what it says otherwise."""
        said = self._stdout.readline().decode()
        if said == "\n":
            return
        raise Unavailable(
            "The process that makes profiles stopped.",
            detail=said.strip() or "It ended without a word; is there enough memory?",
            hint="What was loaded is safe in the log; load again and it goes on from there.",
        )


@contextmanager
def following(folder: DataFolder) -> Iterator[Follower]:
    """A child that follows the log of a folder until the block ends."""
    command = [sys.executable, "-c", _CHILD, str(folder.root.resolve())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603
        follower = Follower(process)
        try:
            yield follower
        finally:
            follower.stop()


def follow(root: str) -> None:
    """The child: works until it is told to finish, then to the end of the log."""
    begin_as_child()
    try:
        said = _work(read_folder(Path(root)))
    except OnefoldError as error:
        said = str(error).replace("\n", " ")
    if said is not None:
        os.write(1, said.encode() + b"\n")


def _work(folder: DataFolder) -> str | None:
    """What to say at the end: nothing wrong, or None where nobody listens any more."""
    with worker_in(folder, BULK_EVENTS) as worker:
        finishing = False
        while True:
            taken = worker.run_once()
            if not taken and finishing:
                return ""
            if not finishing and can_read(0, 0 if taken else _PAUSE_SECONDS):
                finishing = os.read(0, len(_FINISH)) == _FINISH
                if not finishing:
                    return None
