"""Erasing payloads: what goes, what stays, what is signed for."""

from __future__ import annotations

import pytest

from onefold.adapters.files.compaction import CompactReport
from onefold.adapters.files.verify import read_leaves
from onefold.kernel.errors import Damaged, Unavailable
from onefold.record.log.checkpoints import Compaction
from onefold.record.log.proof import faults_of
from tests.logs import CELL, NAME, LogOnDisk, contents, entries


def odd(header: bytes) -> bool:
    """Takes every second record."""
    return int(header.split()[1]) % 2 == 1


@pytest.fixture
def log(tmp_path):
    """Three sealed segments and a last one, closed."""
    made = LogOnDisk(tmp_path)
    writer = made.open()
    for number in range(4):
        writer.append(entries(10, size=200, start=10 * number))
        if number < 3:
            writer.roll()
    writer.close()
    return made


def statements(log: LogOnDisk) -> list[Compaction]:
    """What was signed as dropped."""
    signed = log.checkpoints.read(CELL, NAME)
    return [it.statement for it in signed if isinstance(it.statement, Compaction)]


def test_payloads_go_from_all_segments_but_the_last_and_everything_else_stays(log):
    report = log.compact(odd)
    assert (report.segments, report.dropped) == (3, 15)
    assert contents(log.reader()) == [
        (header, None if odd(header) and number < 30 else payload)
        for number, (header, payload) in enumerate(entries(40, size=200))
    ]


def test_no_byte_of_a_dropped_payload_is_left_and_space_is_given_back(log):
    before = {path: path.stat().st_size for path in log.segments()}
    payload = entries(2, size=200)[1][1]
    assert payload in log.segment().read_bytes()
    report = log.compact(odd)
    assert payload not in log.segment().read_bytes()
    assert report.freed_bytes == sum(size - path.stat().st_size for path, size in before.items())
    assert report.freed_bytes == 15 * (200 - 32)


def test_leaves_roots_and_proofs_stand_after_an_erasure(log):
    before, proof = read_leaves(log.folder, 11), log.proofs().prove(12)
    log.compact(odd)
    assert read_leaves(log.folder, 11) == before
    (record,) = log.reader().read(11, 1)
    assert record.payload is None
    assert faults_of(proof, log.public_keys) == []
    after = log.proofs().prove(12)
    assert (after.path, after.payload_digest, after.payload) == (proof.path, proof.payload_digest, None)
    assert faults_of(after, log.public_keys) == []
    assert log.verify().sound
    assert log.verify().compacted == 15


def test_what_is_dropped_is_signed_for_in_ranges(log):
    log.compact(lambda header: int(header.split()[1]) in (0, 1, 2, 5, 13))
    assert [(it.segment, it.dropped) for it in statements(log)] == [
        (1, ((1, 3), (6, 6))),
        (11, ((14, 14),)),
    ]


def test_a_second_erasure_adds_to_the_first_and_repeats_nothing(log):
    log.compact(lambda header: header == b"header 3")
    assert log.compact(lambda header: header == b"header 3") == CompactReport(0, 0, 0)
    log.compact(lambda header: header in (b"header 3", b"header 4"))
    assert [it.dropped for it in statements(log)] == [((4, 4),), ((5, 5),)]
    assert log.verify().sound


def test_the_log_goes_on_after_an_erasure(log):
    log.compact(odd)
    writer = log.open()
    assert writer.append(entries(1, start=40)) == 41
    writer.close()
    assert log.verify().sound


def test_an_erasure_while_a_writer_and_a_reader_are_at_work_disturbs_neither(log):
    writer, reader = log.open(), log.reader()
    assert len(reader.read(0, 35)) == 35
    log.compact(odd)
    writer.append(entries(1, size=200, start=40))
    assert [record.sequence for record in reader.read(0, 100)] == list(range(1, 42))
    writer.close()
    assert log.verify().sound


def test_a_crash_between_the_signature_and_the_new_file_is_harmless(log, monkeypatch):
    monkeypatch.setattr("onefold.adapters.files.disk.Disk.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        log.compact(odd)
    monkeypatch.undo()
    assert contents(log.reader()) == entries(40, size=200)
    assert log.verify().sound
    log.compact(odd)
    assert log.verify().sound


def interrupted(*_):
    """The process ends here."""
    raise KeyboardInterrupt


def test_a_payload_that_was_dropped_without_a_signature_is_found(log):
    whole = log.checkpoint_file.read_bytes()
    log.compact(lambda header: header == b"header 3")
    log.checkpoint_file.write_bytes(whole)
    (finding,) = log.verify().findings
    assert finding.sequence == 4
    assert "no signed erasure" in finding.what


def test_a_damaged_segment_is_not_compacted(log):
    path = log.segment(11)
    data = bytearray(path.read_bytes())
    data[300] ^= 1
    path.write_bytes(data)
    with pytest.raises(Damaged):
        log.compact(odd)
    assert path.read_bytes() == bytes(data)


def test_a_segment_that_readers_still_count_bytes_in_is_left_alone(log):
    writer = log.open()
    mark = (log.folder / "durable").read_bytes()
    writer.roll()
    (log.folder / "durable").write_bytes(mark)
    assert log.compact(lambda header: header == b"header 35").dropped == 0
    writer.close()


def test_without_its_statement_nothing_is_dropped(log):
    log.outside.rename(log.outside.with_name("away"))
    log.outside.write_text("a file stands in the way")
    with pytest.raises(Unavailable):
        log.compact(odd)
    assert contents(log.reader()) == entries(40, size=200)
