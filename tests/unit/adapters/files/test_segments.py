"""The writer: rolling, checkpoints, the lock, and what a failing disk makes of it."""

from __future__ import annotations

import errno

import pytest

from onefold.adapters.files.segments import FAILED_MS, REHEARSED_MS, FileSegmentWriter
from onefold.kernel.errors import CallerError, Unavailable
from onefold.record.log.checkpoints import Compaction
from onefold.testing.segments import MemoryCheckpoints
from tests.faulty_disk import FaultyDisk
from tests.logs import LogOnDisk, abandon, contents, entries


@pytest.fixture
def log(tmp_path):
    return LogOnDisk(tmp_path)


class FailingCheckpoints(MemoryCheckpoints):
    """Statements that cannot be written while `broken`."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False
        self.tries = 0

    def add(self, statement):
        self.tries += 1
        if self.broken:
            raise Unavailable("The checkpoint folder is away.")
        super().add(statement)


def test_a_log_goes_on_where_it_was_closed(log):
    writer = log.open()
    writer.append(entries(3))
    writer.close()
    again = log.open()
    assert again.last_sequence == 3
    assert again.append(entries(2, start=3)) == 5
    again.close()
    assert contents(log.reader()) == entries(5)
    assert log.verify().sound


def test_a_full_segment_is_followed_by_a_new_one_that_continues_the_chain(log):
    writer = log.open(segment_bytes=2000)
    for number in range(100):
        writer.append(entries(1, start=number))
    writer.close()
    assert len(log.segments()) > 3
    assert all(path.stat().st_size <= 2000 for path in log.segments())
    assert contents(log.reader()) == entries(100)
    report = log.verify()
    assert report.sound
    assert (report.records, report.unsealed, report.segments) == (100, 0, len(log.segments()))


def test_a_group_larger_than_a_segment_has_one_of_its_own(log):
    writer = log.open(segment_bytes=1000)
    writer.append(entries(1))
    writer.append(entries(200, start=1))
    writer.append(entries(1, start=201))
    writer.close()
    assert len(log.segments()) == 3
    assert contents(log.reader()) == entries(202)
    assert log.verify().sound


def test_rolling_starts_a_new_segment_once(log):
    writer = log.open()
    writer.roll()
    writer.append(entries(2))
    writer.roll()
    writer.roll()
    assert [path.name for path in log.segments()] == ["0000000000000001.seg", "0000000000000003.seg"]
    assert writer.append(entries(1, start=2)) == 3
    writer.close()
    assert log.verify().sound


def test_one_writer_at_a_time(log):
    writer = log.open()
    with pytest.raises(Unavailable, match="Another process"):
        log.open()
    writer.close()
    log.open().close()


def test_a_folder_of_another_log_is_refused_and_left_alone(log):
    log.write(entries(2))
    before = log.segment().read_bytes()
    with pytest.raises(CallerError, match="another log"):
        FileSegmentWriter(log.folder, "audit", "demo/uz", MemoryCheckpoints(), log.clock)
    assert log.segment().read_bytes() == before


def test_closing_twice_is_no_error(log):
    writer = log.open()
    writer.close()
    writer.close()
    assert writer.last_sequence == 0


def test_a_new_log_is_signed_for_at_once(log):
    log.open().close()
    (checkpoint,) = log.sealed()
    assert (checkpoint.segment, checkpoint.size) == (1, 0)
    assert log.verify().sound


def test_checkpoints_are_written_by_number_of_records(log):
    writer = log.open(checkpoint_records=10)
    for number in range(25):
        writer.append(entries(1, start=number))
    assert [it.last_sequence for it in log.sealed()] == [0, 10, 20]
    assert writer.unsealed == 5
    writer.close()
    assert log.sealed()[-1].last_sequence == 25


def test_checkpoints_are_written_by_time_also_when_nothing_is_appended(log):
    writer = log.open(checkpoint_seconds=60)
    writer.append(entries(1))
    log.clock.advance(59_999)
    writer.checkpoint_if_due()
    assert writer.unsealed == 1
    log.clock.advance(1)
    writer.checkpoint_if_due()
    assert writer.unsealed == 0
    log.clock.advance(600_000)
    writer.checkpoint_if_due()
    assert len(log.sealed()) == 2, "nothing new, nothing to sign"
    writer.close()


def test_a_checkpoint_that_cannot_be_written_fails_no_append_and_is_tried_again(log):
    log.checkpoints = FailingCheckpoints()
    writer = log.open(checkpoint_records=5, checkpoint_seconds=60)
    log.checkpoints.broken = True
    assert writer.append(entries(5)) == 5
    assert "away" in writer.checkpoint_fault
    tries = log.checkpoints.tries
    writer.append(entries(5, start=5))
    assert log.checkpoints.tries == tries, "not at every append"
    log.checkpoints.broken = False
    log.clock.advance(60_000)
    writer.append(entries(1, start=10))
    assert writer.checkpoint_fault == ""
    assert writer.unsealed == 0
    writer.close()


def test_closing_says_when_the_last_checkpoint_could_not_be_written_and_lets_go(log):
    log.checkpoints = FailingCheckpoints()
    writer = log.open()
    writer.append(entries(1))
    log.checkpoints.broken = True
    with pytest.raises(Unavailable):
        writer.close()
    log.checkpoints.broken = False
    log.open().close()


def test_a_compaction_among_the_statements_does_not_disturb_opening(log):
    log.write(entries(2))
    log.checkpoints.add(Compaction("log", "demo/uz", 1, ((1, 1),), 0))
    writer = log.open()
    assert writer.last_sequence == 2
    writer.close()


def test_a_full_disk_takes_nothing_and_the_next_append_finds_space_again(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    writer.append(entries(3))
    size = log.segment().stat().st_size
    disk.space = 50
    with pytest.raises(Unavailable, match="disk is full") as full:
        writer.append(entries(5, start=3))
    assert full.value.retry_after_seconds > 0
    assert log.segment().stat().st_size == size
    assert writer.last_sequence == 3
    disk.space = None
    assert writer.append(entries(5, start=3)) == 8
    writer.close()
    assert contents(log.reader()) == entries(8)
    assert log.verify().sound


def test_a_part_that_cannot_even_be_taken_back_is_taken_back_later(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    writer.append(entries(1))
    disk.space, disk.truncate_error = 50, errno.EIO
    for _ in range(2):
        with pytest.raises(Unavailable):
            writer.append(entries(5, start=1))
    assert contents(log.reader()) == entries(1)
    disk.space, disk.truncate_error = None, 0
    assert writer.append(entries(2, start=1)) == 3
    writer.close()
    assert contents(log.reader()) == entries(3)


def test_a_shorter_group_after_a_failed_longer_one_leaves_nothing_of_it(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    disk.space = 5000
    with pytest.raises(Unavailable):
        writer.append(entries(100))
    disk.space = None
    writer.append(entries(1))
    abandon(writer)
    assert contents(log.reader()) == entries(1)


def test_a_new_segment_that_does_not_fit_leaves_the_log_as_it_was(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk, segment_bytes=1000)
    writer.append(entries(8))
    disk.space = 10
    with pytest.raises(Unavailable, match="disk is full"):
        writer.append(entries(8, start=8))
    assert len(log.segments()) == 1
    assert not list(log.folder.glob("*.new"))
    disk.space = None
    assert writer.append(entries(8, start=8)) == 16
    writer.close()
    assert log.verify().sound


def test_after_a_failed_sync_nothing_is_acknowledged_until_the_log_is_opened_again(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    writer.append(entries(2))
    disk.sync_error, disk.failed_syncs = errno.EIO, 1
    with pytest.raises(Unavailable):
        writer.append(entries(1, start=2))
    assert disk.failed_syncs == 0, "the disk is well again, but what it kept is not known"
    for _ in range(3):
        with pytest.raises(Unavailable, match="failed sync"):
            writer.append(entries(1, start=2))
    assert writer.last_sequence == 2
    assert contents(log.reader()) == entries(2)
    writer.close()
    again = log.open()
    last = again.append(entries(1, start=90))
    again.close()
    assert contents(log.reader())[:2] == entries(2)
    assert contents(log.reader())[last - 1] == entries(1, start=90)[0]
    assert log.verify().sound


def test_a_sync_that_fails_for_want_of_space_is_no_poison_once_the_group_is_cut(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    writer.append(entries(2))
    disk.sync_error, disk.failed_syncs = errno.ENOSPC, 1
    with pytest.raises(Unavailable, match="disk is full"):
        writer.append(entries(1, start=2))
    assert writer.append(entries(1, start=2)) == 3
    writer.close()
    assert contents(log.reader()) == entries(3)


def test_a_sync_that_keeps_failing_for_want_of_space_is_poison(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    disk.sync_error = errno.ENOSPC
    with pytest.raises(Unavailable):
        writer.append(entries(1))
    disk.sync_error = 0
    with pytest.raises(Unavailable, match="failed sync"):
        writer.append(entries(1))
    writer.close()


def test_a_disk_that_takes_nothing_is_found_out_before_anything_is_written(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    assert writer.fault() == ""
    disk.space = 100
    assert writer.fault() == "", "it is not looked at each time that somebody asks"
    log.clock.advance(REHEARSED_MS)
    assert writer.fault() == "The disk is full: nothing can be added to the log."
    disk.space = None
    log.clock.advance(REHEARSED_MS)
    assert writer.fault() == ""
    assert {it.name for it in log.folder.iterdir()} == {"lock", "durable", log.segments()[0].name}


def test_what_an_append_met_counts_until_one_succeeds_or_it_is_worth_a_new_look(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    disk.space = 20
    with pytest.raises(Unavailable):
        writer.append(entries(1))
    disk.space = None
    log.clock.advance(REHEARSED_MS)
    assert writer.fault() == "The disk is full: nothing was added to the log.", "a small file may still fit"
    writer.append(entries(1))
    assert writer.fault() == ""
    disk.space = 20
    with pytest.raises(Unavailable):
        writer.append(entries(1))
    disk.space = None
    log.clock.advance(FAILED_MS)
    assert writer.fault() == "", "a server that nobody sends anything to gets well as well"


def test_a_log_that_stopped_says_so_until_it_is_opened_again(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    disk.sync_error = errno.EIO
    with pytest.raises(Unavailable):
        writer.append(entries(1))
    disk.sync_error = 0
    log.clock.advance(FAILED_MS)
    assert writer.fault() == "The log stopped after a failed sync."
    abandon(writer)
    assert log.open().fault() == ""


def test_every_append_syncs_once(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    before = disk.syncs
    for number in range(10):
        writer.append(entries(3, start=3 * number))
    assert disk.syncs == before + 10
    writer.close()


def test_an_append_that_is_interrupted_leaves_nothing_behind(log):
    class Interrupting(FaultyDisk):
        armed = False

        def write(self, descriptor, data, offset):
            if self.armed:
                self.armed = False
                super().write(descriptor, data[:-1], offset)
                raise KeyboardInterrupt
            super().write(descriptor, data, offset)

    disk = Interrupting()
    writer = log.open(disk=disk)
    writer.append(entries(1))
    disk.armed = True
    with pytest.raises(KeyboardInterrupt):
        writer.append(entries(9, start=1))
    assert writer.append(entries(1, start=1)) == 2
    abandon(writer)
    log.lose_mark()
    assert contents(log.reader()) == entries(2)
    assert log.verify().torn_bytes == 0


def test_an_error_says_nothing_of_what_was_to_be_written(log):
    disk = FaultyDisk()
    writer = log.open(disk=disk)
    disk.space = 0
    with pytest.raises(Unavailable) as full:
        writer.append([(b"header of Dilnoza", b"payload of Dilnoza")])
    assert "Dilnoza" not in str(full.value)
    writer.close()
