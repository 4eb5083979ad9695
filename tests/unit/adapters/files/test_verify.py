"""Verifying files: sound logs of every shape, and findings that name the place."""

from __future__ import annotations

import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from onefold.adapters.files.checkpoints import unfinished_line
from onefold.adapters.files.keys import FileSigner
from onefold.adapters.files.layout import encode_group
from onefold.adapters.files.verify import read_leaves, verify_folder
from onefold.kernel.errors import Damaged, Unavailable
from tests.logs import CELL, NAME, LogOnDisk, abandon, entries


@pytest.fixture
def log(tmp_path):
    return LogOnDisk(tmp_path)


def findings(log: LogOnDisk) -> str:
    """All findings as one text."""
    return "\n".join(str(it) for it in log.verify().findings)


def change(path, at: int, mask: int = 0x01) -> None:
    """Flips bits of one byte."""
    data = bytearray(path.read_bytes())
    data[at] ^= mask
    path.write_bytes(data)


def filled(log: LogOnDisk, **settings) -> None:
    """Three hundred records, closed."""
    writer = log.open(**settings)
    for number in range(60):
        writer.append(entries(5, start=5 * number))
    writer.close()


def test_an_empty_log_is_sound(log):
    log.open().close()
    report = log.verify()
    assert report.sound
    assert (report.segments, report.records, report.checkpoints) == (1, 0, 1)


def test_a_log_that_is_not_there_is_not_sound(log):
    assert "no valid checkpoint" in findings(log)


def test_the_report_counts_what_is_sealed_and_what_is_not(log):
    writer = log.open(checkpoint_records=200, segment_bytes=5000)
    for number in range(50):
        writer.append(entries(5, start=5 * number))
    report = log.verify()
    assert report.sound
    assert (report.records, report.sealed_through + report.unsealed) == (250, 250)
    assert report.segments == len(log.segments())
    assert report.unsealed > 0
    writer.close()
    report = log.verify()
    assert (report.sealed_through, report.unsealed) == (250, 0)


def test_verifying_while_a_writer_writes_is_sound(log):
    writer = log.open()
    writer.append(entries(3))
    with log.segment().open("ab") as file:
        file.write(encode_group(4, entries(4, start=3))[0][:-9])
    report = log.verify()
    assert report.sound
    assert report.torn_bytes > 0
    assert report.records == 3
    writer.append(entries(4, start=3))
    assert log.verify().torn_bytes == 0
    writer.close()


def test_verifying_changes_no_file(log):
    filled(log, segment_bytes=5000)
    change(log.segments()[1], 700)
    before = {path: path.read_bytes() for path in log.folder.iterdir()}
    assert not log.verify().sound
    assert {path: path.read_bytes() for path in log.folder.iterdir()} == before


def test_verifying_needs_the_files_and_the_public_key_and_nothing_else(log, tmp_path):
    filled(log)
    (log.folder / "durable").unlink()
    (log.folder / "lock").unlink()
    log.outside.chmod(0o500)
    assert log.verify().sound


def test_under_another_public_key_nothing_vouches(log):
    filled(log)
    other = FileSigner(os.urandom(32))
    report = verify_folder(log.folder, log.outside, NAME, CELL, {other.key_id: other.public_key})
    assert not report.sound
    assert report.checkpoints == 0
    assert "a key that was not given" in str(report.findings[0])


def test_checkpoints_of_a_former_signing_key_count_when_it_is_given_too(log):
    filled(log)
    former, keys = log.signer, log.public_keys
    log.signer = FileSigner(os.urandom(32))
    log.checkpoints = type(log.checkpoints)(log.outside, log.signer)
    writer = log.open()
    writer.append(entries(1, start=300))
    writer.close()
    log.public_keys = {**keys, log.signer.key_id: log.signer.public_key}
    assert log.verify().sound
    log.public_keys = {log.signer.key_id: log.signer.public_key}
    assert former.key_id in findings(log)


def test_a_changed_record_is_named_with_its_file_and_sequence(log):
    filled(log, segment_bytes=5000)
    path = log.segments()[1]
    change(path, 1000)
    first = log.verify().findings[0]
    assert first.place == path.name
    assert first.sequence > int(path.stem)
    assert "was changed" in first.what


