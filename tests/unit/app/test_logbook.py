"""Looking at the logs of a folder while somebody writes them."""

from __future__ import annotations

import threading
from itertools import islice

import msgspec
import pytest

from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.logbook import FolderLogs
from onefold.app.rooms import open_rooms
from onefold.kernel.ids import Cell
from tests.clients import clients, put_contract

BOOK = FolderLogs()


@pytest.fixture
def data(tmp_path):
    create(tmp_path / "data", Cell("demo", "uz"), [put_contract(tmp_path)], None)
    return tmp_path / "data"


def silent(task: str, done: int, total: int | None) -> None:
    """Watches nothing."""


def test_everything_is_counted_while_a_writer_holds_the_lock(data):
    with open_rooms(read_folder(data), follow=False) as opened:
        receipt = opened.rooms.door.offer("bank", "client", clients(1, 2, 3))
        assert receipt.tally.accepted == 3, receipt.tally.reasons
        found = BOOK.stat(data, silent)
        (log, audit, *_) = found.logs
        client = next(it for it in found.objects if (it.source, it.object) == ("bank", "client"))
        assert (client.frames, client.events, client.compacted) == (3, 3, 0)
        assert client.bytes_per_event == round(client.bytes / 3, 1)
        assert sum(it.bytes for it in found.objects) < log.bytes
        assert (log.name, audit.name, log.segments, log.compacted_share) == ("log", "audit", 1, 0)
        assert log.records == sum(it.frames for it in found.objects) == receipt.sequence
        assert log.checkpoint_age_seconds is not None


def test_the_tail_has_headers_and_nothing_of_a_person(data):
    with open_rooms(read_folder(data), follow=False) as opened:
        for key in range(5):
            opened.rooms.door.offer("bank", "client", clients(key))
        lines = list(BOOK.tail(data, "bank", "client", 3, follow=False))
        assert [it.sequence for it in lines] == sorted(it.sequence for it in lines)
        assert [(it.entity, it.kinds) for it in lines] == [("party", {"upsert": 1})] * 3
        assert lines[-1].sequence == opened.rooms.log.last_sequence
        said = msgspec.json.encode(lines)
        assert b"karimov.uz" not in said
        assert b"Dilnoza" not in said
        assert not list(BOOK.tail(data, "bank", "nothing", 3, follow=False))
        assert not list(BOOK.tail(data, "", "", 0, follow=False))


@pytest.mark.timeout(30)
def test_what_comes_is_followed(data):
    with open_rooms(read_folder(data), follow=False) as opened:
        seen = BOOK.tail(data, "bank", "", 0, follow=True)
        later = threading.Timer(0.3, opened.rooms.door.offer, ("bank", "client", clients(1, 2)))
        later.start()
        two = list(islice(seen, 2))
        later.join()
        seen.close()
    assert [it.object for it in two] == ["client", "client"]
