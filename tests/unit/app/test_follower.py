"""The process that follows the log while another loads: it ends when it should, and says why it cannot."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from onefold.app.creating import create
from onefold.app.folder import DataFolder, read_folder
from onefold.app.follower import following
from onefold.app.rooms import open_rooms
from onefold.kernel.errors import Unavailable
from onefold.kernel.ids import Cell

PARENT = """
import os, sys
from pathlib import Path
from onefold.app.folder import read_folder
from onefold.app.follower import following
with following(read_folder(Path(sys.argv[1]))) as follower:
    print(follower._process.pid, flush=True)
    os._exit(1)
"""


@pytest.fixture
def folder(tmp_path) -> DataFolder:
    create(tmp_path / "data", Cell("demo", "uz"), [], None)
    return read_folder(tmp_path / "data")


def until(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_takes_the_log_into_the_state_and_ends_when_it_is_told(folder):
    with open_rooms(folder, follow=False) as opened, following(folder) as follower:
        follower.check()
        until(lambda: follower.finish(0.1))
        assert opened.rooms.reader.offset == opened.rooms.log.last_sequence


def test_one_that_was_killed_is_missed_at_the_next_check(folder):
    with following(folder) as follower:
        follower._process.kill()
        follower._process.wait()
        with pytest.raises(Unavailable, match="without a word"):
            follower.check()
        with pytest.raises(Unavailable, match="load again"):
            follower.finish(1)


def test_one_that_cannot_work_says_why(folder):
    (folder.keys / "master.key").unlink()
    with following(folder) as follower, pytest.raises(Unavailable, match=r"master\.key is missing"):
        until(lambda: follower.finish(0.1))


def test_one_whose_parent_is_gone_ends_by_itself(folder):
    parent = subprocess.run(
        [sys.executable, "-c", PARENT, str(folder.root)], capture_output=True, text=True, check=False
    )
    until(lambda: not Path("/proc", parent.stdout.strip(), "exe").exists())
    with open_rooms(folder) as opened:
        assert opened.rooms.reader.offset <= opened.rooms.log.last_sequence
