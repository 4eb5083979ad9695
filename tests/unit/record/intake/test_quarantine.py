"""The quarantine: listed without values, read by who may, damaged bytes never guessed."""

from __future__ import annotations

import msgspec
import pytest

from onefold.kernel.errors import CallerError, Damaged, NotFound
from onefold.record.intake.quarantine import decode_held, sequence_of
from onefold.record.intake.runs import Run, Way
from onefold.record.log.model import Record
from onefold.testing.intake import NOW_MS, MemoryIntake, rows
from tests.unit.record.contracts.sample import contract, customers, movements


@pytest.fixture
def intake():
    """Three bad rows of two objects in quarantine."""
    intake = MemoryIntake(contract(customers(), movements()))
    anna = {"id": "1", "name": "Anna Karimova", "born": "2024-02-30", "mobile": ""}
    moved = {"id": "7", "account": "A1", "day": "2024-05-01", "side": "X", "amount": "12.50"}
    intake.door.offer("core", "customer", rows(anna, anna | {"id": ""}))
    intake.door.offer("core", "movement", rows(moved))
    return intake


def test_rows_are_listed_newest_first_with_reason_and_field(intake):
    listed = [(it.object, it.reason, it.field, it.line) for it in intake.listed()]
    assert listed == [
        ("movement", "unknown_value", "side", 1),
        ("customer", "required_missing", "id", 2),
        ("customer", "bad_date", "born", 1),
    ]
    assert intake.listed()[0].held_at == NOW_MS


def test_a_row_knows_the_run_that_brought_it_and_one_from_before_there_were_runs_has_none(intake):
    run = Run(Way.FILES, NOW_MS, "operator")
    intake.door.during(run).offer("core", "customer", rows({"id": "9", "name": "", "born": "x"}))
    assert (intake.listed()[0].way, intake.listed()[0].began_at) == ("files", NOW_MS)
    header = intake.held._records[0].header
    old = msgspec.msgpack.encode(msgspec.msgpack.decode(header)[:11])
    found = decode_held(Record(1, old, b"", b""))
    assert (found.reason, found.way, found.began_at) == ("bad_date", "", 0)


def test_a_held_row_can_be_read_and_is_sealed(intake):
    held, body = intake.quarantine.read(1)
    assert held.reason == "bad_date"
    assert b"Anna Karimova" in body
    assert not any(b"Anna" in record.header + (record.payload or b"") for record in intake.held.scan())


def test_a_row_that_is_not_there_is_not_found(intake):
    for sequence in (0, 99):
        with pytest.raises(NotFound):
            intake.quarantine.read(sequence)
    with pytest.raises(CallerError):
        sequence_of("x")


def test_a_changed_row_is_damaged(intake):
    record = intake.held._records[0]
    changed = bytes([record.payload[0] ^ 1]) + record.payload[1:]
    intake.held._records[0] = Record(1, record.header, changed, record.payload_digest)
    with pytest.raises(Damaged):
        intake.quarantine.read(1)


def test_without_the_key_of_its_source_a_row_stays_shut(intake):
    key_id = intake.cell_key.digest(b"quarantine", b"core")
    intake.quarantine_keys.destroy([key_id])
    assert intake.quarantine.read(1)[1] == b""
