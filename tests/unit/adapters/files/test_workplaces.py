"""Folders for a while: gone at the end, and at the next start where nobody lived to remove them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from onefold.adapters.files import workplaces
from onefold.adapters.files.workplaces import clear_workplaces, workplace
from onefold.kernel.errors import Unavailable

HOLD = """
import sys
from pathlib import Path
from onefold.adapters.files.workplaces import workplace
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
    (tmp_path / "work-half-removed" / "state").mkdir(parents=True)
    (tmp_path / "exports").mkdir()
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        place = holder.stdout.readline().strip()
        clear_workplaces(tmp_path)
        assert os.path.exists(f"{place}/state.db")
        holder.send_signal(signal.SIGKILL)
    clear_workplaces(tmp_path)
    assert [it.name for it in tmp_path.iterdir()] == ["exports"]


def test_a_folder_that_a_start_removed_before_it_was_locked_is_not_taken(tmp_path, monkeypatch):
    real = tempfile.mkdtemp
    made: list[str] = []

    def removed_once(prefix: str, dir: Path) -> str:
        made.append(real(prefix=prefix, dir=dir))
        if len(made) == 1:
            clear_workplaces(tmp_path)
        return made[-1]

    monkeypatch.setattr(workplaces, "mkdtemp", removed_once)
    with workplace(tmp_path) as place:
        assert [str(place)] == made[1:]
        clear_workplaces(tmp_path)
        assert place.is_dir()


def test_where_no_folder_can_be_made_that_is_said(tmp_path):
    with pytest.raises(Unavailable, match="no folder can be made"), workplace(tmp_path / "gone"):
        pass
