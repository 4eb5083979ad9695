"""End the quarantine of rows: hand them in again, mended or under a contract that now takes them; or not.

Handing in is the ordinary door once more, with the contract of today. What it lets in is settled; what is
still at fault stays open, so trying costs nothing. Nothing here shows what a row says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import UnknownSource
from onefold.record.intake.model import Mode, Offered
from onefold.record.intake.quarantine import Held
from onefold.record.intake.settlement import Because
from onefold.usecases.model import DiscardedRows, ResubmittedRows, StillFaulty
from onefold.usecases.rooms import Rooms
from onefold.usecases.statements import in_force

AT_ONCE = 5_000
"""Rows of one call; there is more to do where `more` says so."""
_PAGE = 500
_GONE = "no_contract"
_UNREADABLE = "not_a_row"
_NOT_KEPT = "not_kept"
_ROW = msgspec.json.Decoder(dict[str, object])


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which open rows: those of a source, object and reason (empty: any); `ids`: only those of them."""

    ids: tuple[str, ...] = ()
    source: str = ""
    object: str = ""
    reason: str = ""


def resubmit_quarantine(
    permit: Permit, rooms: Rooms, chosen: Chosen, corrections: Mapping[str, object] | None = None
) -> ResubmittedRows:
    """Hands the chosen rows in again, oldest first; `corrections` (property → value) are put into each.

    Returns once what was let in is in force.
    """
    permit.needs("resubmit_quarantine")
    rows, more = _open_rows(rooms, chosen)
    faulty: Counter[str] = Counter()
    taken: list[Held] = []
    sequence = 0
    for held in rows:
        reason, reached = _hand_in(rooms, held, corrections or {})
        sequence = max(sequence, reached)
        if reason:
            faulty[reason] += 1
        else:
            taken.append(held)
    if sequence:
        in_force(rooms, sequence)
    settled = rooms.settlements.settle(taken, actor=permit.actor.id, at=rooms.clock.now_ms())
    rooms.gate.released(
        permit, "quarantine_resubmitted", counts={"taken": settled, "still_held": sum(faulty.values())}
    )
    still = tuple(StillFaulty(reason, count) for reason, count in sorted(faulty.items()))
    return ResubmittedRows(taken=settled, still_held=still, more=more)


def discard_quarantine(permit: Permit, rooms: Rooms, chosen: Chosen, because: str) -> DiscardedRows:
    """Gives the chosen rows up for one of the reasons there are; the rows and the record of it stay."""
    permit.needs("discard_quarantine")
    rows, more = _open_rows(rooms, chosen)
    settled = rooms.settlements.settle(
        rows, actor=permit.actor.id, at=rooms.clock.now_ms(), because=_reason(because)
    )
    rooms.gate.released(permit, "quarantine_discarded", counts={"rows": settled}, reasons=(because,))
    return DiscardedRows(rows=settled, more=more)


def _reason(because: str) -> Because:
    known = {it.name.lower(): it for it in Because}
    if because not in known:
        raise CallerError("That is no reason to discard rows.", hint=f"Reasons: {', '.join(known)}.")
    return known[because]


def _open_rows(rooms: Rooms, chosen: Chosen) -> tuple[list[Held], bool]:
    """The chosen rows that are open, oldest first, and whether there are more than are taken at once."""
    if not (chosen.ids or chosen.source):
        raise CallerError(
            "Name the rows, or a source.", hint="All rows of all sources at once is never meant."
        )
    found: list[Held] = []
    for held in _named(rooms, chosen) if chosen.ids else _matching(rooms, chosen):
        if chosen.object in ("", held.object) and rooms.settlements.outcome_of(held.sequence) is None:
            if len(found) == AT_ONCE:
                return found[::-1], True
            found.append(held)
    return found[::-1], False


def _named(rooms: Rooms, chosen: Chosen) -> Iterator[Held]:
    for text in chosen.ids:
        if not (text.isascii() and text.isdigit() and len(text) <= 18):
            raise CallerError("That is not the id of a row in quarantine.", hint="It is a number.")
    for sequence in sorted({int(text) for text in chosen.ids}, reverse=True):
        held = rooms.door.quarantine.read(sequence)[0]
        if chosen.source in ("", held.source) and chosen.reason in ("", held.reason):
            yield held


def _matching(rooms: Rooms, chosen: Chosen) -> Iterator[Held]:
    cursor = ""
    while True:
        page = rooms.door.quarantine.page(
            source=chosen.source, reason=chosen.reason, cursor=cursor, limit=_PAGE
        )
        yield from page.items
        cursor = page.next
        if not cursor:
            return


def _hand_in(rooms: Rooms, held: Held, corrections: Mapping[str, object]) -> tuple[str, int]:
    """Why the row is still held, empty if it is not, and the log sequence that has it."""
    _, body = rooms.door.quarantine.read(held.sequence)
    if not body:
        return _NOT_KEPT, 0
    try:
        row = _ROW.decode(body)
    except msgspec.DecodeError:
        return _UNREADABLE, 0
    row |= corrections
    message_id = row.get("messageId")
    offered = Offered(row=row, line=held.line, message_id=message_id if isinstance(message_id, str) else "")
    try:
        reason = rooms.door.trial(held.source, held.object, offered, as_of=held.held_at)
    except UnknownSource:
        return _GONE, 0
    if reason:
        return reason, 0
    receipt = rooms.door.offer(held.source, held.object, [offered], mode=Mode.BACKFILL, as_of=held.held_at)
    kept_out = receipt.tally.quarantined + receipt.tally.refused
    return next(iter(receipt.tally.reasons), "held") if kept_out else "", receipt.sequence
