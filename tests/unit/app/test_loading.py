"""Loading on one machine: Onefold's own folders are no delivery, and what is said of rows is true of rows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from onefold.app.creating import create
from onefold.app.folder import DataFolder, create_folder, read_folder
from onefold.app.loading import load, parse_as_of
from onefold.app.rooms import open_rooms
from onefold.channels.cli.house import Loaded
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.kernel.time import iso_instant
from onefold.record.intake.held import Wanted

CELL = Cell("demo", "uz")
CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: bank
version: 1.0.0
status: active
name: Bank
domain: banking
description: {purpose: Who banks with us.}
team: {name: Core banking}
slaProperties:
  - {property: freshness, value: 1, unit: d}
customProperties:
  - {property: purposes, value: [servicing]}
schema:
  - name: customers
    properties:
      - {name: id, logicalType: string, primaryKey: true, required: true, classification: pii}
      - {name: born, logicalType: string, classification: pii}
    customProperties:
      - {property: entity, value: party}
      - {property: delivers, value: record}
      - {property: file, value: {name: "customers*.csv", format: csv}}
      - {property: map, value: {kind: {value: person}, birth_date: {from: born, as: date}}}
"""


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """A data folder within the folder that will be loaded, as somebody has it who works in one place."""
    (tmp_path / "bank.yaml").write_text(CONTRACT)
    create(tmp_path / "state", CELL, [tmp_path / "bank.yaml"], None)
    (tmp_path / "customers.csv").write_text("id,born\n1,1988-03-14\n2,1990-02-31\n2,1990-02-31\n")
    return read_folder(tmp_path / "state")


def load_all(folder: DataFolder, as_of: str) -> Loaded:
    """Loads everything that lies where the data folder lies."""
    place = folder.root.parent
    return load(folder, "bank", [place], as_of=as_of, backfill=False, watch=lambda *_: None)


def test_onefolds_own_folders_are_not_among_what_a_load_passed_over(folder, monkeypatch):
    create_folder(folder.root.parent / "another", CELL, None)
    monkeypatch.chdir(folder.root.parent)
    loaded = load(
        read_folder(Path("state")), "bank", [Path(".")], as_of="", backfill=False, watch=lambda *_: None
    )
    assert [it.name for it in loaded.skipped] == ["bank.yaml"]
    assert [it.files for it in loaded.objects] == [("customers.csv",)]


def test_rows_new_in_quarantine_are_those_it_then_lists(folder):
    assert load_all(folder, "2026-01-31").held == 1
    with open_rooms(folder) as opened:
        assert len(opened.rooms.held.page(Wanted()).items) == 1
    again = load_all(folder, "2026-02-01")
    assert (again.objects[0].counts.quarantined, again.held) == (2, 0)


def test_a_day_speaks_of_its_end_and_an_instant_of_itself():
    assert iso_instant(parse_as_of("2026-09-30") or 0) == "2026-09-30T23:59:59.999Z"
    stated = parse_as_of("2026-09-30T18:00:00+05:00")
    assert stated == int(datetime(2026, 9, 30, 13, tzinfo=UTC).timestamp() * 1000)
    assert parse_as_of("") is None


@pytest.mark.parametrize(
    "text", ["30.09.2026", "2026-02-30", "yesterday", "2026-9-30", "0001-01-01T00:00+05:00"]
)
def test_a_day_that_is_none_is_answered_with_one_that_is(text):
    with pytest.raises(CallerError, match="not written as one") as told:
        parse_as_of(text)
    assert "like 2026-09-30" in str(told.value)
