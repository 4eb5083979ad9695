"""Readers: never ahead of the disk, never past damage, in step with a writer elsewhere."""

from __future__ import annotations

import pytest

from onefold.adapters.files.layout import encode_group
from onefold.adapters.files.mark import Mark, read_mark, write_mark
from onefold.kernel.errors import Damaged, Unavailable
from tests.faulty_disk import FaultyDisk
from tests.logs import LogOnDisk, abandon, contents, entries


@pytest.fixture
def log(tmp_path):
    return LogOnDisk(tmp_path)


class PausedDisk(FaultyDisk):
    """Calls back between the write and the sync of every append."""

    def __init__(self, look) -> None:
        super().__init__()
        self.look = look

    def sync(self, descriptor):
        self.look()
        super().sync(descriptor)


def test_nothing_is_read_between_the_write_and_the_sync(log):
    seen = []
    reader = log.reader()
    writer = log.open(disk=PausedDisk(lambda: seen.append(reader.last_sequence)))
    seen.clear()
    for number in range(5):
        writer.append(entries(2, start=2 * number))
        assert reader.last_sequence == 2 * number + 2
    assert seen == [0, 2, 4, 6, 8]
    writer.close()


def test_a_reader_made_while_a_writer_writes_sees_no_further_than_the_mark(log):
    seen = []
    writer = log.open(disk=PausedDisk(lambda: seen.append(contents(log.reader()))))
    seen.clear()
    writer.append(entries(1))
    writer.append(entries(1, start=1))
    assert seen == [[], entries(1)]
    writer.close()


def test_without_a_writer_everything_whole_is_read_whatever_the_mark_says(log):
    log.write(entries(3))
    with log.segment().open("ab") as file:
        file.write(encode_group(4, entries(2, start=3))[0])
        file.write(encode_group(6, entries(2, start=5))[0][:-1])
    assert contents(log.reader()) == entries(5)
    log.lose_mark()
    assert contents(log.reader()) == entries(5)


def test_a_reader_follows_a_writer_that_was_started_after_it(log):
    log.write(entries(2))
    reader = log.reader()
    assert contents(reader) == entries(2)
    writer = log.open()
    writer.append(entries(3, start=2))
    assert contents(reader) == entries(5)
    writer.close()


def test_reading_does_not_keep_a_writer_out(log):
    log.write(entries(2))
    readers = [log.reader() for _ in range(5)]
    writer = log.open()
    assert all(contents(reader) == entries(2) for reader in readers)
    writer.close()


@pytest.mark.parametrize("marked", [True, False])
def test_a_changed_byte_is_damage_and_what_is_before_it_can_be_read(log, marked):
    log.write(*[entries(1, start=number) for number in range(50)])
    if not marked:
        log.lose_mark()
    data = bytearray(log.segment().read_bytes())
    data[len(data) // 2] ^= 1
    log.segment().write_bytes(data)
    reader = log.reader()
    good = reader.read(0, 20)
    assert [(record.header, record.payload) for record in good] == entries(20)
    with pytest.raises(Damaged, match=r"0000000000000001\.seg"):
        contents(reader)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_damage_in_a_sealed_segment_is_never_passed_over(log, at):
    log.write(*[entries(5, start=5 * number) for number in range(20)], segment_bytes=1500)
    path = log.segments()[1]
    data = bytearray(path.read_bytes())
    data[int(84 + at * (len(data) - 84))] ^= 0x10
    path.write_bytes(data)
    with pytest.raises(Damaged):
        contents(log.reader())


@pytest.mark.parametrize("cut", [1, 40, 500])
def test_a_sealed_segment_that_was_cut_is_damage(log, cut):
    log.write(*[entries(5, start=5 * number) for number in range(20)], segment_bytes=1500)
    path = log.segments()[1]
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Damaged):
        contents(log.reader())


def test_a_missing_segment_is_damage(log):
    log.write(*[entries(5, start=5 * number) for number in range(20)], segment_bytes=1500)
    log.segments()[1].unlink()
    with pytest.raises(Damaged):
        contents(log.reader())


def test_a_missing_first_segment_is_damage(log):
    log.write(*[entries(5, start=5 * number) for number in range(20)], segment_bytes=1500)
    log.segment().unlink()
    with pytest.raises(Damaged):
        contents(log.reader())


def test_records_larger_than_what_is_read_at_once_come_whole(log):
    given = [(b"small", b"x"), (b"large", bytes(range(256)) * 20_000), (b"small", b"y")]
    log.write(given)
    reader = log.reader()
    assert contents(reader) == given
    assert reader.read(1, 1)[0].payload == given[1][1]
    assert reader.read(2, 1)[0].payload == b"y"


def test_far_places_are_found_without_reading_all_before_them(log):
    writer = log.open()
    for number in range(30):
        writer.append(entries(500, start=500 * number))
    reader = log.reader()
    for after in (14_999, 0, 7_777, 7_778, 64, 63, 10_000):
        assert reader.read(after, 1)[0].header == b"header %d" % after
    writer.close()


def test_a_reader_sees_a_compaction_of_a_segment_it_has_open(log):
    writer = log.open()
    writer.append(entries(4))
    reader = log.reader()
    assert reader.read(0, 1)[0].payload is not None
    writer.roll()
    log.compact(lambda header: header in (b"header 0", b"header 2"))
    assert [record.payload is None for record in reader.read(0, 10)] == [True, False, True, False]
    assert [record.header for record in reader.read(0, 10)] == [header for header, _ in entries(4)]
    writer.close()


def test_more_segments_than_are_kept_open_are_read_all_the_same(log):
    log.write(*[entries(5, start=5 * number) for number in range(60)], segment_bytes=500)
    assert len(log.segments()) > 20
    reader = log.reader()
    assert contents(reader) == contents(reader) == entries(300)
    reader.close()


def test_a_closed_reader_opens_its_files_again_when_asked(log):
    log.write(entries(2))
    reader = log.reader()
    reader.close()
    assert contents(reader) == entries(2)


def test_a_mark_that_cannot_be_written_fails_no_append(log, monkeypatch):
    writer = log.open()
    reader = log.reader()
    monkeypatch.setattr("onefold.adapters.files.segments.write_mark", refuse)
    assert writer.append(entries(1)) == 1
    assert reader.last_sequence == 0
    monkeypatch.undo()
    assert writer.append(entries(1, start=1)) == 2
    assert contents(reader) == entries(2)
    writer.close()


def refuse(*_):
    """A disk that does not take the mark."""
    raise OSError(5, "Input/output error")


def test_a_damaged_mark_is_no_mark(log):
    writer = log.open()
    writer.append(entries(1))
    write_mark(writer._mark, Mark(7, 1, 99))
    assert read_mark(writer._mark) == Mark(7, 1, 99)
    (log.folder / "durable").write_bytes(b"x" * 28)
    assert read_mark(writer._mark) is None
    (log.folder / "durable").write_bytes(b"short")
    assert read_mark(writer._mark) is None
    abandon(writer)
    assert contents(log.reader()) == entries(1)


def test_a_folder_that_cannot_be_written_is_unavailable(log):
    log.folder.mkdir(parents=True)
    (log.folder / "lock").mkdir()
    with pytest.raises(Unavailable):
        log.open()
