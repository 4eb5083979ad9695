"""kill -9 at random moments of every door's work: nothing acknowledged is lost, nothing is there twice.

`make faults` kills a thousand times (`KILLS=…`), CI a hundred; `ONEFOLD_FAULTS_SEED` repeats a run. Each door
has its share. Topics of a broker have theirs in test_killed_consumer.py.
"""

from __future__ import annotations

import os
import time

import pytest

from tests.faults.delivered import Csv, Parquet, Pull, Snapshots
from tests.faults.killing import Door, kill_repeatedly, kills_from_environment, seed_from_environment, tell
from tests.faults.processes import NEEDS_PROC, of_folder
from tests.faults.served import Http, Views, WorkerAlone
from tests.faults.truth import check_folder

SHARES: dict[type[Door], int] = {
    Http: 24, WorkerAlone: 16, Views: 10, Csv: 14, Parquet: 8, Snapshots: 14, Pull: 14,
}  # fmt: skip
KILLS = kills_from_environment()
SEED = seed_from_environment()

pytestmark = [NEEDS_PROC, pytest.mark.timeout(300 + 20 * KILLS)]


@pytest.mark.parametrize("kind", SHARES, ids=lambda it: it.name)
def test_however_often_it_is_killed_nothing_acknowledged_is_lost_or_doubled(kind, tmp_path, capsys):
    kills = max(1, KILLS * SHARES[kind] // 100)
    started = time.monotonic()

    def told(done: int) -> None:
        if done and done % max(1, kills // 10) == 0:
            say(f"{done}/{kills}")

    def say(what: str) -> None:
        tell(capsys, f"kill {kind.name} (seed {SEED}): {what}, {time.monotonic() - started:.0f} s")

    door = kind(tmp_path / "data")
    try:
        tale = kill_repeatedly(door, kills, SEED, told if KILLS > 100 else lambda _: None)
    finally:
        for it in of_folder(door.data):
            if os.getpid() != it.pid:
                it.kill()
    assert tale.kills.total() == kills
    door.check()
    check_folder(door.data, tmp_path / "replayed")
    say(f"{dict(tale.kills)} kills, {tale.missed} missed, sound")
