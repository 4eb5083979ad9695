"""Opening a log: what a crash left is cut and kept aside, damage is refused and left alone."""

from __future__ import annotations

import pytest

from onefold.adapters.files.layout import encode_group
from onefold.kernel.errors import Damaged, Unavailable
from tests.faulty_disk import FaultyDisk
from tests.logs import LogOnDisk, contents, entries


@pytest.fixture
def log(tmp_path):
    return LogOnDisk(tmp_path)


def snapshot(log: LogOnDisk) -> dict[str, bytes]:
    """Every file of the log's folder."""
    return {path.name: path.read_bytes() for path in log.folder.iterdir()}


def test_a_torn_group_is_cut_kept_beside_and_the_log_goes_on(log):
    log.write(entries(3))
    whole = log.segment().read_bytes()
    torn = encode_group(4, entries(5, start=3))[0][:-7]
    log.segment().write_bytes(whole + torn)
    writer = log.open()
    assert writer.last_sequence == 3
    assert log.segment().read_bytes() == whole
    assert log.segment().with_suffix(".torn").read_bytes() == torn
    assert writer.append(entries(1, start=3)) == 4
    writer.close()
    assert contents(log.reader()) == entries(4)
    assert log.verify().sound


def test_a_group_that_is_whole_but_was_never_acknowledged_counts(log):
    log.write(entries(3))
    with log.segment().open("ab") as file:
        file.write(encode_group(4, entries(2, start=3))[0])
    writer = log.open()
    assert writer.last_sequence == 5
    writer.close()
    assert contents(log.reader()) == entries(5)


def test_what_stands_behind_the_mark_is_written_and_synced_again_before_it_counts(log):
    log.write(entries(3))
    end = log.segment().stat().st_size
    group = encode_group(4, entries(2, start=3))[0]
    with log.segment().open("ab") as file:
        file.write(group)

    class Watching(FaultyDisk):
        def __init__(self) -> None:
            super().__init__()
            self.written: list[tuple[int, bytes]] = []
            self.synced_after = 0

        def write(self, descriptor, data, offset):
            self.written.append((offset, bytes(data)))
            super().write(descriptor, data, offset)

        def sync(self, descriptor):
            self.synced_after = len(self.written)
            super().sync(descriptor)

    disk = Watching()
    log.open(disk=disk).close()
    assert (end, group) in disk.written
    assert disk.synced_after > disk.written.index((end, group))


def test_an_acknowledged_record_that_is_gone_is_damage_though_no_checkpoint_covers_it(log):
    log.write(entries(3), entries(2, start=3))
    data = log.segment().read_bytes()
    log.segment().write_bytes(data[:-5])
    before = snapshot(log)
    with pytest.raises(Damaged):
        log.open()
    assert snapshot(log) == before


def test_whole_acknowledged_groups_that_are_gone_are_damage_and_the_hint_names_a_restore(log):
    log.write(entries(3))
    data = log.segment().read_bytes()
    log.write(entries(2, start=3))
    log.segment().write_bytes(data)
    with pytest.raises(Damaged, match=r"ends at 3, but 5 were acknowledged.*backup"):
        log.open()


def test_a_lost_mark_is_made_again(log):
    log.write(entries(3))
    log.lose_mark()
    writer = log.open()
    assert writer.last_sequence == 3
    writer.close()
    assert contents(log.reader()) == entries(3)


@pytest.mark.parametrize("at", [0, 20, 45, 70, 83])
def test_a_changed_header_is_damage(log, at):
    log.write(entries(3))
    data = bytearray(log.segment().read_bytes())
    data[at] ^= 1
    log.segment().write_bytes(data)
    with pytest.raises(Damaged, match="header was changed"):
        log.open()


def test_a_segment_under_another_name_is_damage(log):
    log.write(entries(3))
    log.segment().rename(log.segment(2))
    with pytest.raises(Damaged):
        log.open()


def test_a_missing_first_segment_is_damage(log):
    log.write(entries(30), entries(30, start=30), segment_bytes=500)
    log.segment().unlink()
    with pytest.raises(Damaged, match=r"missing.*0000000000000001"):
        log.open()


def test_a_missing_last_segment_is_damage(log):
    log.write(entries(30), entries(30, start=30), segment_bytes=500)
    log.segments()[-1].unlink()
    with pytest.raises(Damaged):
        log.open()


def test_an_emptied_folder_is_damage_while_a_checkpoint_remembers_records(log):
    writer = log.open()
    writer.append(entries(2))
    writer.close()
    for path in log.folder.iterdir():
        path.unlink()
    with pytest.raises(Damaged, match="missing"):
        log.open()


def test_a_log_that_was_rewritten_below_its_checkpoint_is_not_opened(log, tmp_path):
    writer = log.open()
    writer.append(entries(3))
    writer.close()
    forger = LogOnDisk(tmp_path / "forged")
    forger.write([*entries(2), (b"header 2", b"another payload")])
    log.segment().write_bytes(forger.segment().read_bytes())
    log.lose_mark()
    with pytest.raises(Damaged, match="not what its checkpoint signed"):
        log.open()


def test_damage_names_file_byte_and_record(log):
    log.write(entries(3))
    data = bytearray(log.segment().read_bytes())
    data[-1] ^= 1
    log.segment().write_bytes(data)
    with pytest.raises(Damaged, match=r"0000000000000001\.seg, byte \d+, record 3"):
        log.open()


def test_a_half_made_segment_is_forgotten(log):
    log.write(entries(3))
    stray = log.folder / "0000000000000004.seg.new"
    stray.write_bytes(b"half a header")
    writer = log.open()
    writer.close()
    assert not stray.exists()
    assert writer.last_sequence == 3


def test_a_refused_log_is_not_locked(log):
    log.write(entries(3))
    good = log.segment().read_bytes()
    log.segment().write_bytes(good[:-1] + b"\xff")
    with pytest.raises(Damaged):
        log.open()
    log.segment().write_bytes(good)
    log.open().close()


def test_a_disk_without_room_for_what_was_torn_cuts_nothing(log):
    log.write(entries(3))
    with log.segment().open("ab") as file:
        file.write(encode_group(4, entries(5, start=3))[0][:-7])
    before = snapshot(log)
    disk = FaultyDisk()
    disk.space = 0
    with pytest.raises(Unavailable, match="disk is full"):
        log.open(disk=disk)
    assert snapshot(log) == before
    log.open().close()
