"""A data folder whose data keys were lost: said at once by every command, and nothing is written over it."""

from __future__ import annotations

import json

import pytest

from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.rooms import open_rooms
from onefold.kernel.errors import Damaged
from onefold.kernel.ids import Cell
from tests.unit.record.contracts.sample import customers, document

ROWS = "id;name;born;mobile\n1;Anna Karimova;1990-01-02;\n2;Bo;31.02.1990;\n"


@pytest.fixture
def house():
    return LocalHouse()


@pytest.fixture
def data(tmp_path, house):
    """A folder with a row in the log and one in quarantine."""
    (tmp_path / "core.yaml").write_text(json.dumps(document(customers())), encoding="utf-8")
    house.create(tmp_path / "data", Cell("demo", "uz"), [tmp_path / "core.yaml"], None)
    load(house, tmp_path / "data")
    return tmp_path / "data"


def load(house, data) -> None:
    delivery = data.parent / "customers.csv"
    delivery.write_text(ROWS, encoding="utf-8")
    house.load(data, "core", [delivery], as_of="", backfill=False, watch=lambda *_: None)


@pytest.mark.parametrize("name", ["subject-keys.db", "quarantine-keys.db"])
def test_lost_keys_are_damage_at_every_opening_and_are_not_made_anew(data, house, name):
    folder = read_folder(data)
    for path in folder.of_cell.glob(name + "*"):
        path.unlink()
    before = {path: path.read_bytes() for path in folder.of_cell.rglob("*.seg")}
    with pytest.raises(Damaged, match=name) as caught:
        load(house, data)
    assert "Nothing was written." in caught.value.detail
    assert "backup" in caught.value.hint
    with pytest.raises(Damaged, match=name):
        house.create(data, folder.cell, [], None)
    with pytest.raises(Damaged, match=name), open_rooms(folder):
        pass
    assert not (folder.of_cell / name).exists()
    assert {path: path.read_bytes() for path in folder.of_cell.rglob("*.seg")} == before


@pytest.mark.parametrize(("log", "name"), [("log", "subject-keys.db"), ("quarantine", "quarantine-keys.db")])
def test_verify_finds_that_the_keys_are_gone(data, house, log, name):
    assert house.verify(data).sound
    (read_folder(data).of_cell / name).unlink()
    (found,) = [it for it in house.verify(data).logs if it.findings]
    assert found.name == log
    assert name in found.findings[0]


def test_a_replay_without_the_keys_says_what_is_missing(data, house, tmp_path):
    folder = read_folder(data)
    folder.subject_keys.unlink()
    with pytest.raises(Damaged, match="subject-keys"):
        house.replay(data, tmp_path / "replayed", lambda *_: None)
    assert not folder.subject_keys.exists()


def test_a_folder_without_records_gets_its_keys_when_it_is_opened(tmp_path, house):
    house.create(tmp_path / "new", Cell("demo", "uz"), [], None)
    folder = read_folder(tmp_path / "new")
    for path in (folder.subject_keys, folder.quarantine_keys):
        path.unlink()
    with open_rooms(folder, follow=False):
        assert folder.subject_keys.is_file()
        assert folder.quarantine_keys.is_file()
