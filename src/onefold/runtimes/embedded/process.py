"""The worker in a process of its own: making profiles takes no interpreter from those who are served.

The two speak in lines over the child's standard input and output. The parent writes an empty line when the
log has grown. The child answers with one word and what belongs to it: `at` a sequence that is in the state,
`failing` and why when it will try again, `damaged` and why when it will not. When the parent dies its end
closes, and the child ends after the batch at hand; when the child dies another is started. Nothing is lost
either way, because the state goes on from its own offset.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

from onefold.kernel.errors import Damaged, OnefoldError, Unavailable
from onefold.kernel.waiting import can_read
from onefold.runtimes.embedded.progress import Progress
from onefold.runtimes.embedded.worker import Worker

PAUSE_SECONDS = 0.2
PAUSE_AFTER_FAILURE_SECONDS = 0.5
_END_SECONDS = 30.0
_AT, _FAILING, _DAMAGED = "at", "failing", "damaged"


class WorkerProcess:
    """The parent's side: keeps one child at work until it is stopped. `applied` is the state's offset now."""

    def __init__(self, command: Sequence[str], applied: int) -> None:
        self._command = tuple(command)
        self._progress = Progress(applied)
        self._stopping = Event()
        self._lock = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="onefold-worker", daemon=True)

    def start(self) -> None:
        """Begins to work; once."""
        self._thread.start()

    def stop(self, timeout_seconds: float = _END_SECONDS) -> None:
        """Lets the batch at hand be committed, then ends; `Unavailable` if that takes too long."""
        self._stopping.set()
        with self._lock:
            if self._child and self._child.stdin:
                with contextlib.suppress(OSError):
                    self._child.stdin.close()
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():
            with self._lock:
                if self._child:
                    self._child.kill()
            raise Unavailable("The worker did not stop in time, and was ended.", hint="The state is safe.")

    def wake(self) -> None:
        """Says that the log has grown, so that the child need not find out by itself."""
        with self._lock:
            if self._child and self._child.stdin and not self._stopping.is_set():
                # A full pipe is as good a wake-up; a child that is gone is replaced by the thread.
                with contextlib.suppress(OSError):
                    os.write(self._child.stdin.fileno(), b"\n")

    @property
    def failure(self) -> OnefoldError | None:
        """What keeps the worker from going on, if anything does."""
        return self._progress.failure

    def wait_for(self, sequence: int, timeout_seconds: float) -> None:
        """Returns when the state has the effect of a log sequence: the barrier of a withdrawal.

        `Unavailable` when it has not in time; the event is in the log all the same.
        """
        self.wake()
        self._progress.wait_for(sequence, timeout_seconds)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._one_life()
                self._stopping.wait(PAUSE_AFTER_FAILURE_SECONDS)
        finally:
            self._progress.ended()

    def _one_life(self) -> None:
        """A child from its start to its end."""
        try:
            child = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        except OSError:
            self._progress.failed(Unavailable("The process that makes profiles cannot be started."))
            return
        with self._lock:
            self._child = child
            assert child.stdin is not None
            os.set_blocking(child.stdin.fileno(), False)
            if self._stopping.is_set():
                child.stdin.close()
        assert child.stdout is not None
        with child.stdout, open(child.stdout.fileno(), closefd=False, encoding="utf-8") as said:
            for line in said:
                self._hear(line.rstrip("\n"))
        with self._lock:
            self._child = None
            child.stdin.close()
        child.wait()
        if not self._stopping.is_set() and self._progress.failure is None:
            self._progress.failed(Unavailable("The process that makes profiles stopped; another is started."))

    def _hear(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == _AT:
            self._progress.reached(int(rest))
        elif word == _FAILING:
            self._progress.failed(Unavailable(rest))
        elif word == _DAMAGED:
            self._progress.failed(Damaged(rest))
            self._stopping.set()


def work_for_parent(worker: Worker, heard: int = 0, said: int = 1) -> None:
    """The child: works until its parent's end of `heard` closes; says on `said` how far it is."""

    def say(word: str, what: object) -> None:
        os.write(said, f"{word} {what}".replace("\n", " ").encode() + b"\n")

    # Where the parent is gone, nobody hears what the batch at hand came to, and that is the end as well.
    with contextlib.suppress(BrokenPipeError):
        _work(worker, heard, say)


def _work(worker: Worker, heard: int, say: Callable[[str, object], None]) -> None:
    news = True
    while True:
        pause = 0.0
        try:
            taken = worker.run_once()
            if taken or news:
                say(_AT, worker.offset)
            news = False
            pause = 0.0 if taken else PAUSE_SECONDS
        except Unavailable as error:
            say(_FAILING, error)
            news, pause = True, PAUSE_AFTER_FAILURE_SECONDS
        except OnefoldError as error:
            say(_DAMAGED, error)
            return
        if can_read(heard, pause) and not os.read(heard, 65_536):
            return
