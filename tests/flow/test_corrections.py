"""A mapping that was wrong is mended: published as a correction, replayed, right; the log is not touched."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.app import proof, succession
from onefold.app.contracts import ADOPTED, Published
from onefold.app.creating import create
from onefold.app.demo import LOGINS, PASSWORD
from onefold.app.folder import DataFolder, read_folder
from onefold.app.house import LocalHouse
from onefold.app.rooms import open_rooms
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.record.contracts.errors import BrokenContract
from tests.clients import CONTRACT, clients, corrected, put_contract
from tests.flow.server import Server

CELL = Cell("demo", "uz")
HOUSE = LocalHouse()


def silent(task: str, done: int, total: int | None) -> None:
    """Watches nothing."""


def offer(folder: DataFolder, rows) -> None:
    """Takes rows to the state, as a server would."""
    with open_rooms(folder) as opened:
        receipt = opened.rooms.door.offer("bank", "client", rows)
        assert receipt.tally.accepted == len(rows), receipt.tally.reasons
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)


def names(folder: DataFolder) -> list[str]:
    """The given name of every customer that has one."""
    reader = SqliteCustomerReader(folder.state)
    found = reader.fragments(
        [it for customer in reader.customers(b"", 99) for it in reader.fragments_of(customer)]
    )
    values = [it.values or {} for it in found.values()]
    set_aside = len(reader.set_aside(99))
    reader.close()
    return sorted(str(it.get("given_name", "a firm")) for it in values) + ["set aside"] * set_aside


def adopted(folder: DataFolder) -> list[tuple[str, str]]:
    """The corrections that were put in force, for the audit, and by whom."""
    return [(it.version, it.by) for it in Published(folder.contracts).entries() if it.status == ADOPTED]


def log_of(folder: DataFolder) -> str:
    """What the events of the log are, byte for byte."""
    segments = sorted(folder.log("log").glob("*.seg"))
    return sha256(b"".join(it.read_bytes() for it in segments)).hexdigest()


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    """Two clients, read with their names mixed up; then the correction is published and a firm comes."""
    create(tmp_path / "data", CELL, [put_contract(tmp_path)], None)
    found = read_folder(tmp_path / "data")
    offer(found, clients(1, 2))
    create(tmp_path / "data", CELL, [put_contract(tmp_path, corrected(), "mended.yaml")], None)
    offer(found, clients(3, type="f"))
    return found


def test_the_mended_mapping_is_in_force_after_a_replay_and_the_log_is_as_it_was(folder, tmp_path):
    # The state in use is read as before, whole: the firm, which that reading does not know, waits.
    assert names(folder) == ["Karimova1", "Karimova2", "set aside"]
    before = log_of(folder)
    compared = HOUSE.replay(folder.root, tmp_path / "compared", silent)
    assert compared.same
    assert compared.waiting == ("bank 1.0.0+1",)

    replayed = HOUSE.replay(folder.root, tmp_path / "built", silent, adopt=True)
    assert replayed.adopted
    assert replayed.rebuilt != replayed.in_use
    assert names(folder) == ["Dilnoza", "Dilnoza", "Dilnoza"]
    assert log_of(folder) == before
    assert HOUSE.verify(folder.root).sound

    offer(folder, clients(4))
    again = HOUSE.replay(folder.root, tmp_path / "again", silent)
    assert again.same
    assert again.waiting == ()


def test_a_state_that_was_lost_is_made_with_the_correction(folder):
    for path in folder.of_cell.glob("state.db*"):
        path.unlink()
    with open_rooms(folder) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
    assert names(folder) == ["Dilnoza", "Dilnoza", "Dilnoza"]


def test_while_somebody_else_writes_the_log_the_state_lies_ready_and_says_so(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(succession, "TAKEN_SECONDS", 0.1)
    with open_rooms(folder) as opened:
        told = HOUSE.replay(folder.root, tmp_path / "built", silent, adopt=True)
        assert (told.adopted, told.handed_over, told.waiting) == (False, True, ("bank 1.0.0+1",))
        assert names(folder)[0] == "Karimova1"
        opened.rooms.door.offer("bank", "client", clients(4))
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
        acknowledged = opened.rooms.log.last_sequence
    with open_rooms(folder, follow=False) as opened:
        assert opened.rooms.reader.offset >= acknowledged, "nothing that was in force is forgotten"
        assert names(folder) == ["Dilnoza"] * 4
    assert not folder.next_state.exists()
    assert HOUSE.replay(folder.root, tmp_path / "again", silent).same
    assert adopted(folder) == [("1.0.0+1", f"operator:{folder.root.owner()}")]


def test_a_correction_that_was_overtaken_is_not_said_to_be_adopted(folder, tmp_path, monkeypatch):
    """The state that was left is thrown away by whoever serves, as one of a newer correction is in use."""

    def overtaken(state: Path, of: DataFolder) -> bool:
        late = state.read_bytes()
        create(of.root, CELL, [put_contract(tmp_path, corrected("1.0.0+2"), "again.yaml")], None)
        HOUSE.replay(of.root, tmp_path / "newer", silent, adopt=True)
        of.next_state.write_bytes(late)
        with open_rooms(of, follow=False):
            pass
        return succession.until_taken(of)

    turns = iter([False, True])
    monkeypatch.setattr(proof, "hand_over", overtaken)
    monkeypatch.setattr(proof, "_alone", lambda *_: next(turns))
    with pytest.raises(CallerError, match="adopted meanwhile"):
        HOUSE.replay(folder.root, tmp_path / "built", silent, adopt=True)
    assert [version for version, _ in adopted(folder)] == ["1.0.0+2"]


def test_a_running_server_goes_over_to_the_mended_mapping_by_itself(folder, tmp_path):
    users = HOUSE.users(folder.root)
    users.add("rm", PASSWORD, LOGINS["rm"])
    with Server(folder.root) as server:
        with server.signed_in("rm") as manager:
            assert manager.get("/api/customers", params={"q": "Karimova1"}).json()["items"]
        told = HOUSE.replay(folder.root, tmp_path / "built", silent, adopt=True)
        assert (told.adopted, told.handed_over) == (True, True)
        server.until_ready()
        with server.signed_in("rm") as manager:
            (found, *_) = manager.get("/api/customers", params={"q": "Karimova1"}).json()["items"]
            shown = manager.get(f"/api/customers/{found['customer']}").text
        assert "Dilnoza" in shown
        assert server.stop() == 0, "it is the same process, which ends when it is told to"
    assert names(folder) == ["Dilnoza", "Dilnoza", "Dilnoza"]
    assert HOUSE.replay(folder.root, tmp_path / "again", silent).same
    assert HOUSE.verify(folder.root).sound


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (corrected("1.1.0+1"), "never published"),
        (
            corrected("1.0.0+2").replace("primaryKey: true", "primaryKey: true, required: true"),
            "publish a new",
        ),
        (corrected("1.0.0+2").replace("{from: changed", "{from: id"), "decided what is in the log"),
    ],
)
def test_a_correction_changes_the_meaning_and_nothing_else(folder, tmp_path, text, words):
    before = sorted(it.name for it in folder.contracts.iterdir())
    assert text not in (CONTRACT, corrected())
    with pytest.raises(BrokenContract, match=words):
        create(folder.root, CELL, [put_contract(Path(tmp_path), text, "other.yaml")], None)
    assert sorted(it.name for it in folder.contracts.iterdir()) == before


def test_a_version_is_corrected_whatever_is_in_force_since(folder, tmp_path):
    newer = corrected("1.1.0")
    create(folder.root, CELL, [put_contract(Path(tmp_path), newer, "newer.yaml")], None)
    create(folder.root, CELL, [put_contract(Path(tmp_path), corrected("1.0.0+2"), "again.yaml")], None)
    with open_rooms(folder) as opened:
        assert opened.rooms.contracts.latest("bank").contract.version == "1.1.0"
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
    assert HOUSE.replay(folder.root, tmp_path / "built", silent).waiting == ("bank 1.0.0+2",)
