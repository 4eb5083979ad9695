"""Erasing people, in an order that a crash anywhere cannot break.

1. What is theirs is read from the state and from the headers of the log, and written into the ledger: from
   then on the door lets nothing of it in, and there is no way back. Read again until nothing new came
   between. In the last moment before, whoever wants it gone is asked once more whether anything has to stay:
   a hold that was said while the state was behind counts.
2. The rooms that know people by their words (rows nobody could place) and by their ids (exports) forget.
3. Their data keys are destroyed. Frames that hold others too are said again without them.
4. The log says of each fragment that it is erased: the state lets go of it, now and in every replay.
5. The log's ciphertext, then the state's files, then what is remembered in memory.
6. The ledger says that it is done.

Every step can be done twice. Whoever opens a folder finishes what was begun; whoever restores an older backup
does all of it again, because the ledger outlives every backup.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from onefold.customer.erasure.reach import Reach, reach_of
from onefold.customer.profile.attribution import USUAL, DeviceRules
from onefold.customer.profile.ports import CustomerReader
from onefold.kernel.ids import CellKey
from onefold.kernel.time import Clock
from onefold.record.erasure.ledger import ErasureLedger
from onefold.record.erasure.model import Because, Erased, Erasure, Phase
from onefold.record.erasure.ports import Erasable
from onefold.record.erasure.remains import erasing_frames, said_again, sealed
from onefold.record.log.ports import SegmentReader, SubjectKeys
from onefold.record.log.seal import Sealer

AT_ONCE = 500

LastLook = Callable[[], Collection[bytes]]
"""Asked when the state has all of the log and nothing was touched: what stays; raises where all does."""


class Log(Protocol):
    """The log as the eraser needs it."""

    @property
    def last_sequence(self) -> int:
        """The last durable sequence."""
        ...

    def append(self, entries: Sequence[tuple[bytes, bytes]]) -> int:
        """Returns the sequence of the last entry once all are durable."""
        ...


class Account(msgspec.Struct, frozen=True):
    """What an erasure came to: how many records of sources, of data keys, and of things in each room."""

    id: str
    fragments: int
    keys: int
    shared: int
    """Things of theirs that were sealed under the key of something which others still need."""
    rooms: dict[str, int]


@dataclass(frozen=True, slots=True)
class Eraser:
    """The eraser of one cell; thread-safe, one erasure at a time.

    `caught_up(sequence)` returns when the state has a log sequence in it, `paused()` when whatever the door
    was settling has been settled. `first` are the rooms asked while it is still known who they are, `last`
    those asked when the log has said it.
    """

    cell: str
    cell_key: CellKey
    clock: Clock
    reader: CustomerReader
    ledger: ErasureLedger
    log: Log
    frames: SegmentReader
    sealer: Sealer
    keys: SubjectKeys
    first: tuple[Erasable, ...]
    last: tuple[Erasable, ...]
    caught_up: Callable[[int], None]
    paused: Callable[[], None]
    devices: DeviceRules = USUAL
    """How far a login on a device reaches in this house."""
    one_at_a_time: threading.RLock = field(default_factory=threading.RLock)
    """Held by whoever erases, and by whoever must not be erased past: hold it to ask first, then erase."""

    def erase(
        self,
        parties: Collection[bytes],
        because: Because,
        actor: str,
        never: Collection[bytes] = (),
        last_look: LastLook = tuple,
    ) -> Account:
        """Erases the people behind these party fragments. When it returns, it is done.

        `never` are the digests that outlive them: where they were not to be contacted.
        """
        erasure = Erasure(
            self.cell,
            secrets.token_hex(8),
            Phase.BEGUN,
            self.clock.now_ms(),
            because,
            actor,
            never=tuple(sorted(never)),
        )
        with self.one_at_a_time:
            return self._apply(erasure, frozenset(parties), last_look=last_look)

    def expire(self, fragments: Collection[bytes], actor: str, last_look: LastLook = tuple) -> Account:
        """Erases things that were kept long enough, and nobody with them."""
        erasure = Erasure(
            self.cell,
            secrets.token_hex(8),
            Phase.BEGUN,
            self.clock.now_ms(),
            Because.RETENTION,
            actor,
            alone=tuple(sorted(fragments)),
        )
        with self.one_at_a_time:
            return self._apply(erasure, frozenset(), erasure, last_look)

    def resume(self) -> Account | None:
        """Finishes what a crash left, and does again what a restored backup has brought back; all at once."""
        # Also of none: what a crash left unswept is swept.
        self.keys.destroy(self.keys.find(sorted(self.ledger.subjects)))
        due = dict.fromkeys(self.ledger.unfinished())
        if self.ledger.refused:
            self.caught_up(self.log.last_sequence)
            due.update(dict.fromkeys(self._brought_back()))
        if not due:
            return None
        with self.one_at_a_time:
            parties = self.ledger.parties()
            people = [it for it in due if parties[it]]
            account: Account | None = None
            for ids in filter(None, (people, *([it] for it in due if not parties[it]))):
                merged = self.ledger.read(ids)
                account = self._apply(merged, frozenset(merged.parties), merged)
                for erasure_id in ids:
                    self.ledger.add(self._done(merged, erasure_id))
            return account

    def _brought_back(self) -> list[str]:
        """Erasures of people whom this folder knows all the same."""
        by_party = {party: key for key, parties in self.ledger.parties().items() for party in parties}
        ids = sorted(by_party)
        back: dict[str, None] = {}
        for at in range(0, len(ids), AT_ONCE):
            some = ids[at : at + AT_ONCE]
            found = self.reader.fragments(some)
            back.update({by_party[it]: None for it, was in found.items() if not was.is_erased})
        return list(back)

    def _apply(
        self,
        erasure: Erasure,
        parties: frozenset[bytes],
        known: Erasure | None = None,
        last_look: LastLook = tuple,
    ) -> Account:
        self.caught_up(self.log.last_sequence)
        planned, reach, entities = self._plan(erasure, parties, known)
        # Planning reads the whole log, and somebody may have been held meanwhile.
        self.caught_up(self.log.last_sequence)
        planned = _without(planned, frozenset(last_look()))
        while True:
            self.ledger.add(planned)
            self.paused()
            self.caught_up(self.log.last_sequence)
            again, reach, entities = self._plan(planned, parties, planned)
            if again.fragments <= planned.fragments and set(again.subjects) <= set(planned.subjects):
                break
            planned = again
        erased = Erased(parties, frozenset(planned.subjects), planned.fragments, frozenset(reach.words))
        rooms = {room.room: room.erase(erased) for room in self.first}
        self.keys.destroy(planned.subjects)
        for entries in said_again(self.frames, self.sealer, erased.subjects, erased.fragments):
            self.log.append(entries)
        self.log.append(
            erasing_frames(
                self.cell,
                entities,
                erased.fragments,
                self.clock.now_ms(),
                lambda it: self.cell_key.digest(b"erased", it),
            )
        )
        self.caught_up(self.log.last_sequence)
        rooms |= {room.room: room.erase(erased) for room in self.last}
        self.ledger.add(self._done(planned, planned.id))
        return Account(planned.id, len(erased.fragments), len(erased.subjects), len(planned.alone), rooms)

    def _done(self, erasure: Erasure, erasure_id: str) -> Erasure:
        return Erasure(self.cell, erasure_id, Phase.DONE, self.clock.now_ms(), erasure.because, erasure.actor)

    def _plan(
        self, erasure: Erasure, parties: frozenset[bytes], known: Erasure | None
    ) -> tuple[Erasure, Reach, dict[bytes, str]]:
        """What goes: by the state, by the log's headers, and by what was planned before."""
        with self.reader.snapshot() as seen:
            reach = reach_of(seen, parties, self.devices)
        going = set(reach.fragments) | (known.fragments if known else frozenset())
        subjects = going | (set(known.subjects) if known else set())
        found = sealed(self.frames, subjects, going)
        others = {it for ids in found.of.values() for it in ids} - subjects
        if others:
            found = sealed(self.frames, subjects | others, going)
        # Whatever is sealed under the key of somebody who goes is about them, but for what others still own.
        for subject in subjects & found.under.keys():
            going |= found.under[subject] - reach.kept
        destroyed = {
            subject
            for subject in found.under.keys() | (set(known.subjects) if known else set())
            if found.under.get(subject, set()) <= going
        }
        # Nothing may be sealed under them from now on, whether or not anything was.
        destroyed |= {it for it in parties if found.under.get(it, set()) <= going}
        if not parties:
            # Things that were kept long enough: whose they were goes on, and so does the key.
            destroyed = set()
        alone = {it for it in going if not found.of.get(it, set()) <= destroyed}
        planned = msgspec.structs.replace(
            erasure,
            phase=Phase.BEGUN,
            parties=tuple(sorted(parties)),
            subjects=tuple(sorted(destroyed)),
            covered=tuple(sorted(going - alone)),
            alone=tuple(sorted(alone)),
        )
        return planned, reach, found.entities


def _without(planned: Erasure, stays: frozenset[bytes]) -> Erasure:
    covered, alone = (tuple(it for it in ids if it not in stays) for ids in (planned.covered, planned.alone))
    return msgspec.structs.replace(planned, covered=covered, alone=alone)
