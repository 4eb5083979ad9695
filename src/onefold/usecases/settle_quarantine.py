"""End the quarantine of rows: hand them in again, mended or under a contract that now takes them; or not.

Handing in is the ordinary door once more, with the contract of today. What it lets in is settled; what is
still at fault stays open, so trying costs nothing. Nothing here shows what a row says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import UnknownSource
from onefold.record.intake.door import Door
from onefold.record.intake.held import Kind, Standing, Wanted
from onefold.record.intake.model import Mode, Offered
from onefold.record.intake.quarantine import Held, sequence_of
from onefold.record.intake.runs import Run, Way
from onefold.record.intake.settlement import Because as Because
from onefold.usecases.list_quarantine import about
from onefold.usecases.model import DiscardedRows, ResubmittedRows, StillFaulty
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import BEGUN, in_force

AT_ONCE = 5_000
"""Rows of one call; there are more to come where the answer has a `next`."""
_NOT_TRIED = {
    "no_contract": "No contract that takes data has such an object today.",
    "not_a_row": "It could not be read as a row, so there is nothing to hand in.",
    "not_kept": "Nothing of it is kept but a digest.",
}
_ROW = msgspec.json.Decoder(dict[str, Any])

_RESUBMITTED, _DISCARDED = "quarantine_resubmitted", "quarantine_discarded"

Fault = tuple[str, str]
"""(reason, property) for which a row is still held; an empty reason where it is not."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which open rows: those of a source, object, version and reason (empty: any), and property (None: any).

    `ids`: only those of them. `below`: only those with a smaller number, where a call before ended.
    """

    ids: tuple[str, ...] = ()
    source: str = ""
    object: str = ""
    version: str = ""
    reason: str = ""
    field: str | None = None
    below: str = ""

    @property
    def wanted(self) -> Wanted:
        """The same as a question."""
        return Wanted(self.source, self.object, self.version, self.reason, self.field, Standing.OPEN)


def resubmit_quarantine(
    permit: Permit, rooms: Rooms, chosen: Chosen, corrections: Mapping[str, object] | None = None
) -> ResubmittedRows:
    """Hands the chosen rows in again, oldest first; `corrections` (property → value) are put into each.

    Returns once what was let in is in force.
    """
    permit.needs("resubmit_quarantine")
    rows, following = _open_rows(rooms, chosen)
    details = _meant(rooms, rows, corrections or {})
    if rows:
        begun = {"rows": len(rows)}
        rooms.gate.released(permit, _RESUBMITTED, counts=begun, details=details | {"stage": BEGUN})
    by = Run(Way.MENDED, rooms.clock.now_ms(), permit.actor.id)
    door = rooms.door.during(by)
    faulty: Counter[Fault] = Counter()
    taken: list[Held] = []
    sequence = 0
    for held in rows:
        fault, reached = _hand_in(door, held, corrections or {})
        sequence = max(sequence, reached)
        if fault[0]:
            faulty[fault] += 1
        else:
            taken.append(held)
    if sequence:
        in_force(rooms, sequence)
    settled = rooms.settlements.settle(taken, actor=permit.actor.id, at=rooms.clock.now_ms())
    for source in {it.source for it in taken}:
        door.ended(source)
    counts = {"taken": settled, "still_held": sum(faulty.values())}
    rooms.gate.released(permit, _RESUBMITTED, counts=counts, details=details)
    still = tuple(
        StillFaulty(reason, field, _NOT_TRIED.get(reason) or about(reason), count)
        for (reason, field), count in sorted(faulty.items())
    )
    return ResubmittedRows(taken=settled, still_held=still, next=following)


def discard_quarantine(permit: Permit, rooms: Rooms, chosen: Chosen, because: Because) -> DiscardedRows:
    """Gives the chosen rows up for one of the reasons there are; the rows and the record of it stay."""
    permit.needs("discard_quarantine")
    rows, following = _open_rows(rooms, chosen)
    details = _meant(rooms, rows, {})
    if rows:
        begun = {"rows": len(rows)}
        stage = details | {"stage": BEGUN}
        rooms.gate.released(permit, _DISCARDED, counts=begun, reasons=(because,), details=stage)
    settled = rooms.settlements.settle(rows, actor=permit.actor.id, at=rooms.clock.now_ms(), because=because)
    rooms.gate.released(permit, _DISCARDED, counts={"rows": settled}, reasons=(because,), details=details)
    return DiscardedRows(rows=settled, next=following)


def _meant(rooms: Rooms, rows: Sequence[Held], corrections: Mapping[str, object]) -> dict[str, str]:
    """Of which sources and objects the rows are, and which of their properties were corrected: no value.

    A property that no contract has is not named: whoever writes it may write anything.
    """
    objects = {(it.source, it.object) for it in rows}
    known: set[str] = set()
    for source, name in objects if corrections else ():
        with suppress(UnknownSource):
            found = rooms.contracts.latest(source).object(name).item.properties
            known.update(it.path for it in found)
    told = {
        "source": ", ".join(sorted({source for source, _ in objects})),
        "object": ", ".join(sorted({name for _, name in objects})),
        "corrected": ", ".join(sorted(known & corrections.keys())),
    }
    return {name: text for name, text in told.items() if text}


def _open_rows(rooms: Rooms, chosen: Chosen) -> tuple[list[Held], str | None]:
    """The chosen rows that are open, oldest first, and where the next call goes on if there are more."""
    if not (chosen.ids or chosen.source):
        raise CallerError(
            "Name the rows, or a source.", hint="All rows of all sources at once is never meant."
        )
    found: list[Held] = []
    below = sequence_of(chosen.below) if chosen.below else 0
    for held in _named(rooms, chosen, below) if chosen.ids else _matching(rooms, chosen, below):
        if len(found) == AT_ONCE:
            return found[::-1], str(found[-1].sequence)
        found.append(held)
    return found[::-1], None


def _named(rooms: Rooms, chosen: Chosen, below: int) -> Iterator[Held]:
    for sequence in sorted({sequence_of(it) for it in chosen.ids}, reverse=True):
        held = rooms.door.quarantine.listed(sequence)
        fits = chosen.wanted.takes(Kind(held.source, held.object, held.contract, held.reason, held.field))
        open_still = rooms.settlements.outcome_of(sequence) is None
        if fits and open_still and (not below or sequence < below):
            yield held


def _matching(rooms: Rooms, chosen: Chosen, below: int) -> Iterator[Held]:
    return rooms.held.read(rooms.held.sequences(chosen.wanted, below=below))


def _hand_in(door: Door, held: Held, corrections: Mapping[str, object]) -> tuple[Fault, int]:
    """Why the row is still held and at which property, and the log sequence that has it if it is not."""
    _, body = door.quarantine.read(held.sequence)
    if not body:
        return ("not_kept", ""), 0
    try:
        row = _ROW.decode(body)
    except msgspec.DecodeError:
        return ("not_a_row", ""), 0
    try:
        flat = door.contracts.latest(held.source).object(held.object).item.flat
        for path, value in corrections.items():
            _put(row, [path] if flat else path.split("."), value)
        message_id = row.get("messageId")
        offered = Offered(
            row=row, line=held.line, message_id=message_id if isinstance(message_id, str) else ""
        )
        fault = door.trial(held.source, held.object, offered, as_of=held.held_at)
    except UnknownSource:
        return ("no_contract", ""), 0
    if fault:
        return (fault.reason, fault.field), 0
    receipt = door.offer(held.source, held.object, [offered], mode=Mode.BACKFILL, as_of=held.held_at)
    if receipt.turned:
        return (receipt.turned[0].reason, receipt.turned[0].field), receipt.sequence
    return ("", ""), receipt.sequence


def _put(row: dict[str, Any], parts: list[str], value: object) -> None:
    """Puts a value where a property stands, in whatever it stands in."""
    at = row
    for part in parts[:-1]:
        if not isinstance(at.get(part), dict):
            at[part] = {}
        at = at[part]
    at[parts[-1]] = value
