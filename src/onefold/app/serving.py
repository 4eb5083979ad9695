"""Serving a data folder over HTTP from this process: rooms, worker thread, console, checkpoints."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.app.folder import DataFolder
from onefold.app.publishing import taking_in_contracts
from onefold.app.rooms import Opened, open_rooms
from onefold.app.scheduling import scheduled
from onefold.channels.api.application import create_application
from onefold.channels.api.server import serve as serve_http
from onefold.channels.api.tokens import Tokens

CHECKPOINT_SECONDS = 5.0
REPOSITORY = Path(__file__).resolve().parents[3]


def serve(
    folder: DataFolder, host: str, port: int, *, ready: Callable[[], None], secure: bool = False
) -> None:
    """Serves until it is told to stop; then answers what is under way, signs a checkpoint and lets go."""
    with (
        open_rooms(folder, processes=True) as opened,
        _signing(opened),
        taking_in_contracts(opened.rooms, folder),
        scheduled(folder, opened.rooms),
    ):
        secret, ended = KeyFiles(folder.keys).session_secret(), EndedSessionsFile(folder.root)
        tokens = Tokens(secret, str(folder.cell), opened.rooms.clock, ended)
        console = REPOSITORY / "web" / "dist"
        application = create_application(
            opened.rooms, tokens, console=console, secure=secure, origins=folder.origins
        )
        # What is open now lives as long as the process. Without this each full collection walks through all
        # of it again, and every request waits for that.
        gc.collect()
        gc.freeze()
        serve_http(application, host, port, ready=ready)


@contextmanager
def _signing(opened: Opened) -> Iterator[None]:
    """Signs checkpoints while nothing is written, too."""
    stopping = threading.Event()

    def run() -> None:
        while not stopping.wait(CHECKPOINT_SECONDS):
            opened.checkpoint_if_due()
            opened.index_audit()

    thread = threading.Thread(target=run, name="onefold-checkpoints", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
