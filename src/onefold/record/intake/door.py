"""The door of a cell: rows in, an exact account out. All that is accounted for is durable.

Everything that comes from outside passes here, files and calls alike, and so do Onefold's own facts. The
door checks each row against its contract, keeps only what the contract keeps, tries the mapping so that
nothing is logged which cannot be read back, and lets the committer settle the rest.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell, CellKey
from onefold.kernel.time import MS_PER_DAY, Clock, iso_instant
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import CALLS
from onefold.record.contracts.registry import CompiledContract, Contracts
from onefold.record.erasure.ports import ErasedIds, NobodyErased
from onefold.record.intake.blocks import BLOCK_ROWS, BlockPreparer
from onefold.record.intake.commit import Committer
from onefold.record.intake.depth import within_depth
from onefold.record.intake.model import (
    EVENT_IDS_MAX,
    Fault,
    Mode,
    Offered,
    Prepared,
    Receipt,
    Row,
    SourceCount,
    Tally,
)
from onefold.record.intake.ports import DoorIndex, DurableAppend
from onefold.record.intake.prepare import Moment, Preparer
from onefold.record.intake.quarantine import Quarantine
from onefold.record.intake.rescue import may_be_unheard
from onefold.record.intake.runs import DayCount, Run, RunCount, Way, day_of, mark_of
from onefold.record.intake.tombstones import Gone, Tombstones
from onefold.record.intake.unchanged import BEHIND_ROWS, Unchanged
from onefold.record.log.ports import SegmentReader, SubjectKeys
from onefold.record.log.seal import Sealer

CHUNK_ROWS = 10_000
CHUNK_BYTES = 16 << 20
STANDING_ROWS = 5_000
ARRIVAL = 0
"""The `as_of` of calls: each speaks of the instant at which it comes."""

Progress = Callable[[Tally], None]


class Door:
    """`offer` rows of one table, `offer_calls` for a mixed batch; both from any thread.

    `log` must be appended to by this door alone, but for what an erasure writes. `keys` are those the sealer
    uses, `erased` those of whom nothing is taken any more. The index is brought up to the log when the door
    opens.
    """

    def __init__(
        self,
        cell: Cell,
        cell_key: CellKey,
        contracts: Contracts,
        sealer: Sealer,
        keys: SubjectKeys,
        log: DurableAppend,
        reader: SegmentReader,
        quarantine: Quarantine,
        index: DoorIndex,
        clock: Clock,
        erased: ErasedIds | None = None,
    ) -> None:
        self.contracts = contracts
        self.quarantine = quarantine
        self._cell_key = cell_key
        self._clock = clock
        self._index = index
        self._erased = erased or NobodyErased()
        self._preparers: dict[CompiledObject, Preparer] = {}
        self._run: Run | None = None
        self._committer = Committer(
            str(cell),
            contracts,
            sealer,
            keys,
            log,
            reader,
            quarantine,
            index,
            clock,
            self._fault_of,
            self._erased,
        )
        self._committer.refresh()

    def during(self, run: Run) -> Door:
        """The same door for one delivery: what it is offered counts in that run."""
        found = copy.copy(self)
        found._run = run
        return found

    def pause(self) -> None:
        """Returns when whatever was offered before is in the log or turned away."""
        self._committer.pause()

    def mark_of(self, names: Sequence[str]) -> str:
        """What tells the files of a delivery from others without saying their names."""
        return mark_of(self._cell_key, names)

    def ended(self, source: str) -> None:
        """Says that the run of this door is over."""
        assert self._run is not None
        with self._index.work() as work:
            work.end_run(source, self._run, self._clock.now_ms())

    def offer(
        self,
        source: str,
        object_name: str,
        rows: Iterable[Offered],
        *,
        mode: Mode = Mode.CURRENT,
        as_of: int | None = None,
        progress: Progress | None = None,
    ) -> Receipt:
        """Takes one delivery of an object, in chunks each of which is durable when `progress` hears of it.

        `as_of` is the instant the rows speak of; without it, now. `UnknownSource` for a source
        or object without a contract, `CallerError` for an `as_of` in the future or, unless it is a
        backfill, before the last one. After `Unavailable` in the middle offer the whole again: what was
        taken is then a duplicate.
        """
        compiled = self.contracts.latest(source).object(object_name)
        blocks = BlockPreparer(self._preparer(compiled))
        preparer = Unchanged(blocks, partial(self._committer.last_stated, compiled.address), self._erased)
        as_of = self._as_of(compiled, mode, as_of)
        total = Receipt(Tally())
        chunk: list[Row] = []
        size = 0
        moment = self._moment(mode, as_of)
        for block in blocks.blocks(rows, min(BLOCK_ROWS, CHUNK_ROWS)):
            is_long = total.tally.offered + len(chunk) >= BEHIND_ROWS
            prepared = (preparer.prepare if is_long else preparer.prepare_all)(block, moment)
            chunk += prepared
            size += sum(map(_body_bytes, prepared))
            if len(chunk) >= CHUNK_ROWS or size >= CHUNK_BYTES:
                self._take(source, chunk, total, progress, Way.STATED)
                preparer.settled()
                chunk, size = [], 0
                moment = self._moment(mode, as_of)
        if chunk:
            self._take(source, chunk, total, progress, Way.STATED)
        total.tally.check()
        return total

    def offer_calls(
        self, source: str, calls: Sequence[tuple[str, str, Offered]], *, way: Way = Way.MESSAGES
    ) -> Receipt:
        """Takes (call, event name, row) of a batch together, such as (`track`, `Order Completed`, …).

        A call that the contract has no object for goes to quarantine without its body: nothing says what
        of it may be kept.
        """
        contract = self.contracts.latest(source)
        moment = self._moment(Mode.CURRENT, ARRIVAL)
        rows = [self._call(contract, call, event, offered, moment) for call, event, offered in calls]
        total = Receipt(Tally())
        for at in range(0, len(rows), CHUNK_ROWS):
            self._take(source, rows[at : at + CHUNK_ROWS], total, None, way)
        total.tally.check()
        return total

    def trial(self, source: str, object_name: str, offered: Offered, *, as_of: int) -> Fault | None:
        """Why a row would not be let in as history; None where nothing in the row itself speaks against it.

        Takes nothing. `UnknownSource` for a source or object without a contract.
        """
        preparer = self._preparer(self.contracts.latest(source).object(object_name))
        return preparer.prepare(offered, self._moment(Mode.BACKFILL, as_of)).fault

    def speaks_of(self, source: str, object_name: str, mode: Mode, as_of: int | None) -> int:
        """The instant that a delivery speaks of, as `offer` would take it; for one that comes in parts."""
        return self._as_of(self.contracts.latest(source).object(object_name), mode, as_of)

    def standing(self, source: str, object_name: str) -> Iterator[list[bytes]]:
        """Pages of the ids of all that an object last stated and that no tombstone took away, by id."""
        gone = Tombstones(self.contracts.latest(source).object(object_name), self._cell_key).digest
        self._committer.refresh()
        after = b""
        while page := self._index.stated(f"{source}/{object_name}", after, STANDING_ROWS):
            after = page[-1][0]
            yield [fragment_id for fragment_id, digest, _ in page if digest != gone]

    def bury(self, source: str, object_name: str, gone: Sequence[Gone], as_of: int) -> Receipt:
        """Takes away things which a full snapshot lacks, as of that snapshot; once for each."""
        found = Tombstones(self.contracts.latest(source).object(object_name), self._cell_key)
        total = Receipt(Tally())
        for at in range(0, len(gone), CHUNK_ROWS):
            self._take(source, found.rows(list(gone[at : at + CHUNK_ROWS]), as_of), total, None, Way.STATED)
        total.tally.check()
        return total

    def counts(self) -> list[SourceCount]:
        """The accounts of every object that was ever delivered."""
        return self._index.counts()

    def runs(self, source: str, most: int) -> list[RunCount]:
        """The newest runs of a source, the last begun first."""
        return self._index.runs(source, most)

    def days(self, source: str, since: int) -> list[DayCount]:
        """The account of a source by day, from a day on."""
        return self._index.days(source, since)

    def _call(
        self, contract: CompiledContract, call: str, event: str, offered: Offered, moment: Moment
    ) -> Row:
        found = contract.call(call, event)
        if found is not None:
            return self._preparer(found).prepare(offered, moment)
        offered = within_depth(offered)
        name = call if call.isidentifier() and len(call) <= 32 else "unknown"
        reason = offered.fault or Reason.UNKNOWN_CALL
        raw = offered.digest or offered.raw or repr(offered.row).encode()
        digest = self._cell_key.digest(b"held", contract.contract.source.encode(), reason.encode(), raw)
        version = contract.contract.version
        told = self._stamps(contract, call, event, offered, moment)
        # What nothing is known of may have been anything that the contract has.
        unheard = offered.row is None and any(map(may_be_unheard, contract.objects.values()))
        unheard = unheard or any(it.unheard for _, it in told if it is not None)
        fault = Fault(name, version, reason, "type", offered.line, digest, b"", unheard)
        return Row(name, tuple(it for it, _ in told if it is not None), fault, offered.line)

    def _stamps(
        self, contract: CompiledContract, call: str, event: str, offered: Offered, moment: Moment
    ) -> list[tuple[Prepared | None, Fault | None]]:
        """What the consent says that a call carries for which the contract has no object."""
        stamped, row = contract.contract.stamped, offered.row
        if stamped is None or row is None or offered.fault is not None or call not in CALLS:
            return []
        grants = stamped.grants(call, event)
        return [self._preparer(it).stamp(row, offered, moment, grants=grants) for it in contract.stamps]

    def _take(
        self, source: str, rows: list[Row], total: Receipt, progress: Progress | None, way: Way
    ) -> None:
        """Submits rows; `way` is how they came where they are of no delivery of their own."""
        run = self._run or day_of(way, self._clock.now_ms())
        receipt = self._committer.submit(source, rows, run)
        total.tally.add(receipt.tally)
        total.unheard += receipt.unheard
        total.turned += receipt.turned[: EVENT_IDS_MAX - len(total.turned)]
        total.sequence = max(total.sequence, receipt.sequence)
        ids = total.event_ids + receipt.event_ids
        total.event_ids = ids if total.tally.offered <= EVENT_IDS_MAX else ()
        if progress is not None:
            progress(total.tally)

    def _moment(self, mode: Mode, as_of: int) -> Moment:
        return Moment(self._clock.now_ms(), as_of, mode is Mode.BACKFILL)

    def _preparer(self, compiled: CompiledObject) -> Preparer:
        found = self._preparers.get(compiled)
        if found is None:
            found = self._preparers[compiled] = Preparer(compiled, self._cell_key)
        return found

    def _fault_of(self, event: Prepared, reason: Reason, line: int) -> Fault:
        return self._preparer(event.object).fault_of(event, reason, line)

    def _as_of(self, compiled: CompiledObject, mode: Mode, as_of: int | None) -> int:
        """The instant a delivery speaks of: as stated, if that can be; else now, and after the last one."""
        now = self._clock.now_ms()
        last = self._index.last_as_of(f"{compiled.source}/{compiled.name}")
        if as_of is None:
            return max(now, last + 1)
        if as_of > now + compiled.contract.future_tolerance_days * MS_PER_DAY:
            raise CallerError("The delivery is dated in the future.", hint="Mend as_of, or the clock.")
        if as_of < last and mode is not Mode.BACKFILL:
            raise CallerError(
                f"A newer delivery of {compiled.source}/{compiled.name} was taken already.",
                detail=f"The last one was as of {iso_instant(last)}, this one is as of {iso_instant(as_of)}.",
                hint="Load it as a backfill if you mean to add history.",
            )
        return as_of


def _body_bytes(row: Row) -> int:
    return sum(len(event.body) for event in row.events) + (len(row.fault.body) if row.fault else 0)
