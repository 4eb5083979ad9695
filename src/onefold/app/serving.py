"""Serving a data folder over HTTP from this process: rooms, worker thread, console, checkpoints."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.adapters.files.session_keys import SessionKeyFiles
from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.app.beside import beside
from onefold.app.collecting import settle_down
from onefold.app.consuming import consuming
from onefold.app.ending import ending_biometrics
from onefold.app.entering import proxies, requests_a_minute
from onefold.app.folder import DataFolder
from onefold.app.model_records import NotesFollower
from onefold.app.processor import telling
from onefold.app.publishing import taking_in_contracts
from onefold.app.readings import shelf_of
from onefold.app.rooms import Opened, open_rooms
from onefold.app.scheduling import scheduled
from onefold.app.switching import switch_often
from onefold.channels.api.application import create_application
from onefold.channels.api.server import serve as serve_http
from onefold.channels.api.tokens import Tokens

CHECKPOINT_SECONDS = 5.0
INDEX_RECORDS = 50
INDEX_PAUSE_SECONDS = 0.02
REPOSITORY = Path(__file__).resolve().parents[3]


def serve(
    folder: DataFolder,
    host: str,
    port: int,
    *,
    ready: Callable[[], None],
    secure: bool = False,
    tls: tuple[Path, Path] | None = None,
) -> None:
    """Serves until it is told to stop; then answers what is under way, signs a checkpoint and lets go.

    Where a state was built to take the place of the one in use, it lets go as well, goes over to it, and goes
    on. Who asks meanwhile finds nobody for a few seconds, and tries again.
    """
    while _served(folder, host, port, ready=ready, secure=secure, tls=tls):
        ready = _nothing


def _nothing() -> None:
    """It was said already that we are there."""


def _served(
    folder: DataFolder,
    host: str,
    port: int,
    *,
    ready: Callable[[], None],
    secure: bool,
    tls: tuple[Path, Path] | None,
) -> bool:
    """Serves once; whether to go on with another state."""
    with (
        open_rooms(folder, processes=True) as opened,
        _signing(opened, NotesFollower(opened.rooms.audit, shelf_of(folder))),
        taking_in_contracts(opened.rooms, folder),
        scheduled(folder, opened.rooms),
        consuming(folder, opened.rooms),
        telling(folder, opened.rooms),
        ending_biometrics(folder, opened.rooms),
    ):
        keys, ended = SessionKeyFiles(folder.keys), EndedSessionsFile(folder.root)
        keys.signing()  # A missing key is told now, not to the first who signs in.
        tokens = Tokens(keys, str(folder.cell), opened.rooms.clock, ended)
        console = REPOSITORY / "web" / "dist"
        application = create_application(
            opened.rooms,
            tokens,
            console=console,
            secure=secure or tls is not None,
            origins=folder.origins,
            proxies=proxies(folder),
            requests_a_minute=requests_a_minute(folder),
        )
        opened.wait_for_cutters()
        settle_down()
        switch_often()
        return serve_http(application, host, port, ready=ready, over=folder.next_state.exists, tls=tls)


def _index_audit(opened: Opened, stopping: threading.Event) -> None:
    """Takes in what is new a little at a time: whoever is answered meanwhile waits for one piece at most.

    All at once, two thousand records held everybody up for a seventh of a second.
    """
    until = time.monotonic() + CHECKPOINT_SECONDS
    while opened.index_audit(INDEX_RECORDS) and time.monotonic() < until:
        if stopping.wait(INDEX_PAUSE_SECONDS):
            return


@contextmanager
def _signing(opened: Opened, notes: NotesFollower) -> Iterator[None]:
    """Signs checkpoints while nothing is written, too."""

    def run(stopping: threading.Event) -> None:
        opened.keys.look_quietly()  # What a crash left under a former key is moved now.
        while not stopping.wait(CHECKPOINT_SECONDS):
            opened.checkpoint_if_due()
            _index_audit(opened, stopping)
            opened.forget_what_is_over()
            opened.count_turned_away()
            notes.look()
            opened.keys.look_quietly()

    try:
        with beside("onefold-checkpoints", run):
            yield
    finally:
        opened.count_turned_away(last=True)
