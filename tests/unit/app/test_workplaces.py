"""Folders for a while: gone at the end, and at the next start where nobody lived to remove them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from onefold.app.workplaces import clear_workplaces, workplace
from onefold.kernel.errors import Unavailable

HOLD = """
import sys
from pathlib import Path
from onefold.app.workplaces import workplace
with workplace(Path(sys.argv[1])) as place:
    (place / "state.db").write_bytes(b"derived")
    print(place, flush=True)
    sys.stdin.read()
"""


def test_a_workplace_is_there_until_its_block_ends(tmp_path):
    with workplace(tmp_path) as place:
        (place / "state").mkdir()
        clear_workplaces(tmp_path)
        assert (place / "state").is_dir()
    assert list(tmp_path.iterdir()) == []


def test_it_goes_when_the_work_fails_too(tmp_path):
    with pytest.raises(ValueError, match="no"), workplace(tmp_path):
        raise ValueError("no")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_is_not(tmp_path):
    (tmp_path / "work-of-ours").mkdir()
    (tmp_path / "exports").mkdir()
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        place = holder.stdout.readline().strip()
        clear_workplaces(tmp_path)
        assert os.path.exists(f"{place}/state.db")
        holder.send_signal(signal.SIGKILL)
    clear_workplaces(tmp_path)
    assert sorted(it.name for it in tmp_path.iterdir()) == ["exports", "work-of-ours"]


def test_where_no_folder_can_be_made_that_is_said(tmp_path):
    with pytest.raises(Unavailable, match="no folder can be made"), workplace(tmp_path / "gone"):
        pass
