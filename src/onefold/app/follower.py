"""A process of its own that takes the log into the state while another one loads: two cores instead of one.

The parent says `finish` when it will append no more; the child works to the end and answers with how far it
came. When the parent dies the connection breaks, and the child ends after the batch at hand: nothing is lost,
since the state continues from its offset.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.contracts import read_published
from onefold.app.folder import DataFolder, read_folder
from onefold.app.rooms import worker_of
from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.record.contracts.registry import Contracts
from onefold.record.log.seal import Sealer

FINISH = "finish"
_PAUSE_SECONDS = 0.02
_END_SECONDS = 5.0


class Follower:
    """The parent's side."""

    def __init__(self, process: multiprocessing.process.BaseProcess, connection: Connection) -> None:
        self._process = process
        self._connection = connection

    def check(self) -> None:
        """`Unavailable`, with what it said last, when the child has ended before it was told to."""
        if self._connection.poll():
            self._raise(self._receive())

    def finish(self, watch_seconds: float) -> bool:
        """Tells the child to end at the end of the log; whether it has, within so many seconds.

        Call it until it has.
        """
        if self._process.is_alive() and not self._told:
            self._connection.send(FINISH)
            self._told = True
        if not self._connection.poll(watch_seconds):
            return False
        said = self._receive()
        if said:
            self._raise(said)
        self._process.join(_END_SECONDS)
        return True

    _told = False

    def stop(self) -> None:
        """Ends the child after the batch at hand."""
        self._connection.close()
        self._process.join(_END_SECONDS)
        if self._process.is_alive():
            self._process.terminate()

    def _receive(self) -> str:
        try:
            return str(self._connection.recv())
        except EOFError:
            return "It ended without a word; is there enough memory?"

    def _raise(self, said: str) -> None:
        raise Unavailable(
            "The process that makes profiles stopped.",
            detail=said,
            hint="What was loaded is safe in the log; load again and it goes on from there.",
        )


@contextmanager
def following(folder: DataFolder) -> Iterator[Follower]:
    """A child that follows the log of a folder until the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=follow, args=(str(folder.root), theirs), name="onefold-follower", daemon=True
    )
    process.start()
    theirs.close()
    follower = Follower(process, ours)
    try:
        yield follower
    finally:
        follower.stop()


def follow(root: str, connection: Connection) -> None:
    """The child: works until it is told to finish, then to the end of the log."""
    # Ctrl-C goes to the whole group; the parent decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder = read_folder(Path(root))
    try:
        keys = KeyFiles(folder.keys)
        sealer = Sealer(SqliteSubjectKeys(folder.subject_keys, keys.custody(), create=False), os.urandom)
        contracts = Contracts(keys.cell_key(folder.cell), read_published(folder.contracts))
        with worker_of(folder, sealer, contracts) as worker:
            finishing = False
            while True:
                if not finishing and connection.poll():
                    finishing = _asked_to_finish(connection)
                    if not finishing:
                        return
                if not worker.run_once():
                    if finishing:
                        break
                    connection.poll(_PAUSE_SECONDS)
        connection.send("")
    except OnefoldError as error:
        connection.send(str(error))


def _asked_to_finish(connection: Connection) -> bool:
    """False when the parent is gone."""
    try:
        return bool(connection.recv() == FINISH)
    except (EOFError, ConnectionResetError):
        return False
