"""A load that is interrupted goes on where it was: every row counts once, and the state is the same.

In this process the door fails in the middle; as a process of its own the load is killed with kill -9.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.adapters.files.tables import open_table
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import parse_as_of
from onefold.app.rooms import open_rooms
from onefold.kernel.errors import Unavailable
from onefold.kernel.ids import Cell
from onefold.record.intake import commit, door
from onefold.record.intake.model import Mode, Tally
from onefold.usecases.load_file import load_file, plan_load
from tests.unit.record.contracts.sample import customers, document

CELL = Cell("demo", "uz")
COLUMNS = ("id", "name", "born", "mobile")
ROWS = [(str(number), f"Anna {number}", "1990-01-02", "") for number in range(1, 26)]


def csv(path, rows=ROWS):
    lines = [";".join(row) for row in (COLUMNS, *rows)]
    path.write_bytes("\ufeff".encode() + "\r\n".join(lines).encode() + b"\r\n")


def jsonl(path):
    path.write_text("\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in ROWS))


def parquet(path):
    columns = {name: [row[at] for row in ROWS] for at, name in enumerate(COLUMNS)}
    pq.write_table(pa.table(columns), path)


def xlsx(path):
    book = openpyxl.Workbook()
    for row in (COLUMNS, *ROWS):
        book.active.append(row)
    book.save(path)


class Bank:
    """A folder that loads one file of customers."""

    def __init__(self, root, kind: str) -> None:
        self.root = root
        shape = {"name": "customers*", "format": kind, "delimiter": ";"}
        contract = root / "core.yaml"
        contract.write_text(json.dumps(document(customers(file=shape))), encoding="utf-8")
        create(root / "data", CELL, [contract], None)
        self.folder = read_folder(root / "data")
        self.path = root / f"customers.{kind}"
        self.read: list[int] = []

    def load(self, as_of: str = "") -> Tally:
        """The account of a load."""
        with open_rooms(self.folder, follow=False) as opened:
            rooms = opened.rooms
            (file,) = plan_load(rooms.contracts, "core", [self.path]).files
            self.read = []
            return load_file(
                rooms.gate.admit("core", "cli"),
                rooms,
                open_table,
                file,
                mode=Mode.CURRENT,
                as_of=parse_as_of(as_of),
                progress=lambda done, of: self.read.append(done),
                bookmarks=FileBookmarks(self.folder.bookmarks),
            )

    def kept(self) -> int:
        """How many bookmarks there are."""
        return len(list(self.folder.bookmarks.glob("*"))) if self.folder.bookmarks.exists() else 0


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """Makes a bank whose load was interrupted behind 15 of 25 rows, in chunks of five."""
    monkeypatch.setattr(door, "CHUNK_ROWS", 5)

    def make(kind: str = "csv", write=csv) -> Bank:
        bank = Bank(tmp_path, kind)
        write(bank.path)
        submit, count = commit.Committer.submit, iter(range(1, 100))

        def failing(self, source, rows, run):
            if source == "core" and next(count) == 4:
                raise Unavailable("The disk is full.")
            return submit(self, source, rows, run)

        with monkeypatch.context() as broken:
            broken.setattr(commit.Committer, "submit", failing)
            with pytest.raises(Unavailable):
                bank.load()
        assert bank.kept() == 1
        return bank

    return make


@pytest.mark.parametrize(
    ("kind", "write"), [("csv", csv), ("jsonl", jsonl), ("parquet", parquet), ("xlsx", xlsx)]
)
def test_the_next_load_goes_on_and_accounts_for_every_row_once(interrupted, kind, write):
    bank = interrupted(kind, write)
    assert bank.load() == Tally(offered=25, accepted=25)
    assert bank.kept() == 0
    assert bank.load() == Tally(offered=25, unchanged=25), "a load that ended is not gone on with"


def test_a_file_of_lines_is_not_read_again_from_its_beginning(interrupted):
    bank = interrupted()
    bank.load()
    assert len(bank.read) == 3, "two chunks, and the end"


def test_another_file_of_the_same_size_begins_at_its_beginning(interrupted):
    bank = interrupted()
    csv(bank.path, [(*row[:1], row[1].replace("Anna", "Emma"), *row[2:]) for row in ROWS])
    assert bank.load() == Tally(offered=25, accepted=25)


def test_a_log_that_was_put_back_is_not_skipped(interrupted):
    bank = interrupted()
    (kept,) = bank.folder.bookmarks.iterdir()
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "sequence": 10**6}))
    assert bank.load() == Tally(offered=25, accepted=10, unchanged=15)


def test_a_newer_delivery_meanwhile_does_not_stand_in_the_way(interrupted, tmp_path):
    bank = interrupted()
    whole = bank.path
    bank.path = tmp_path / "customers-2.csv"
    csv(bank.path, [("1", "Emma", "", "")])
    bank.load()
    bank.path = whole
    assert bank.load() == Tally(offered=25, accepted=11, unchanged=14)


@pytest.mark.timeout(300)
def test_a_load_that_is_killed_and_repeated_ends_in_the_same_state(tmp_path):
    bank = Bank(tmp_path, "csv")
    csv(bank.path, [(str(number), f"Anna {number}", "1990-01-02", "") for number in range(30_000)])
    other = tmp_path / "other"
    shutil.copytree(tmp_path / "data", other / "data")
    shutil.copytree(tmp_path / "data-checkpoints", other / "data-checkpoints")

    def command(data):
        return [sys.executable, "-m", "onefold", "load", "core", str(bank.path), "--as-of", "2026-01-01",
                "--data", str(data)]  # fmt: skip

    with subprocess.Popen(command(bank.folder.root), stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 120
        while not bank.kept() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
    assert process.returncode == -9, "it was to be killed in the middle"
    again = subprocess.run(command(bank.folder.root), capture_output=True, text=True, check=True).stdout
    (line,) = [it.split() for it in again.splitlines() if it.strip().startswith("customer ")]
    offered, accepted, duplicate, *others = (int(it.replace(",", "")) for it in line[2:])
    assert (offered, accepted + duplicate, sum(others)) == (30_000, 30_000, 0)
    subprocess.run(command(other / "data"), capture_output=True, check=True)
    hashes = []
    for data in (bank.folder.root, other / "data"):
        replayed = LocalHouse().replay(data, data.with_name("again"), lambda *_: None)
        assert replayed.same
        hashes.append(replayed.in_use)
    assert hashes[0] == hashes[1]
