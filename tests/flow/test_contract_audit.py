"""What becomes of contracts is in the audit, once, whoever publishes and whoever has the folder open."""

from __future__ import annotations

import time

import pytest

from onefold.app.contracts import Published
from onefold.app.creating import create
from onefold.app.folder import DataFolder, read_folder
from onefold.app.house import LocalHouse
from onefold.app.publishing import KIND, take_in, taking_in_contracts
from onefold.app.rooms import open_rooms
from onefold.kernel.ids import Cell
from onefold.record.audit.model import AuditFilter, AuditRecord
from onefold.usecases.publish_contract import publish_contract
from onefold.usecases.rooms import Rooms
from tests.clients import CONTRACT, corrected, put_contract

NEWER = CONTRACT.replace("version: 1.0.0", "version: 1.1.0")


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    create(tmp_path / "data", Cell("demo", "uz"), [put_contract(tmp_path)], None)
    return read_folder(tmp_path / "data")


def publish(folder: DataFolder, text: str, status: str = "", despite: str = "") -> None:
    """As `onefold contract publish` does, from another process."""
    house = LocalHouse()
    shelf, file = house.contract_shelf(folder.root), ("bank.yaml", text.encode())
    publish_contract(shelf, house.segments(), file, status=status, by="operator:nodira", despite=despite)


def records(rooms: Rooms) -> list[AuditRecord]:
    """Of contracts, oldest first."""
    return list(reversed(rooms.audit.page(AuditFilter(kind=KIND), limit=500).items))


def told(rooms: Rooms) -> list[tuple[str, str]]:
    return [(it.details["version"], it.outcome) for it in records(rooms)]


def test_each_status_of_a_version_is_told_once_with_who_and_the_digest_of_why(folder):
    publish(folder, NEWER, "draft")
    publish(folder, NEWER, "active", despite="the branches know")
    publish(folder, CONTRACT, "deprecated")
    publish(folder, CONTRACT, "retired")
    for _ in range(2):
        with open_rooms(folder, follow=False) as opened:
            rooms = opened.rooms
            assert told(rooms) == [
                ("1.0.0", "active"), ("1.1.0", "draft"), ("1.1.0", "active"),
                ("1.0.0", "deprecated"), ("1.0.0", "retired"),
            ]  # fmt: skip
            first, _, third = records(rooms)[:3]
            assert first.actor.startswith("operator:")
            assert (third.actor, third.action, third.details["source"]) == (
                "operator:nodira", "publish_contract", "bank",
            )  # fmt: skip
            assert rooms.audit.said_was(third, "the branches know")
            assert third.details["on"].endswith("Z")


def test_who_has_the_folder_open_tells_what_another_process_publishes(folder):
    with open_rooms(folder, follow=False) as opened, taking_in_contracts(opened.rooms, folder):
        publish(folder, NEWER)
        deadline = time.monotonic() + 20
        while ("1.1.0", "active") not in told(opened.rooms) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert told(opened.rooms) == [("1.0.0", "active"), ("1.1.0", "active")]


def test_a_status_that_changes_nothing_else_is_told_too(folder):
    with open_rooms(folder, follow=False) as opened:
        publish(folder, CONTRACT, "deprecated")
        take_in(opened.rooms, Published(folder.contracts))
        assert told(opened.rooms) == [("1.0.0", "active"), ("1.0.0", "deprecated")]


def test_what_was_published_before_statuses_were_kept_is_told_as_it_is(folder):
    (folder.contracts / "statuses.jsonl").unlink()
    with open_rooms(folder, follow=False) as opened:
        # What the audit has is of the file that was lost; the version is told once more, by nobody known.
        assert [(it.outcome, it.actor) for it in records(opened.rooms)][1:] == [("active", "unknown")]


def test_a_correction_is_told_when_it_is_published_and_when_it_is_in_force(folder, tmp_path):
    publish(folder, corrected())
    LocalHouse().replay(folder.root, tmp_path / "built", lambda *_: None, adopt=True)
    with open_rooms(folder, follow=False) as opened:
        assert told(opened.rooms) == [("1.0.0", "active"), ("1.0.0+1", "active"), ("1.0.0+1", "adopted")]
        assert records(opened.rooms)[-1].action == "adopt_correction"
        assert opened.rooms.contracts.latest("bank").contract.version == "1.0.0+1"
