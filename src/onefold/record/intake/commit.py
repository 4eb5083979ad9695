"""Where rows of a cell become true: dedup, seal, append, index, in this order, one group at a time.

Many threads submit prepared rows. Whoever gets the lock takes all that wait and settles them together, so
under load a group grows by itself and shares one sync. Nothing is told to anybody before the log (and the
quarantine) have it durable. The index is changed last, within one transaction that opened first: if the
append fails it is undone; if the process dies between, the next start reads the headers it missed.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence

from onefold.kernel.errors import OnefoldError, Refused, Unavailable
from onefold.kernel.time import Clock
from onefold.record.contracts.errors import REFUSALS, Reason
from onefold.record.contracts.registry import Contracts
from onefold.record.erasure.ports import ErasedIds
from onefold.record.intake.frames import to_frames
from onefold.record.intake.index import catch_up
from onefold.record.intake.model import (
    EVENT_IDS_MAX,
    HELD,
    Fault,
    Outcome,
    Prepared,
    Receipt,
    Row,
    Stated,
    Tally,
    Turned,
)
from onefold.record.intake.ports import DoorIndex, DurableAppend, IndexWork
from onefold.record.intake.quarantine import Quarantine
from onefold.record.intake.rules import Settled, Snapshots, is_seen, settle, snapshot_key
from onefold.record.intake.runs import Run
from onefold.record.log.ports import SegmentReader, SubjectKeys
from onefold.record.log.seal import Sealer

GROUP_ROWS_MAX = 20_000

FaultOf = Callable[[Prepared, Reason, int], Fault]
"""Makes the fault of an event that contradicts what came before; the number is the row's line."""


class _Ticket:
    """One caller's rows of one source, and what became of them."""

    __slots__ = ("done", "error", "receipt", "rows", "run", "source")

    def __init__(self, source: str, rows: Sequence[Row], run: Run) -> None:
        self.source = source
        self.run = run
        self.rows = rows
        self.receipt = Receipt(Tally())
        self.error: OnefoldError | None = None
        self.done = False


