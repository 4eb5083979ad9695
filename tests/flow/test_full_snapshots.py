"""Full snapshots: what is not in them is gone, and everything that might be a mistake deletes nothing.

Through the folder on disk and what `onefold load` calls; logs are replayed at the end.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.tables import open_table
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import parse_as_of, settled, snapshot_of
from onefold.app.rooms import open_rooms
from onefold.kernel.ids import Cell
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Mode, Tally
from onefold.record.log.frames import decode_header
from onefold.record.log.model import EventKind
from onefold.usecases.load_file import FileOfObject, load_file
from tests.unit.record.contracts.sample import customers, document

CELL = Cell("demo", "uz")
HEADER = "id;name;born;mobile\n"


def rows(*numbers: int, name: str = "Anna") -> str:
    """A whole file of customers."""
    return HEADER + "".join(f"{number};{name} {number};1990-01-02;\n" for number in numbers)


class Told(NamedTuple):
    """What a load came to."""

    tally: Tally
    note: str
    is_stopped: bool


class Bank:
    """A folder whose customers come as full snapshots, a day apart."""

    def __init__(self, root, stack, **words) -> None:
        self.root = root
        self.day = 0
        contract = root / "core.yaml"
        contract.write_text(json.dumps(document(customers(snapshot="full", **words))), encoding="utf-8")
        create(root / "data", CELL, [contract], None)
        self._stack = stack
        self.open()

    def open(self) -> None:
        """Takes the folder again."""
        self.rooms = self._stack.enter_context(open_rooms(read_folder(self.root / "data"))).rooms

    def close(self) -> None:
        """Lets go of the folder, whose state has everything."""
        self.wait(self.rooms.log.last_sequence)
        self._stack.close()

    def load(self, *contents, same_day=False, as_of="", mode=Mode.CURRENT, accept_deletions=False) -> Told:
        """Loads files as of the next day, as one delivery."""
        self.day += 0 if same_day else 1
        instant = parse_as_of(as_of or f"2026-01-{self.day:02}")
        permit = self.rooms.gate.admit("core", "cli")
        item = self.rooms.contracts.latest("core").object("customer")
        total = Tally()
        with snapshot_of(self.rooms, item, mode, instant) as snapshot:
            for number, content in enumerate(contents):
                path = self.root / f"customers-{number}.csv"
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
                total.add(
                    load_file(
                        permit,
                        self.rooms,
                        open_table,
                        FileOfObject(path, item),
                        mode=mode,
                        as_of=snapshot.as_of,
                        progress=lambda done, of: None,
                        snapshot=snapshot,
                    )
                )
            told = settled(permit, item, snapshot, accept_deletions, self.wait)
        total.check()
        return Told(total, *told)

    def wait(self, sequence: int) -> None:
        """Until the state has it."""
        self.rooms.barrier.wake()
        self.rooms.barrier.wait_for(sequence, 60)

    def standing(self) -> list[str]:
        """The keys that the state still has."""
        self.wait(self.rooms.log.last_sequence)
        reader = self.rooms.reader
        members = [it for one in reader.customers(b"", 1000) for it in reader.fragments_of(one)]
        return sorted(it.key for it in reader.fragments(members).values())

    def deletions(self) -> int:
        """How many the log holds."""
        log = read_folder(self.root / "data").log("log")
        headers = (decode_header(it.header) for it in FileSegmentReader(log).scan())
        return sum(event.kind is EventKind.DELETE for frame in headers for event in frame.events)

    def is_replayed(self) -> bool:
        """Whether the state is what the log says."""
        self.close()
        return LocalHouse().replay(self.root / "data", self.root / "again", lambda *_: None).same


@pytest.fixture
def found(tmp_path):
    """Makes banks, and closes them."""
    with ExitStack() as stack:
        yield lambda **words: Bank(tmp_path, stack, **words)


@pytest.fixture
def bank(found):
    bank = found()
    bank.load(rows(*range(1, 11)))
    return bank


def test_what_a_snapshot_lacks_is_deleted_and_what_is_there_stays(bank):
    told = bank.load(rows(1, 2, 3, 4, 5, 6, 7, 8, 9, 11))
    assert (told.tally.accepted, told.tally.unchanged) == (1, 9)
    assert told.note == "customer: 1 of 10 were not in it; 1 deleted."
    assert bank.standing() == sorted(map(str, [*range(1, 10), 11]))
    assert bank.is_replayed()


def test_the_same_snapshot_again_changes_nothing(bank):
    content = rows(1, 2, 3, 4, 5, 6, 7, 8, 9)
    bank.load(content)
    again = bank.load(content)
    assert (again.tally.accepted, again.tally.unchanged, again.note) == (0, 9, "")
    same = bank.load(content, same_day=True)
    assert (same.tally.accepted, same.note) == (0, "")
    assert bank.deletions() == 1


def test_what_comes_back_stands_again(bank):
    bank.load(rows(*range(1, 10)))
    assert "10" not in bank.standing()
    assert bank.load(rows(*range(1, 11))).tally.accepted == 1
    assert "10" in bank.standing()
    bank.load(rows(*range(1, 10)))
    assert "10" not in bank.standing()
    assert bank.deletions() == 2
    assert bank.is_replayed()


def test_when_too_much_is_missing_nothing_is_deleted_until_somebody_says_so(bank):
    told = bank.load(rows(1, 2, 3, 4, 5, 6, 7))
    assert told.is_stopped
    assert "3 of 10 were not in it; that is more than 20%, so nothing was deleted" in told.note
    assert len(bank.standing()) == 10
    accepted = bank.load(rows(1, 2, 3, 4, 5, 6, 7), same_day=True, accept_deletions=True)
    assert not accepted.is_stopped
    assert accepted.note == "customer: 3 of 10 were not in it; 3 deleted."
    assert len(bank.standing()) == 7


def test_keys_that_all_changed_are_not_a_new_bank(bank):
    told = bank.load(rows(*range(101, 301)))
    assert told.is_stopped
    assert told.tally.accepted == 200
    assert bank.deletions() == 0


def test_the_share_is_the_contracts(found):
    bank = found(snapshotStop=0.5)
    bank.load(rows(*range(1, 11)))
    assert not bank.load(rows(1, 2, 3, 4, 5)).is_stopped
    assert bank.load(rows(1, 2)).is_stopped


def test_a_file_cut_anywhere_deletes_nothing(found):
    bank = found(snapshotStop=1)
    whole = rows(*range(1, 6)).encode()
    bank.load(whole)
    ends = [at for at in range(len(HEADER), len(whole) - 1) if whole[at - 1 : at] != b"\n"]
    for cut in ends:
        told = bank.load(whole[:cut], same_day=True)
        assert told.is_stopped, whole[:cut]
    assert bank.deletions() == 0


def test_a_row_that_cannot_be_read_may_be_the_one_that_is_missing(bank):
    told = bank.load(rows(*range(1, 10)) + "10;ragged\n")
    assert told.is_stopped
    assert "1 rows could not be read" in told.note
    assert bank.deletions() == 0


def test_a_row_that_breaks_the_contract_is_still_there(bank):
    told = bank.load(rows(*range(1, 10)) + "10;Anna 10;31.02.1990;\n")
    assert (told.tally.quarantined, told.note) == (1, "")
    assert bank.deletions() == 0


def test_history_deletes_nothing(bank):
    told = bank.load(rows(1), as_of="2025-01-01", mode=Mode.BACKFILL, accept_deletions=True)
    assert not told.is_stopped
    assert "history" in told.note
    assert bank.deletions() == 0


def test_the_files_of_one_load_are_one_snapshot(bank):
    told = bank.load(rows(1, 2, 3, 4, 5), rows(6, 7, 8, 9))
    assert told.note == "customer: 1 of 10 were not in it; 1 deleted."
    assert told.tally.unchanged == 9


def test_a_wrong_file_among_them_deletes_nothing(bank):
    with pytest.raises(WrongFile, match="columns"):
        bank.load(rows(1, 2, 3, 4, 5, 6, 7, 8, 9), "other;columns\n1;2\n")
    assert bank.deletions() == 0


def test_deletions_do_not_depend_on_the_doors_index(bank):
    bank.load(rows(*range(1, 10)))
    bank.close()
    read_folder(bank.root / "data").door.unlink()
    bank.open()
    again = bank.load(rows(*range(1, 9)))
    assert again.note == "customer: 1 of 9 were not in it; 1 deleted."
    assert bank.deletions() == 2
    assert bank.is_replayed()
