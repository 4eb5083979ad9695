"""The demo goes on where it was stopped, and ends in the same bank as if it never had been."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from onefold.adapters.sqlite.schema import VERSION, version_of
from onefold.app.demo import prepare
from onefold.app.house import LocalHouse
from onefold.kernel.errors import Unavailable
from tests.flow.server import free_port

PEOPLE = 100

pytestmark = pytest.mark.xdist_group("demo")


def rows(data: Path) -> Counter[str]:
    """How many rows each table of the state has; ids differ from folder to folder, numbers do not.

    Except for spells: which of a customer's records is the first to say no is a matter of ids.
    """
    with LocalHouse().working(data) as rooms, rooms.reader.snapshot() as reader:
        return Counter(table for table, _ in reader.walk() if table != "spells")


def loaded(data: Path) -> list[str]:
    memory = data / "demo.json"
    found: list[str] = json.loads(memory.read_text())["loaded"] if memory.exists() else []
    return found


def test_a_demo_that_is_killed_while_it_loads_goes_on_and_ends_the_same(tmp_path):
    data = tmp_path / "killed"
    for stop_after in (0, 1, 3):
        kill_after(data, stop_after)
    prepare(data, PEOPLE, lambda *_: None)
    until = date.fromisoformat(json.loads((data / "demo.json").read_text())["until"])
    prepare(tmp_path / "whole", PEOPLE, lambda *_: None, until=until)
    assert len(loaded(data)) == 6
    assert not (data / "demo-world").exists()
    assert rows(data) == rows(tmp_path / "whole")
    house = LocalHouse()
    assert house.verify(data).sound
    assert house.replay(data, tmp_path / "again", lambda *_: None).same


def test_a_state_of_another_version_is_made_again(tmp_path):
    data = tmp_path / "former"
    prepare(data, PEOPLE, lambda *_: None)
    before = rows(data)
    [state] = data.rglob("state.db")
    was = state.stat().st_ino
    with LocalHouse().working(data):
        with closing(sqlite3.connect(state)) as base:
            base.execute(f"PRAGMA user_version = {VERSION - 1}")
        with pytest.raises(Unavailable, match="Another process"):
            prepare(data, PEOPLE, lambda *_: None)
    prepare(data, PEOPLE, lambda *_: None)
    assert state.stat().st_ino != was
    assert version_of(state) == VERSION
    assert rows(data) == before


def kill_after(data: Path, sources: int) -> None:
    """Starts the demo and kills it, with all its processes, once so many sources are in."""
    command = [sys.executable, "-m", "onefold", "demo", "--size", str(PEOPLE), "--data", str(data)]
    command += ["--port", str(free_port())]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (data / "demo.json").exists() or len(loaded(data)) < sources:
        assert running.poll() is None, "the demo ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.1)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
