"""A full disk: nothing is lost, nothing is half there, and writing goes on by itself once there is space."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from onefold.kernel.errors import Unavailable
from onefold.record.log.service import GroupCommit
from tests.faulty_disk import FaultyDisk
from tests.logs import LogOnDisk, entries

DISK_BYTES = 512 * 1024


class SmallDisk:
    """Half a mebibyte: a real file system where one can be mounted, else one that says it is full."""

    def __init__(self, folder, real: bool) -> None:
        self.log = LogOnDisk(folder)
        self.disk = FaultyDisk()
        self.ballast = folder / "ballast"
        self.real = real

    def fill(self, left_bytes: int = 0) -> None:
        """Takes all space but so much."""
        if self.real:
            free = shutil.disk_usage(self.ballast.parent).free
            self.ballast.write_bytes(bytes(max(0, free - left_bytes)))
        else:
            self.disk.space = left_bytes

    def free(self) -> None:
        """Gives it back."""
        self.ballast.unlink(missing_ok=True)
        self.disk.space = None


def mounted(folder) -> bool:
    """Whether a small file system could be mounted there."""
    if shutil.which("mount") is None:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(params=["mounted", "injected"])
def small(request, tmp_path):
    """Both kinds; where nothing may be mounted, the injected one twice."""
    folder = tmp_path / "small"
    folder.mkdir()
    real = request.param == "mounted" and mounted(folder)
    yield SmallDisk(folder, real)
    if real:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def append_until_full(commit: GroupCommit) -> int:
    """Appends one record after the other until the disk is full; how many were acknowledged."""
    for number in range(1000):
        try:
            commit.append(entries(1, size=3000, start=number))
        except Unavailable:
            return number
    raise AssertionError("the disk never was full")


def test_appends_until_the_disk_is_full_keep_everything_that_was_acknowledged(small):
    writer = small.log.open(disk=small.disk)
    commit = GroupCommit(writer)
    small.fill(left_bytes=100_000)
    acknowledged = append_until_full(commit)
    assert 10 < acknowledged < 50
    assert small.log.read() == entries(acknowledged, size=3000)
    small.free()
    for number in range(acknowledged, acknowledged + 5):
        commit.append(entries(1, size=3000, start=number))
    writer.close()
    assert small.log.read() == entries(acknowledged + 5, size=3000)
    assert small.log.verify().sound


def test_a_group_that_does_not_fit_takes_no_space_from_one_that_does(small):
    writer = small.log.open(disk=small.disk)
    small.fill(left_bytes=40_000)
    with pytest.raises(Unavailable):
        writer.append(entries(1, size=100_000))
    if not small.real:
        small.disk.space = 40_000
    assert writer.append(entries(1, size=5000)) == 1
    small.free()
    writer.close()
    assert small.log.verify().sound


def test_a_log_that_was_killed_on_a_full_disk_is_whole_when_it_is_opened(small):
    small.log.write(*[entries(1, size=3000, start=number) for number in range(10)], disk=small.disk)
    small.fill()
    writer = small.log.open()
    assert writer.last_sequence == 10
    small.free()
    writer.append(entries(1, size=3000, start=10))
    writer.close()
    assert small.log.read() == entries(11, size=3000)


def test_reading_and_verifying_need_no_space(small):
    small.log.write(entries(20, size=1000), disk=small.disk)
    small.fill()
    assert small.log.read() == entries(20, size=1000)
    assert small.log.verify().sound


def test_a_roll_on_a_full_disk_leaves_the_log_as_it_was_and_is_made_up_for(small):
    writer = small.log.open(disk=small.disk, segment_bytes=20_000)
    for number in range(6):
        writer.append(entries(1, size=3000, start=number))
    small.fill()
    with pytest.raises(Unavailable, match="disk is full"):
        writer.append(entries(1, size=3000, start=6))
    small.free()
    assert writer.append(entries(1, size=3000, start=6)) == 7
    writer.close()
    assert len(small.log.segments()) == 2
    assert small.log.verify().sound
