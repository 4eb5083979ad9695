"""Bringing a door's index up to the log: after a crash between the append and the index, or from nothing.

Everything the index must know for being right stands in headers of frames and of held rows. The counts of
duplicates and of unchanged rows are not in any log; they start anew when the index is made anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from onefold.kernel.time import MS_PER_DAY
from onefold.record.contracts.errors import REFUSALS
from onefold.record.contracts.model import Delivers
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.model import HELD, UNDATED, Stated, Tally
from onefold.record.intake.ports import DoorIndex, IndexWork, SeenKey
from onefold.record.intake.quarantine import HeldHeader, Quarantine
from onefold.record.log.frames import decode_header
from onefold.record.log.model import EventKind, FrameHeader
from onefold.record.log.ports import SegmentReader

_FRAMES_A_WORK = 2000
_HELD_A_WORK = 2000


def catch_up(index: DoorIndex, log: SegmentReader, quarantine: Quarantine, contracts: Contracts) -> None:
    """Takes in what the log and the quarantine hold beyond the index; cheap when that is nothing."""
    after = index.log_offset
    while records := log.read(after, _FRAMES_A_WORK):
        after = records[-1].sequence
        with index.work() as work:
            _frames([decode_header(record.header) for record in records], work, contracts)
            work.move(log=after)
    batch: list[HeldHeader] = []
    after = index.quarantine_offset
    for sequence, header in quarantine.headers(after):
        batch.append(header)
        after = sequence
        if len(batch) >= _HELD_A_WORK:
            _take_held(batch, after, index)
            batch = []
    if batch:
        _take_held(batch, after, index)


def _frames(headers: Sequence[FrameHeader], work: IndexWork, contracts: Contracts) -> None:
    """What frames of sources tell. An erasure is of no source, and what it said again counts once."""
    offered = [it for it in headers if not _is_erasure(it)]
    fresh = work.claim([key for frame in offered for key in _seen(frame)])
    stated: dict[str, list[tuple[bytes, Stated]]] = defaultdict(list)
    for frame in offered:
        item = contracts.object(frame.source, frame.contract, frame.object).item
        if item.delivers is Delivers.RECORD:
            stated[f"{frame.source}/{frame.object}"] += [
                (event.fragment_id, (event.digest, frame.as_of, frame.contract)) for event in frame.events
            ]
        newest = max((min(it.occurred_at, frame.recorded_at) for it in frame.events), default=0)
        ids = {event.event_id for event in frame.events} & fresh
        fresh -= ids
        if ids:
            tally = Tally(offered=len(ids), accepted=len(ids))
            work.count(frame.source, frame.object, tally, frame.recorded_at, newest)
    for name, rows in stated.items():
        known = work.snapshots(name, [fragment_id for fragment_id, _ in rows])
        work.remember(name, _newest(rows, known))


def _is_erasure(frame: FrameHeader) -> bool:
    return bool(frame.events) and frame.events[0].kind is EventKind.ERASE


def _seen(frame: FrameHeader) -> Iterator[SeenKey]:
    """Under what the events of a frame are remembered."""
    for event in frame.events:
        yield event.occurred_at // MS_PER_DAY, event.event_id
        if frame.as_of and event.occurred_at == frame.as_of:
            # The row did not date itself, so its retry is looked for under no day.
            yield UNDATED, event.event_id


def _newest(rows: Sequence[tuple[bytes, Stated]], known: dict[bytes, Stated]) -> dict[bytes, Stated]:
    """Per fragment the row of the greatest as_of, the later of equal ones; older than known ones dropped."""
    best = dict(known)
    for fragment_id, said in rows:
        last = best.get(fragment_id)
        if last is None or said[1] >= last[1]:
            best[fragment_id] = said
    return {key: said for key, said in best.items() if known.get(key) != said}


def _take_held(headers: Sequence[HeldHeader], after: int, index: DoorIndex) -> None:
    with index.work() as work:
        work.claim([(HELD, header.digest) for header in headers])
        for header in headers:
            tally = Tally(offered=1, reasons={header.reason: 1})
            if header.reason in REFUSALS:
                tally.refused = 1
            else:
                tally.quarantined = 1
            work.count(header.source, header.object, tally, header.held_at, 0)
        work.move(quarantine=after)
