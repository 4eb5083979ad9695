"""Contracts that are published while a folder is open: taken in, logged and audited, without a restart.

Whoever publishes need not have the folder open, and only one process writes the audit at a time. So what a
version came to is kept beside the contracts, and goes into the audit, once, by whoever has the folder open.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from onefold.app.beside import beside
from onefold.app.contracts import ADOPTED, Published
from onefold.app.folder import DataFolder
from onefold.kernel.errors import OnefoldError
from onefold.record.audit.model import AuditFilter
from onefold.record.contracts.lifecycle import UNBORN
from onefold.record.contracts.registry import BUILTIN, published_row
from onefold.record.contracts.withheld import told
from onefold.record.intake.model import Offered
from onefold.usecases.rooms import Rooms

LOOK_SECONDS = 1.0
KIND = "contract"
PUBLISH, ADOPT = "publish_contract", "adopt_correction"


def say_which_contracts_are_live(rooms: Rooms) -> None:
    """A fact in the log for each version that ever took data; said again it changes nothing."""
    live = [it for it in rooms.contracts.all() if it.source != BUILTIN and it.status not in UNBORN]
    rows = [Offered(row=published_row(it)) for it in live]
    if rows:
        rooms.door.offer(BUILTIN, "contract", rows)


def audit_statuses(rooms: Rooms, published: Published) -> None:
    """A record in the audit for each status that a version came to, and each correction put in force."""
    known = set(_audited(rooms))
    for it in published.history():
        told = {"source": it.source, "version": it.version, "on": it.at}
        if (it.source, it.version, it.status, it.at) not in known:
            rooms.audit.record(
                KIND,
                actor=it.by or "unknown",
                action=ADOPT if it.status == ADOPTED else PUBLISH,
                outcome=it.status,
                details=told,
                said=it.reason,
            )


def _audited(rooms: Rooms) -> Iterator[tuple[str, str, str, str]]:
    """What the audit has already: source, version, status, and when it came to it."""
    wanted, cursor = AuditFilter(kind=KIND), ""
    while True:
        found = rooms.audit.page(wanted, cursor=cursor, limit=500)
        for it in found.items:
            yield it.details["source"], it.details["version"], it.outcome, it.details["on"]
        if found.next is None:
            return
        cursor = found.next


def tell_what_is_withheld(rooms: Rooms) -> None:
    """Logs, for each contract in force, what its map shows to more people than is allowed since."""
    for source in rooms.contracts.sources():
        for said in told(rooms.contracts.latest(source).contract):
            structlog.get_logger("onefold.contracts").warning("withheld", source=source, hint=said)


def take_in(rooms: Rooms, published: Published) -> bool:
    """Takes in what was published since; whether anything was."""
    fresh = rooms.contracts.refresh()
    if fresh:
        say_which_contracts_are_live(rooms)
        rooms.barrier.wake()
    audit_statuses(rooms, published)
    return fresh


@contextmanager
def taking_in_contracts(rooms: Rooms, folder: DataFolder) -> Iterator[None]:
    """Looks every second whether something was published; what cannot be used is logged and left out."""
    published = Published(folder.contracts)
    tell_what_is_withheld(rooms)

    def run(stopping: threading.Event) -> None:
        # What was published since the rooms were opened is not known, so the first look takes in always.
        known: tuple[tuple[str, int, int], ...] | None = None
        while not stopping.wait(LOOK_SECONDS):
            now = published.fingerprint()
            if now == known:
                continue
            try:
                take_in(rooms, published)
                known = now
            except OnefoldError as error:
                structlog.get_logger("onefold.contracts").error(
                    "contracts_not_taken_in", code=error.code, detail=str(error)
                )
                known = now

    with beside("onefold-contracts", run):
        yield
