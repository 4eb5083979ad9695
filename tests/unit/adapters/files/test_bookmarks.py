"""Bookmarks in files: what is kept is found again by a new process, whole, and can be forgotten."""

from __future__ import annotations

import errno

import pytest

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.adapters.files.disk import Disk
from onefold.kernel.errors import Unavailable


def test_what_is_kept_last_is_found_by_whoever_opens_the_folder(tmp_path):
    bookmarks = FileBookmarks(tmp_path / "marks")
    assert bookmarks.find("query/core/../x") is None
    bookmarks.keep("query/core/../x", b"one")
    bookmarks.keep("query/core/../x", b"two")
    assert FileBookmarks(tmp_path / "marks").find("query/core/../x") == b"two"
    assert [path.suffix for path in (tmp_path / "marks").iterdir()] == [".json"]
    bookmarks.drop("query/core/../x")
    bookmarks.drop("query/core/../x")
    assert bookmarks.find("query/core/../x") is None


def test_a_full_disk_is_told_and_leaves_the_last_one(tmp_path):
    class Full(Disk):
        def sync(self, descriptor: int) -> None:
            raise OSError(errno.ENOSPC, "no space")

    FileBookmarks(tmp_path).keep("x", b"one")
    with pytest.raises(Unavailable, match="full"):
        FileBookmarks(tmp_path, Full()).keep("x", b"two")
    assert FileBookmarks(tmp_path).find("x") == b"one"
