"""Group commit: many threads append, one of them writes for all who wait and syncs once.

A sync takes as long for one frame as for a thousand. So whoever finds nobody writing becomes the leader,
takes everything that is waiting, writes it as one group and wakes its owners; what arrived meanwhile gets
its first waiter as the next leader. There is no thread of its own and no timer: a lone writer pays one
sync and nothing else, and under load groups grow by themselves to what arrives during a sync.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from onefold.kernel.errors import OnefoldError, Unavailable
from onefold.record.log.ports import SegmentWriter

GROUP_BYTES_MAX = 8 * 1024 * 1024
WAITING_BYTES_MAX = 64 * 1024 * 1024


class _Ticket:
    """One caller's entries and what became of them; `wake` is released when there is news."""

    __slots__ = ("done", "entries", "error", "last", "leads", "size", "wake")

    def __init__(self, entries: Sequence[tuple[bytes, bytes]], size: int) -> None:
        self.entries = entries
        self.size = size
        self.done = False
        self.leads = False
        self.last = 0
        self.error: OnefoldError | None = None
        self.wake = threading.Lock()
        self.wake.acquire()

    def result(self) -> int:
        if self.error is not None:
            raise self.error
        return self.last


class GroupCommit:
    """Thread-safe `append` over the single writer of a log.

    `waiting_bytes_max` bounds what may wait: above it a caller is turned away with `Unavailable` instead of
    piling up memory. A single append larger than a group is written as a group of its own.
    """

    def __init__(
        self,
        writer: SegmentWriter,
        *,
        group_bytes_max: int = GROUP_BYTES_MAX,
        waiting_bytes_max: int = WAITING_BYTES_MAX,
    ) -> None:
        self._writer = writer
        self._group_bytes_max = group_bytes_max
        self._waiting_bytes_max = waiting_bytes_max
        self._guard = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._waiting_bytes = 0
        self._led = False

    @property
    def last_sequence(self) -> int:
        """The last durable sequence of the log; 0 when empty."""
        return self._writer.last_sequence

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """Returns the sequence of the last entry once all of them are durable; they stand side by side.

        `Unavailable`: none was acknowledged (full queue, full or failing disk); try again after
        `retry_after_seconds`.
        """
        if not entries:
            return self._writer.last_sequence
        ticket = _Ticket(entries, sum(len(header) + len(payload) for header, payload in entries))
        with self._guard:
            if self._waiting and self._waiting_bytes + ticket.size > self._waiting_bytes_max:
                raise Unavailable(
                    "Too much is waiting to be written.",
                    retry_after_seconds=1,
                    hint="Send it again a little later.",
                )
            self._waiting.append(ticket)
            self._waiting_bytes += ticket.size
            leads = not self._led
            self._led = True
            ticket.leads = leads
        try:
            if not leads:
                ticket.wake.acquire()
            while not ticket.done:
                self._lead()
        finally:
            if not ticket.done:
                self._give_up(ticket)
        return ticket.result()

    def _lead(self) -> None:
        """Writes one group, wakes its owners, and hands the lead to the first who still waits."""
        group: list[_Ticket] = []
        error: OnefoldError | None = Unavailable("Writing to the log was interrupted.", retry_after_seconds=1)
        last = 0
        try:
            group = self._take()
            last = self._writer.append([entry for ticket in group for entry in ticket.entries])
            error = None
        except OnefoldError as failure:
            error = failure
        finally:
            # Also on KeyboardInterrupt: those who wait for this leader must not wait for ever.
            self._finish(group, last, error)

    def _take(self) -> list[_Ticket]:
        with self._guard:
            size = 0
            count = 0
            for ticket in self._waiting:
                if count and size + ticket.size > self._group_bytes_max:
                    break
                size += ticket.size
                count += 1
            group = self._waiting[:count]
            del self._waiting[:count]
            self._waiting_bytes -= size
            return group

    def _finish(self, group: list[_Ticket], last: int, error: OnefoldError | None) -> None:
        sequence = last - sum(len(ticket.entries) for ticket in group)
        for ticket in group:
            sequence += len(ticket.entries)
            ticket.last = sequence
            ticket.error = error
            ticket.done = True
        with self._guard:
            self._hand_on()
        for ticket in group:
            ticket.wake.release()

    def _hand_on(self) -> None:
        """Makes the first who waits the leader; with nobody there, the next caller will be."""
        self._led = bool(self._waiting)
        if self._led:
            heir = self._waiting[0]
            heir.leads = True
            heir.wake.release()

    def _give_up(self, ticket: _Ticket) -> None:
        """The caller was interrupted while waiting: it is not written, and leads nobody any more."""
        with self._guard:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                self._waiting_bytes -= ticket.size
                if ticket.leads:
                    self._hand_on()
