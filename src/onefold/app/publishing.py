"""Contracts that are published while a folder is open: taken in, and said in the log, without a restart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from onefold.app.contracts import Published
from onefold.app.folder import DataFolder
from onefold.kernel.errors import OnefoldError
from onefold.record.contracts.lifecycle import UNBORN
from onefold.record.contracts.registry import BUILTIN, published_row
from onefold.record.intake.model import Offered
from onefold.usecases.rooms import Rooms

LOOK_SECONDS = 1.0


def say_which_contracts_are_live(rooms: Rooms) -> None:
    """A fact in the log for each version that ever took data; said again it changes nothing."""
    live = [it for it in rooms.contracts.all() if it.source != BUILTIN and it.status not in UNBORN]
    rows = [Offered(row=published_row(it)) for it in live]
    if rows:
        rooms.door.offer(BUILTIN, "contract", rows)


def take_in(rooms: Rooms) -> bool:
    """Takes in what was published since; whether anything was."""
    fresh = rooms.contracts.refresh()
    if fresh:
        say_which_contracts_are_live(rooms)
        rooms.barrier.wake()
    return fresh


@contextmanager
def taking_in_contracts(rooms: Rooms, folder: DataFolder) -> Iterator[None]:
    """Looks every second whether something was published; what cannot be used is logged and left out."""
    stopping = threading.Event()
    published = Published(folder.contracts)

    def run() -> None:
        known = published.fingerprint()
        while not stopping.wait(LOOK_SECONDS):
            now = published.fingerprint()
            if now == known:
                continue
            try:
                take_in(rooms)
                known = now
            except OnefoldError as error:
                structlog.get_logger().error("contracts_not_taken_in", code=error.code, detail=str(error))
                known = now

    thread = threading.Thread(target=run, name="onefold-contracts", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