class Committer:
    """Thread-safe `submit` for one cell. It must be the only one that appends to this log."""

    def __init__(
        self,
        cell: str,
        contracts: Contracts,
        sealer: Sealer,
        keys: SubjectKeys,
        log: DurableAppend,
        reader: SegmentReader,
        quarantine: Quarantine,
        index: DoorIndex,
        clock: Clock,
        fault_of: FaultOf,
        erased: ErasedIds,
    ) -> None:
        self._cell = cell
        self._contracts = contracts
        self._sealer = sealer
        self._keys = keys
        self._log = log
        self._reader = reader
        self._quarantine = quarantine
        self._index = index
        self._clock = clock
        self._fault_of = fault_of
        self._erased = erased
        self._lock = threading.Lock()
        self._guard = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._stale = True

    def submit(self, source: str, rows: Sequence[Row], run: Run) -> Receipt:
        """Returns once every row is accounted for, durably; `Unavailable`: none was, send them again."""
        ticket = _Ticket(source, rows, run)
        with self._guard:
            self._waiting.append(ticket)
        with self._lock:
            while not ticket.done:
                self._lead()
        if ticket.error is not None:
            raise ticket.error
        return ticket.receipt

    def pause(self) -> None:
        """Returns when whatever was being settled at the call has been, with all it brought in the log."""
        with self._lock:
            return

    def refresh(self) -> None:
        """Brings the index up to the log now, so that the first delivery need not wait for it."""
        with self._lock:
            self._catch_up()

    def last_stated(self, object_name: str, fragment_ids: Sequence[bytes]) -> dict[bytes, Stated]:
        """What an object last stated of each fragment, by all that the log has; unknown ones absent."""
        with self._lock:
            self._catch_up()
            return self._index.snapshots(object_name, fragment_ids)

    def _catch_up(self) -> None:
        if self._stale:
            catch_up(self._index, self._reader, self._quarantine, self._contracts)
            self._stale = False

    def _lead(self) -> None:
        """Settles what waits, up to a group; what is left over finds its leader in whoever waits for it."""
        group = self._take()
        error: OnefoldError | None = Unavailable("Writing was interrupted.", retry_after_seconds=1)
        try:
            self._catch_up()
            self._settle(group)
            error = None
        except OnefoldError as failure:
            error = failure
        finally:
            # Also on KeyboardInterrupt: nobody may take rows for done that are not.
            self._stale = self._stale or error is not None
            for ticket in group:
                ticket.error = error
                ticket.done = True

    def _take(self) -> list[_Ticket]:
        with self._guard:
            count = rows = 0
            for ticket in self._waiting:
                if count and rows + len(ticket.rows) > GROUP_ROWS_MAX:
                    break
                rows += len(ticket.rows)
                count += 1
            group = self._waiting[:count]
            del self._waiting[:count]
            return group

    def _settle(self, group: list[_Ticket]) -> None:
        rows = [(ticket, row) for ticket in group for row in ticket.rows]
        now = self._clock.now_ms()
        with self._index.work() as work:
            events = [row.events for _, row in rows if row.events]
            settled, sealed = self._decide(events, work, now)
            told = self._tell(rows, settled)
            self._hold(rows, told, work, now)
            before = self._index.log_offset
            sequence = self._log.append(sealed) if sealed else self._log.last_sequence
            if sealed and sequence == before + len(sealed):
                work.move(log=sequence)
            elif sealed:
                # Somebody else appended between: read the headers before the next group is settled.
                self._stale = True
            work.release(settled.released)
            _remember(settled, work)
            self._count(rows, told, settled, work, now)
        for ticket in group:
            ticket.receipt.sequence = sequence
            ids = [event.event_id for row in ticket.rows for event in row.events]
            ticket.receipt.event_ids = tuple(ids) if len(ids) <= EVENT_IDS_MAX else ()

    def _decide(
        self, rows: Sequence[tuple[Prepared, ...]], work: IndexWork, now: int
    ) -> tuple[Settled, list[tuple[bytes, bytes]]]:
        """What becomes of the rows, and the sealed frames of those that are let in."""
        every = [event for events in rows for event in events]
        known = _known(every, work)
        told = {event.event_id: seen for event in every if (seen := is_seen(event, known)) is not None}
        unseen = {event_id for event_id, seen in told.items() if not seen}
        fresh = work.claim([(it.day, it.event_id) for it in every if it.event_id not in told]) | unseen
        new = [event for event in every if event.event_id in fresh]
        subjects = {event.subject_id for event in new}
        while True:
            erased = self._gone(subjects, new)
            settled = settle(rows, fresh, known, erased)
            try:
                sealed = self._sealer.seal(to_frames(settled.accepted, self._cell, now))
                work.claim([(it.day, it.event_id) for it in settled.accepted if it.event_id in unseen])
                settled.released = [it for it in settled.released if it[1] not in unseen]
                return settled, sealed
            except Refused:
                # Erased between the question and the seal. The next answer knows it.
                if erased == subjects:
                    raise

    def _gone(self, subjects: set[bytes], events: Sequence[Prepared]) -> frozenset[bytes]:
        """The subjects and fragments among these of which nothing is taken any more.

        The ledger is asked before the keys: for somebody it names no key is ever made.
        """
        refused = self._erased.refused
        named = subjects & refused if refused else set()
        lost = subjects - named
        if lost:
            lost = lost.difference(self._keys.obtain(list(lost)))
        if refused:
            named |= {event.fragment_id for event in events} & refused
        return frozenset(lost | named)

    def _tell(self, rows: Sequence[tuple[_Ticket, Row]], settled: Settled) -> list[Outcome | Fault]:
        """Per row: what became of it, or the fault it has or turned out to have."""
        if all(row.fault is None and row.events for _, row in rows):
            plain: list[Outcome | Fault] = list(settled.outcomes)
            for number, (event, reason) in settled.faults.items():
                plain[number] = self._fault_of(event, reason, rows[number][1].line)
            return plain
        outcomes = iter(enumerate(settled.outcomes))
        told: list[Outcome | Fault] = []
        for _, row in rows:
            if row.told is not None:
                told.append(row.told)
                continue
            number, outcome = next(outcomes) if row.events else (0, Outcome.FAULT)
            if row.fault is not None:
                # What else the row says may be let in all the same; it counts once, for its fault.
                told.append(row.fault)
            elif outcome is Outcome.FAULT:
                event, reason = settled.faults[number]
                told.append(self._fault_of(event, reason, row.line))
            else:
                told.append(outcome)
        return told

    def _hold(
        self, rows: Sequence[tuple[_Ticket, Row]], told: Sequence[Outcome | Fault], work: IndexWork, now: int
    ) -> None:
        """Puts faults into quarantine, each kind of row once however often it is sent."""
        faults = {
            it.digest: (ticket.source, it, ticket.run)
            for (ticket, _), it in zip(rows, told, strict=True)
            if isinstance(it, Fault)
        }
        fresh = work.claim([(HELD, digest) for digest in faults]) if faults else set()
        new = [held for digest, held in faults.items() if digest in fresh]
        if new:
            work.move(quarantine=self._quarantine.hold(new, now))

    def _count(
        self,
        rows: Sequence[tuple[_Ticket, Row]],
        told: Sequence[Outcome | Fault],
        settled: Settled,
        work: IndexWork,
        now: int,
    ) -> None:
        accounts: dict[tuple[str, str], Tally] = defaultdict(Tally)
        runs: dict[tuple[str, Run], Tally] = defaultdict(Tally)
        at = 0
        for ticket in dict.fromkeys(ticket for ticket, _ in rows):
            of_ticket = list(told[at : at + len(ticket.rows)])
            at += len(of_ticket)
            for name, some in _by_object(ticket.rows, of_ticket).items():
                tally = _tally(some)
                ticket.receipt.tally.add(tally)
                accounts[ticket.source, name].add(tally)
            for row, it in zip(ticket.rows, of_ticket, strict=True):
                if isinstance(it, Fault):
                    _turn(ticket.receipt, row, it)
            runs[ticket.source, ticket.run].add(ticket.receipt.tally)
        newest: dict[tuple[str, str], int] = defaultdict(int)
        for event in settled.accepted:
            key = event.object.source, event.object.name
            newest[key] = max(newest[key], min(event.occurred_at, now))
        for (source, name), tally in accounts.items():
            tally.check()
            work.count(source, name, tally, now, newest.get((source, name), 0))
        for (source, run), tally in runs.items():
            work.count_run(source, run, tally, now)


