"""The register of requests: a log of its own, append-only and synced, from which every request is folded.

It is apart from the log of events because nothing in it is about what sources said: a replay does not touch
it, and an erasure need not, since it holds ids and words of ours alone.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from onefold.kernel.errors import Damaged, NotFound
from onefold.kernel.time import day_of
from onefold.record.log.ports import SegmentReader
from onefold.record.log.service import GroupCommit
from onefold.record.requests.model import Happened, Step, SubjectRequest
from onefold.record.requests.rules import RequestKnown, after, check

_WINDOW = 500
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Happened).decode


class RequestRegister:
    """The requests of one cell, read when it opens; thread-safe."""

    def __init__(self, cell: str, commit: GroupCommit, reader: SegmentReader) -> None:
        self._cell = cell
        self._commit = commit
        self._guard = threading.Lock()
        self._requests: dict[str, SubjectRequest] = {}
        self._calling: set[str] = set()
        last = 0
        while batch := reader.read(last, _WINDOW):
            for record in batch:
                it = _decoded(record.sequence, record.header)
                self._keep(after(self._requests.get(it.request), it))
            last = batch[-1].sequence

    def take(self, it: Happened, said: Callable[[], object] = lambda: None) -> SubjectRequest:
        """The request with one more step, once that is durable; the first step makes it.

        `said` is called when the step may be taken and before it is: where it fails, nothing was taken. The
        same request received again is the one that is there. `RequestKnown` where it says something else,
        `NotFound` for a step of a request nobody has, `RequestStands` where the step may not be taken.
        """
        it = msgspec.structs.replace(it, cell=self._cell)
        with self._guard:
            known = self._requests.get(it.request)
            if it.step is Step.RECEIVED:
                if known is not None:
                    return _same(known, it)
            elif known is None:
                raise NotFound("There is no such request.", hint="The list of requests has those there are.")
            else:
                check(known, it, day_of(it.at))
            said()
            self._commit.append([(_ENCODE(it), b"")])
            found = after(known, it)
            self._keep(found)
            return found

    def _keep(self, request: SubjectRequest) -> None:
        self._requests[request.id] = request
        if request.callbacks:
            self._calling.add(request.id)

    def calling(self) -> list[SubjectRequest]:
        """Those whose controllers want to be told how they stand, in no order."""
        with self._guard:
            return [self._requests[it] for it in self._calling]

    def find(self, request_id: str) -> SubjectRequest:
        """One request; `NotFound`."""
        with self._guard:
            found = self._requests.get(request_id)
        if found is None:
            raise NotFound("There is no such request.", hint="The list of requests has those there are.")
        return found

    def all(self) -> list[SubjectRequest]:
        """Every request: those that are open by the day they are due, then the others, the newest first."""
        with self._guard:
            found = list(self._requests.values())
        waiting = sorted(
            (it for it in found if it.is_open), key=lambda it: (it.due_on, it.received_at, it.id)
        )
        ended = [it for it in found if not it.is_open]
        return waiting + sorted(ended, key=lambda it: (it.steps[-1].at, it.id), reverse=True)


def _same(known: SubjectRequest, it: Happened) -> SubjectRequest:
    """The request that is there, where the other says the same."""
    first, said = known.steps[0].received, it.received
    assert first is not None
    assert said is not None
    mine = (first.kind, first.customer, first.asker, first.purposes, first.callbacks)
    if mine != (said.kind, said.customer, said.asker, said.purposes, said.callbacks):
        raise RequestKnown(
            "There is another request of that id.", hint="Give each request an id of its own (UUID v4)."
        )
    return known


def _decoded(sequence: int, header: bytes) -> Happened:
    try:
        return _DECODE(header)
    except msgspec.MsgspecError as error:
        raise Damaged("The register of requests cannot be read.", detail=f"Record {sequence}.") from error
