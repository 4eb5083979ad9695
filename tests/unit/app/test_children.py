"""A process that another one of ours started: what it tells of a bug."""

from __future__ import annotations

import subprocess
import sys

import pytest

BROKEN = """
def broken(*_):
    {}["Anna Karimova"]
"""
ENTRIES = {
    "a load's": (
        "from onefold.app import follower as room\nroom.read_folder = broken\n",
        "room.follow('/nowhere')",
    ),
    "a server's": (
        "from onefold.app import working as room\nroom.read_folder = broken\n",
        "room.work('/nowhere')",
    ),
    "one that cuts": (
        "from onefold.app import cutting as room\nroom.SqliteCustomerReader = broken\n",
        "room.cut_for_parent('/nowhere')",
    ),
}


@pytest.mark.parametrize("child", ENTRIES)
def test_a_bug_is_told_by_its_place_and_kind_and_not_by_what_it_says(child: str) -> None:
    broken, entry = ENTRIES[child]
    done = subprocess.run(
        [sys.executable, "-c", BROKEN + broken + entry],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    assert "bug: KeyError" in done.stderr
    assert "line 3" in done.stderr
    assert "Karimova" not in done.stderr + done.stdout