def _by_object(rows: Sequence[Row], told: list[Outcome | Fault]) -> dict[str, list[Outcome | Fault]]:
    """What became of the rows of each object."""
    if len({row.object for row in rows}) == 1:
        return {rows[0].object: told}
    found: dict[str, list[Outcome | Fault]] = defaultdict(list)
    for row, it in zip(rows, told, strict=True):
        found[row.object].append(it)
    return found


def _tally(told: list[Outcome | Fault]) -> Tally:
    tally = Tally(
        offered=len(told),
        accepted=told.count(Outcome.ACCEPTED),
        duplicate=told.count(Outcome.DUPLICATE),
        unchanged=told.count(Outcome.UNCHANGED),
    )
    for fault in told:
        if isinstance(fault, Fault):
            tally.reasons[fault.reason] = tally.reasons.get(fault.reason, 0) + 1
            if fault.reason in REFUSALS:
                tally.refused += 1
            else:
                tally.quarantined += 1
    return tally


def _turn(receipt: Receipt, row: Row, fault: Fault) -> None:
    receipt.unheard += fault.unheard
    if len(receipt.turned) < EVENT_IDS_MAX:
        receipt.turned.append(Turned(row.line, fault.object, fault.reason, fault.field, fault.unheard))


def _known(events: Sequence[Prepared], work: IndexWork) -> Snapshots:
    asked: dict[str, list[bytes]] = defaultdict(list)
    for event in events:
        if event.is_record:
            name, fragment_id = snapshot_key(event)
            asked[name].append(fragment_id)
    return {
        (name, fragment_id): last
        for name, ids in asked.items()
        for fragment_id, last in work.snapshots(name, ids).items()
    }


def _remember(settled: Settled, work: IndexWork) -> None:
    stated: dict[str, dict[bytes, Stated]] = defaultdict(dict)
    for (name, fragment_id), said in settled.remembered.items():
        stated[name][fragment_id] = said
    for name, rows in stated.items():
        work.remember(name, rows)
