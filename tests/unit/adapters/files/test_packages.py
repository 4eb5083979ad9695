"""Packages on the disk: whole or not at all, for the owner's eyes, and gone when they should be."""

from __future__ import annotations

import errno
import os
import uuid

import pytest

from onefold.adapters.files.packages import PackageFolder
from onefold.kernel.errors import NotFound, Unavailable
from tests.faulty_disk import FaultyDisk

NAME = f"{uuid.UUID(int=7, version=4)}.zip"


@pytest.fixture
def disk() -> FaultyDisk:
    return FaultyDisk()


@pytest.fixture
def folder(tmp_path, disk) -> PackageFolder:
    return PackageFolder(tmp_path / "packages", disk)


def put(folder: PackageFolder, data: bytes = b"zip") -> None:
    with folder.staged(NAME, data) as file:
        file.publish()


def test_a_package_is_there_when_it_is_published_and_not_before(folder, tmp_path):
    with folder.staged(NAME, b"zip") as file:
        with pytest.raises(NotFound):
            folder.read(NAME)
        file.publish()
        assert folder.read(NAME) == b"zip"
    path = tmp_path / "packages" / NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_is_not_published_leaves_nothing(folder, tmp_path):
    with folder.staged(NAME, b"zip"):
        pass
    assert list((tmp_path / "packages").iterdir()) == []


def test_a_package_made_again_takes_the_place_of_the_first(folder):
    put(folder, b"one")
    put(folder, b"other")
    assert folder.read(NAME) == b"other"


@pytest.mark.parametrize("fault", ["space", "sync"])
def test_on_a_disk_that_fails_there_is_no_package_and_no_half_of_one(folder, disk, tmp_path, fault):
    if fault == "space":
        disk.space = 1
    else:
        disk.sync_error = errno.EIO
    with pytest.raises(Unavailable):
        put(folder)
    assert list((tmp_path / "packages").iterdir()) == []


def test_what_a_crash_left_half_written_is_dropped_and_packages_stay(folder, tmp_path):
    folder.drop_unfinished()
    put(folder)
    left = tmp_path / "packages" / f".{NAME}.new"
    left.write_bytes(b"half")
    folder.drop_unfinished()
    assert not left.exists()
    assert folder.read(NAME) == b"zip"


def test_old_packages_go_and_others_stay(folder, tmp_path):
    assert folder.made_before(1_000_000) == []
    put(folder)
    os.utime(tmp_path / "packages" / NAME, (1000, 1000))
    assert folder.made_before(1_000_000) == []
    assert folder.made_before(1_000_001) == [NAME]
    for _ in range(2):
        folder.remove(NAME)
    with pytest.raises(NotFound):
        folder.read(NAME)
