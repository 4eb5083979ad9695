"""What controllers were told of their requests: a ledger beside the register, and what is still to be told.

What is to be told is never queued: it is what the register says and this ledger does not, so nothing is lost
where a process dies, and what was sent and not yet written down is sent again (at least once). Each address
of a request is told every change in order: a later one waits for those before. A change that was tried for
days and could not be told is given up, which the ledger says as well. A process counts these days from the
first try of its own that failed, at the address or its host: while nobody is called, nothing fails.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from enum import StrEnum

import msgspec

from onefold.kernel.errors import Damaged
from onefold.record.log.ports import SegmentReader
from onefold.record.log.service import GroupCommit
from onefold.record.requests.model import Step, SubjectRequest

GIVE_UP_MS = 7 * 86_400_000
FIRST_SECONDS, MOST_SECONDS = 15.0, 6 * 3600.0
_WINDOW = 500


class OpenDsrStatus(StrEnum):
    """Where a request stands in the words of OpenDSR (section 8), which has none for a refusal or a hold."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


STATUS_AFTER = {
    Step.RECEIVED: OpenDsrStatus.PENDING,
    Step.BEGUN: OpenDsrStatus.IN_PROGRESS,
    Step.COMPLETED: OpenDsrStatus.COMPLETED,
    Step.REFUSED: OpenDsrStatus.CANCELLED,
    Step.CANCELLED: OpenDsrStatus.CANCELLED,
}
"""The steps that change it."""


class Result(StrEnum):
    """How telling one change to one address ended."""

    TOLD = "told"
    GIVEN_UP = "given_up"


class Told(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record: that an address, by its place among those of the request, knows a change or never will.

    `step` is the place of the change among the request's steps.
    """

    cell: str
    request: str
    url: int
    step: int
    at: int
    result: Result


class Due(msgspec.Struct, frozen=True):
    """One change that one address is still to be told."""

    request: SubjectRequest
    url: int
    step: int
    status: OpenDsrStatus

    @property
    def key(self) -> tuple[str, int]:
        """The request and the address."""
        return self.request.id, self.url

    @property
    def address(self) -> str:
        """Where."""
        return self.request.callbacks[self.url]

    @property
    def since(self) -> int:
        """When it happened."""
        return self.request.steps[self.step].at


def changes_of(request: SubjectRequest) -> list[tuple[int, OpenDsrStatus]]:
    """Each change of status: the place of its step, and the status from then on."""
    found: list[tuple[int, OpenDsrStatus]] = []
    for place, it in enumerate(request.steps):
        status = STATUS_AFTER.get(it.step)
        if status is not None and (not found or found[-1][1] is not status):
            found.append((place, status))
    return found


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Told).decode


class TellingLedger:
    """The ledger of one cell, read when it opens; thread-safe."""

    def __init__(self, cell: str, commit: GroupCommit, reader: SegmentReader) -> None:
        self._cell = cell
        self._commit = commit
        self._guard = threading.Lock()
        self._last: dict[tuple[str, int], int] = {}
        after = 0
        while batch := reader.read(after, _WINDOW):
            for record in batch:
                self._take(_decoded(record.sequence, record.header))
            after = batch[-1].sequence

    def due(self, requests: Iterable[SubjectRequest]) -> list[Due]:
        """The first change that each address does not know, the oldest first."""
        found = []
        with self._guard:
            for request in requests:
                for url in range(len(request.callbacks)):
                    last = self._last.get((request.id, url), -1)
                    fresh = next((it for it in changes_of(request) if it[0] > last), None)
                    if fresh is not None:
                        found.append(Due(request, url, *fresh))
        return sorted(found, key=lambda it: (it.since, it.key))

    def mark(self, due: Due, result: Result, at: int) -> None:
        """Writes down how it ended, durably."""
        told = Told(self._cell, due.request.id, due.url, due.step, at, result)
        with self._guard:
            self._commit.append([(_ENCODE(told), b"")])
            self._take(told)

    def _take(self, it: Told) -> None:
        key = it.request, it.url
        self._last[key] = max(it.step, self._last.get(key, -1))


class Pace:
    """When something that failed is tried again: later each time, up to six hours; and since when it fails.

    A restart forgets all of it.

    `monotonic` tells seconds. Keys are addresses of requests, and hosts that did not answer at all.
    """

    def __init__(self, monotonic: Callable[[], float], first_seconds: float = FIRST_SECONDS) -> None:
        self._monotonic = monotonic
        self._first = first_seconds
        self._waits: dict[object, tuple[float, float]] = {}
        self._since: dict[object, float] = {}

    def lets(self, *keys: object) -> bool:
        """Whether none of them has to wait."""
        now = self._monotonic()
        return all(self._waits.get(it, (0.0, now))[1] <= now for it in keys)

    def failed(self, *keys: object) -> None:
        """They wait twice as long as the last time."""
        for it in keys:
            before = self._waits.get(it, (self._first / 2, 0.0))[0]
            seconds = min(MOST_SECONDS, before * 2)
            now = self._monotonic()
            self._waits[it] = seconds, now + seconds
            self._since.setdefault(it, now)

    def worked(self, *keys: object) -> None:
        """They need not wait any more, and do not fail."""
        for it in keys:
            self._waits.pop(it, None)
            self._since.pop(it, None)

    def failing_ms(self, *keys: object) -> int:
        """For how long one of them has failed by now, whichever has longest; none: 0."""
        now = self._monotonic()
        return max(int(1000 * (now - self._since.get(it, now))) for it in keys)


def _decoded(sequence: int, header: bytes) -> Told:
    try:
        return _DECODE(header)
    except msgspec.MsgspecError as error:
        raise Damaged("The ledger of callbacks cannot be read.", detail=f"Record {sequence}.") from error