def test_everything_behind_a_changed_record_is_still_counted(log):
    filled(log)
    data = log.segment().read_bytes()
    change(log.segment(), data.index(b"header 100"))
    report = log.verify()
    assert report.records == 300
    assert [it.sequence for it in report.findings] == [101, 300]


def test_what_is_behind_a_record_without_a_length_cannot_be_counted_but_later_segments_are(log):
    filled(log, segment_bytes=5000)
    path = log.segments()[1]
    change(path, 84 + 8)
    report = log.verify()
    assert report.findings[0].sequence == int(path.stem)
    assert report.segments == len(log.segments())
    assert report.records > 200


@pytest.mark.parametrize("at", [0, 10, 41, 50, 83])
def test_a_changed_header_is_named(log, at):
    filled(log, segment_bytes=5000)
    path = log.segments()[2]
    change(path, at)
    assert f"{path.name}: its header was changed or cut" in findings(log)


def test_a_changed_checkpoint_line_is_named_and_the_others_still_vouch(log):
    filled(log, checkpoint_records=100)
    lines = log.checkpoint_file.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"size":100', b'"size":101')
    log.checkpoint_file.write_bytes(b"".join(lines))
    report = log.verify()
    assert [str(it) for it in report.findings] == ["demo_uz_log.jsonl, line 2: its signature is wrong"]
    assert report.sealed_through == 300


def test_a_checkpoint_line_that_cannot_be_read_is_named(log):
    filled(log)
    with log.checkpoint_file.open("ab") as file:
        file.write(b"scribble\n")
    assert "demo_uz_log.jsonl, line 3: cannot be read" in findings(log)


def test_a_last_checkpoint_line_that_was_cut_is_named_until_the_next_one_is_signed(log):
    filled(log)
    whole = log.checkpoint_file.read_bytes()
    log.checkpoint_file.write_bytes(whole[:-9])
    assert "demo_uz_log.jsonl, line 2: was cut" in findings(log)
    writer = log.open()
    writer.append(entries(1, start=300))
    writer.close()
    assert log.verify().sound


def test_a_checkpoint_that_is_just_being_written_is_not_taken_for_a_cut_one(log):
    filled(log)
    whole = log.checkpoint_file.read_bytes()
    log.checkpoint_file.write_bytes(whole[:-9])
    with log.checkpoint_file.open("ab") as file, ThreadPoolExecutor(1) as pool:
        fcntl.flock(file, fcntl.LOCK_EX)
        place = pool.submit(unfinished_line, log.outside, CELL, NAME)
        time.sleep(0.05)
        file.write(whole[-9:])
        file.flush()
        fcntl.flock(file, fcntl.LOCK_UN)
        assert place.result() == ""


@pytest.mark.parametrize("mark", [b"x" * 28, b"x", bytes(28)])
def test_a_mark_that_was_changed_is_named_and_set_right_by_opening(log, mark):
    filled(log)
    (log.folder / "durable").write_bytes(mark)
    assert findings(log).startswith("durable: was changed")
    log.open().close()
    assert log.verify().sound


@pytest.mark.parametrize("emptied", [False, True])
def test_a_log_without_a_mark_is_sound(log, emptied):
    filled(log)
    (log.folder / "durable").unlink()
    if emptied:
        (log.folder / "durable").touch()
    assert log.verify().sound


def test_lost_acknowledged_records_are_found_by_the_mark_alone(log):
    writer = log.open()
    writer.append(entries(3))
    before = log.segment().read_bytes()
    writer.append(entries(2, start=3))
    abandon(writer)
    log.segment().write_bytes(before)
    assert findings(log) == "durable, record 5: was acknowledged, but the log ends at 3"


def test_a_folder_that_cannot_be_read_is_unavailable(log):
    filled(log)
    log.segment().unlink()
    log.segment().mkdir()
    with pytest.raises(Unavailable):
        log.verify()


def test_there_are_no_leaves_of_a_damaged_or_missing_segment(log):
    filled(log)
    change(log.segment(), 1000)
    with pytest.raises(Damaged):
        read_leaves(log.folder, 1)
    with pytest.raises(Unavailable):
        read_leaves(log.folder, 7)
