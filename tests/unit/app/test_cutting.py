"""The processes that cut for a server: they read the folder's state and end with their parent."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from onefold.adapters.sqlite.store import SqliteState
from onefold.app.cutting import cutters
from onefold.gate.cutting import OneCustomer, Question, Search
from onefold.kernel.errors import NotFound, Unavailable
from tests.unit.gate.bank import permit

ABANDON = """
import os, sys
from pathlib import Path
from onefold.app.cutting import cutters
with cutters(Path(sys.argv[1])) as pool:
    for task in Path("/proc/self/task").iterdir():
        print((task / "children").read_text(), flush=True)
    os._exit(9)
"""


@pytest.fixture
def state(tmp_path):
    SqliteState(tmp_path / "state.db").close()
    return tmp_path / "state.db"


def asked(what: OneCustomer | Search) -> Question:
    return Question(permit(), what, 0, {"core": ("servicing",)}, ())


def test_they_read_the_state(state):
    with cutters(state) as pool:
        assert pool.cut(asked(Search("nobody"))).made.items == ()
        with pytest.raises(NotFound):
            pool.cut(asked(OneCustomer(b"x" * 16)))


def test_where_there_is_no_state_yet_the_caller_is_told_to_come_again(tmp_path):
    with cutters(tmp_path / "state.db") as pool, pytest.raises(Unavailable):
        pool.cut(asked(Search("nobody")))


def test_those_whose_parent_is_gone_end_by_themselves(state):
    done = subprocess.run(
        [sys.executable, "-c", ABANDON, str(state)], capture_output=True, text=True, timeout=60, check=False
    )
    # The children hold the parent's standard error: that the run has ended says that they have, too.
    pids = [int(pid) for pid in done.stdout.split()]
    assert pids
    deadline = time.monotonic() + 30
    # A process lets go of its files a moment before it is gone.
    while any(_is_there(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not [pid for pid in pids if _is_there(pid)]


def _is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not asked for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
