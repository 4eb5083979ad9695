"""Delete what a full snapshot no longer lists, unless it may not be whole or too much would go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from onefold.gate.model import Permit
from onefold.record.contracts.compile import CompiledObject
from onefold.record.intake.model import Mode, Offered, Tally
from onefold.record.intake.snapshot import Doubt, Findings, Present, RollCall, doubt
from onefold.record.intake.tombstones import Gone
from onefold.usecases.rooms import Rooms

CaughtUp = Callable[[int], None]
"""Returns when the state has the effect of a log sequence."""


class Deletions(NamedTuple):
    """What a full snapshot lacked of the `known` things, how many were deleted, and in `doubt` why not."""

    missing: int
    known: int
    deleted: int
    unread: int
    doubt: Doubt | None

    def sentence(self, name: str, stop_share: float) -> str:
        """One line for whoever loads; empty when nothing is missing."""
        if not self.missing:
            return ""
        of_all = f"{self.missing:,} of {self.known:,}"
        if self.doubt is None:
            return f"{name}: {of_all} were not in it; {self.deleted:,} deleted."
        why = {
            Doubt.HISTORY: "it is history, so they stay.",
            Doubt.CUT_OFF: "it may be cut off, so nothing was deleted.",
            Doubt.UNREAD: f"{self.unread:,} rows could not be read, so nothing was deleted.",
            Doubt.TOO_MANY: f"that is more than {stop_share:.0%}, so nothing was deleted.",
        }[self.doubt]
        hint = " If it is right, load it again with --accept-deletions."
        return f"{name}: {of_all} were not in it; {why}{'' if self.doubt is Doubt.HISTORY else hint}"


class FullSnapshot:
    """One whole delivery of an object, in however many files: hear all of it, then settle."""

    def __init__(self, rooms: Rooms, found: CompiledObject, present: Present, mode: Mode, as_of: int) -> None:
        self.as_of = as_of
        self._rooms = rooms
        self._object = found
        self._mode = mode
        self._roll = RollCall(found, present)
        self._before = rooms.log.last_sequence
        self._known = sum(len(page) for page in self._standing())
        self._is_whole = True

    def hear(self, rows: Iterable[Offered]) -> Iterator[Offered]:
        """The same rows; what they are about is there."""
        return self._roll.hear(rows)

    def ended(self, *, is_whole: bool) -> None:
        """Says of one file of the delivery whether it was read to an end that is one."""
        self._is_whole = self._is_whole and is_whole

    def settle(self, permit: Permit, *, accepted: bool, caught_up: CaughtUp) -> Deletions:
        """Deletes what is missing, durably; with `accepted` also where there is doubt."""
        permit.needs("ingest")
        missing = sum(len(page) for page in self._roll.missing(self._standing()))
        found = Findings(missing, self._known, self._roll.unread, self._is_whole, self._mode is Mode.BACKFILL)
        stop = self._object.item.snapshot_stop
        assert stop is not None
        why = doubt(found, stop, accepted=accepted)
        deleted = self._delete(permit, caught_up) if missing and why is None else 0
        return Deletions(missing, self._known, deleted, self._roll.unread, why)

    def _standing(self) -> Iterator[list[bytes]]:
        return self._rooms.door.standing(self._object.source, self._object.name)

    def _delete(self, permit: Permit, caught_up: CaughtUp) -> int:
        # What is missing now was said before this delivery; the state knows its key and whose it is.
        caught_up(self._before)
        total = Tally()
        for page in self._roll.missing(self._standing()):
            known = self._rooms.reader.fragments(page)
            gone = [
                Gone(it.fragment_id, it.subject_id, it.key)
                for it in (known[key] for key in page if key in known)
                if not it.is_erased
            ]
            total.add(self._rooms.door.bury(self._object.source, self._object.name, gone, self.as_of).tally)
        self._rooms.barrier.wake()
        self._rooms.gate.released(
            permit,
            "load",
            details={"source": permit.actor.id, "object": self._object.name, "mode": "deletions"},
            counts={name: getattr(total, name) for name in ("offered", "accepted", "quarantined", "refused")},
        )
        return total.accepted
