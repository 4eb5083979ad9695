"""The worker on a thread of its own: woken when something is appended, waited for by who must be sure."""

from __future__ import annotations

from threading import Event, Thread

from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.runtimes.embedded.progress import Progress
from onefold.runtimes.embedded.worker import Worker

PAUSE_SECONDS = 0.05
PAUSE_AFTER_FAILURE_SECONDS = 0.5


class WorkerThread:
    """Runs a worker until it is stopped; tries again what is unavailable, ends at damage or a bug."""

    def __init__(self, worker: Worker, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._worker = worker
        self._pause_seconds = pause_seconds
        self._stopping = Event()
        self._woken = Event()
        self._progress = Progress(worker.offset)
        self._thread = Thread(target=self._run, name="onefold-worker", daemon=True)

    def start(self) -> None:
        """Begins to work; once."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 30.0) -> None:
        """Lets the batch at hand be committed, then ends; `Unavailable` if that takes too long."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout_seconds)
        if self._thread.is_alive():
            raise Unavailable("The worker did not stop in time.", hint="The state is safe; end the process.")

    def wake(self) -> None:
        """Says that the log has grown, so that the worker need not find out by itself."""
        self._woken.set()

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
                self._turn()
        finally:
            self._progress.ended()

    def _turn(self) -> None:
        """One batch, or a pause where there is nothing to do."""
        self._woken.clear()
        try:
            taken = self._worker.run_once()
        except Unavailable as error:
            self._progress.failed(error)
            self._stopping.wait(PAUSE_AFTER_FAILURE_SECONDS)
            return
        except OnefoldError as error:
            self._progress.failed(error)
            self._stopping.set()
            return
        self._progress.reached(self._worker.offset)
        if not taken:
            self._woken.wait(self._pause_seconds)
