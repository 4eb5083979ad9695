"""What every room that stores personal data must be able to do: the suite of Erasable.

A room's test subclasses `ErasableSuite` and names the room; it is taken from the eraser of a real folder, so
that what is tested is what is used.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.record.erasure.model import Erased
from onefold.record.erasure.ports import Erasable
from onefold.record.erasure.remains import erasing_frames, sealed
from onefold.usecases.rooms import Rooms
from tests.canaries import CELL, CONTRACT, canary, customer_of, deliver, left_of, rooms_of

GOES, STAYS = 1, 2


class ErasableSuite:
    """The promises of the port; `room` names the room."""

    room = ""

    @pytest.fixture
    def rooms(self, tmp_path):
        """A folder in which two people are known, alike in every room."""
        (tmp_path / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
        LocalHouse().create(tmp_path / "data", CELL, [tmp_path / "bank.yaml"], None)
        with rooms_of(tmp_path / "data") as rooms:
            deliver(rooms.door, [GOES, STAYS], [])
            rooms.barrier.wait_for(rooms.log.last_sequence, 60)
            self.exports = exports = read_folder(tmp_path / "data").exports
            exports.mkdir(exist_ok=True)
            rows = [f"{customer_of(rooms, n)},{canary(n)}@bank.uz" for n in (GOES, STAYS)]
            (exports / "release.csv").write_text("\r\n".join(["customer,email", *rows, ""]))
            self.prepare(rooms, tmp_path / "data")
            yield rooms

    def prepare(self, rooms: Rooms, data: Path) -> None:
        """What a room needs to be told besides, to hold both."""

    def erasable(self, rooms: Rooms) -> Erasable:
        """The room as the eraser has it."""
        (found,) = [it for it in (*rooms.eraser.first, *rooms.eraser.last) if it.room == self.room]
        return found

    def erased(self, rooms: Rooms) -> Erased:
        """What goes, as the eraser would say it, with the log having said so."""
        party = bytes.fromhex(customer_of(rooms, GOES))
        eraser = rooms.eraser
        found = sealed(eraser.frames, {party}, {party})
        fragments = frozenset(found.under[party])
        if self.room == "state":
            entries = erasing_frames(str(CELL), found.entities, fragments, 0, lambda it: it)
            rooms.barrier.wait_for(eraser.log.append(entries), 60)
        words = frozenset({f"{canary(GOES)}@bank.uz"})
        return Erased(frozenset({party}), frozenset({party}), fragments, words)

    def holds(self, rooms: Rooms, n: int) -> bool:
        """Whether the room can still say something of a person; each says how one sees it."""
        raise NotImplementedError

    def test_of_who_is_erased_nothing_can_be_read_any_more_and_of_others_everything(self, rooms):
        erased = self.erased(rooms)
        assert self.holds(rooms, STAYS)
        assert self.erasable(rooms).erase(erased) > 0
        assert not self.holds(rooms, GOES)
        assert self.holds(rooms, STAYS)
        self.erasable(rooms).erase(erased)
        assert self.holds(rooms, STAYS)

    def test_erasing_nobody_takes_nothing(self, rooms):
        nobody = Erased(frozenset({bytes(16)}), frozenset({bytes(16)}), frozenset({bytes(16)}))
        assert self.erasable(rooms).erase(nobody) == 0
        assert self.holds(rooms, GOES)
        assert self.holds(rooms, STAYS)

    def words_in(self, folder, n: int) -> bool:
        """Whether a person's words stand in any file below a folder."""
        return bool(left_of(folder, [n]))
