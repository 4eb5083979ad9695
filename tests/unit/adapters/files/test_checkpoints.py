"""Statements in files: appended, synced, readable by anyone."""

from __future__ import annotations

import errno
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from onefold.adapters.files.checkpoints import FileCheckpoints, checkpoint_lines, checkpoint_name
from onefold.kernel.errors import Damaged, Unavailable
from onefold.record.log.checkpoints import Checkpoint, holds
from tests.faulty_disk import FaultyDisk
from tests.logs import CELL, NAME, LogOnDisk


def checkpoint(size: int, log: str = NAME, cell: str = CELL) -> Checkpoint:
    """A statement told apart by its size."""
    return Checkpoint(log, cell, 1, size, "ab" * 32, "cd" * 32, 0)


@pytest.fixture
def log(tmp_path):
    return LogOnDisk(tmp_path)


def sizes(log: LogOnDisk) -> list[int]:
    """The statements that are read back."""
    return [it.size for it in log.sealed()]


def test_statements_come_back_in_their_order_and_signed(log):
    for size in (3, 1, 2):
        log.checkpoints.add(checkpoint(size))
    assert sizes(log) == [3, 1, 2]
    assert all(holds(it, log.public_keys) for it in log.checkpoints.read(CELL, NAME))


def test_every_log_of_every_cell_has_its_own_file(log):
    log.checkpoints.add(checkpoint(1))
    log.checkpoints.add(checkpoint(2, log="audit"))
    log.checkpoints.add(checkpoint(3, cell="demo/de"))
    assert sizes(log) == [1]
    names = {checkpoint_name("demo/uz", "log"), checkpoint_name("demo/uz", "audit"), "demo_de_log.jsonl"}
    assert {path.name for path in log.outside.iterdir()} == names


def test_a_log_without_statements_has_none(log):
    assert log.checkpoints.read(CELL, NAME) == []
    assert checkpoint_lines(log.outside, CELL, NAME) == []


def test_a_line_that_a_crash_cut_is_no_statement_and_the_next_one_is_whole(log):
    log.checkpoints.add(checkpoint(1))
    whole = log.checkpoint_file.read_bytes()
    log.checkpoint_file.write_bytes(whole + whole[:40])
    assert sizes(log) == [1]
    log.checkpoints.add(checkpoint(2))
    assert sizes(log) == [1, 2]


def test_a_first_line_that_a_crash_cut_is_replaced(log):
    log.outside.mkdir()
    log.checkpoint_file.write_bytes(b'{"half')
    log.checkpoints.add(checkpoint(1))
    assert sizes(log) == [1]


def test_a_line_that_is_none_is_damage_with_its_place(log):
    log.checkpoints.add(checkpoint(1))
    with log.checkpoint_file.open("ab") as file:
        file.write(b"not a statement\n")
    with pytest.raises(Damaged, match=r"demo_uz_log\.jsonl, line 2"):
        log.checkpoints.read(CELL, NAME)


def test_every_statement_is_synced(log):
    disk = FaultyDisk()
    checkpoints = FileCheckpoints(log.outside, log.signer, disk=disk)
    for size in range(3):
        checkpoints.add(checkpoint(size))
        assert disk.syncs == size + 1


@pytest.mark.parametrize("fault", ["full", "failing"])
def test_a_disk_that_fails_is_unavailable_and_leaves_whole_lines(log, fault):
    disk = FaultyDisk()
    checkpoints = FileCheckpoints(log.outside, log.signer, disk=disk)
    checkpoints.add(checkpoint(1))
    if fault == "full":
        disk.space = 20
    else:
        disk.sync_error = errno.EIO
    with pytest.raises(Unavailable, match="demo_uz_log"):
        checkpoints.add(checkpoint(2))
    disk.space, disk.sync_error = None, 0
    checkpoints.add(checkpoint(3))
    assert sizes(log)[0] == 1
    assert sizes(log)[-1] == 3


def test_writers_in_two_processes_do_not_write_over_each_other(log):
    """Each has its own lock in memory, as in two processes, and a disk slow enough to be overtaken."""

    class SlowDisk(FaultyDisk):
        def write(self, descriptor, data, offset):
            time.sleep(0.002)
            super().write(descriptor, data, offset)

    def work(first: int) -> None:
        checkpoints = FileCheckpoints(log.outside, log.signer, disk=SlowDisk())
        for size in range(first, first + 20):
            checkpoints.add(checkpoint(size))

    with ThreadPoolExecutor() as pool:
        for task in [pool.submit(work, 100 * number) for number in range(3)]:
            task.result()
    assert sorted(sizes(log)) == [*range(20), *range(100, 120), *range(200, 220)]


def test_a_folder_that_cannot_be_is_unavailable(log, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        FileCheckpoints(tmp_path / "file", log.signer).add(checkpoint(1))
