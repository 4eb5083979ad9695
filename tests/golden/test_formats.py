"""What was once written stays readable, provable and means what it meant: one kept log a format."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.rooms import open_rooms
from onefold.record.log.frames import decode_header, encode_header
from tests.golden.make import FOLDER, restore, said_by

FORMATS = sorted(FOLDER.glob("format-*.json"))


@pytest.mark.parametrize("path", FORMATS, ids=lambda it: it.stem)
def test_a_log_of_that_format_verifies_opens_and_folds_as_it_did(path: Path, tmp_path: Path) -> None:
    expected = restore(path, tmp_path)
    data = tmp_path / "data"
    kept = {it.parent.name for it in data.rglob("*.seg")}
    checked = {it.name: it.findings for it in LocalHouse().verify(data).logs if it.name in kept}
    assert {"log", "audit", "quarantine"} <= checked.keys()
    assert not any(checked.values()), checked
    with open_rooms(read_folder(data)) as opened:
        opened.rooms.barrier.wait_for(opened.rooms.log.last_sequence, 30)
    assert len(expected) > 4
    assert said_by(data) == expected


def test_the_present_code_writes_headers_as_the_newest_of_them(tmp_path: Path) -> None:
    restore(FORMATS[-1], tmp_path)
    records = list(FileSegmentReader(read_folder(tmp_path / "data").log("log")).scan())
    assert len(records) > 4
    for record in records:
        assert encode_header(decode_header(record.header)) == record.header


def test_the_newest_of_them_has_frames_of_both_kinds(tmp_path: Path) -> None:
    restore(FORMATS[-1], tmp_path)
    records = FileSegmentReader(read_folder(tmp_path / "data").log("log")).scan()
    deflated = [
        sum(event.size for event in decode_header(it.header).events) > len(it.payload or b"")
        for it in records
    ]
    assert any(deflated)
    assert not all(deflated)
