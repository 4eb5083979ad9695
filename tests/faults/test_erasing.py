"""Killed in the middle of an erasure, at any step: the next start finishes it, and it ends the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from onefold.app.house import LocalHouse
from onefold.kernel.errors import Forgotten
from onefold.pipeline.fingerprint import state_hash
from onefold.usecases.show_customer import show_customer
from tests.canaries import CELL, CONTRACT, customer_of, deliver, left_of, permit, rooms_of
from tests.style.source import ROOT

GOING, STAYING = (0, 1), (2, 3)
BEYOND = 10_000
AT_A_TIME = 1 if os.environ.get("ONEFOLD_FAULTS") == "long" else 6
"""A default run kills at every sixth step, `ONEFOLD_FAULTS=long` at each."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """A folder as it is before, the ids of who goes, how many steps it takes, and the state it ends in."""
    base = tmp_path_factory.mktemp("before")
    (base / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(base / "data", CELL, [base / "bank.yaml"], None)
    with rooms_of(base / "data") as rooms:
        deliver(rooms.door, [*GOING, *STAYING], [(GOING[0], STAYING[0])])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
        ids = [customer_of(rooms, n) for n in GOING]
    undisturbed = tmp_path_factory.mktemp("undisturbed")
    shutil.copytree(base, undisturbed, dirs_exist_ok=True)
    ended = erase(undisturbed, BEYOND, ids)
    assert ended.returncode == 0, ended.stderr
    return base, ids, int(ended.stdout), hash_of(undisturbed)


def erase(base, step: int, ids) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.faults.erasing", str(base / "data"), str(step), *ids]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)


def hash_of(base) -> str:
    with rooms_of(base / "data") as rooms:
        return state_hash(rooms.reader)


def test_killed_at_any_step_it_is_finished_at_the_next_start_and_ends_the_same(bank, tmp_path):
    base, ids, steps, expected = bank
    assert steps >= 12
    for step in range(0, steps, AT_A_TIME):
        there = tmp_path / str(step)
        shutil.copytree(base, there)
        assert left_of(there, GOING)
        killed = erase(there, step, ids)
        assert killed.returncode == -9, killed.stderr
        if step == 0:
            # Nothing was written down yet: nobody was erased, and nobody was promised it.
            assert hash_of(there) != expected
            continue
        with rooms_of(there / "data") as rooms:
            assert state_hash(rooms.reader) == expected, f"killed before step {step}"
            with pytest.raises(Forgotten):
                show_customer(permit(rooms, "show_customer"), rooms, ids[0])
            assert rooms.eraser.ledger.unfinished() == []
            assert rooms.eraser.keys.obtain([bytes.fromhex(it) for it in ids]) == {}
        assert left_of(there, GOING) == {}, f"killed before step {step}"
        assert LocalHouse().verify(there / "data").sound
        shutil.rmtree(there)
