"""One loop that kills, the same for every door: at random moments of its work, which then goes on.

A **door** is a way into the data folder with a process at work behind it. It can `begin` (for the first time,
or again after a kill), says whom a kill may hit, and knows at the end what must be in the log. What it may
hit: `EVERYTHING` (the process and its children, as when a machine goes), `ALONE` (its main process; the
children find out by themselves), or a word of a child's command line.

A **moment** is a number of bytes that the victim has written, drawn from what a whole piece of work writes,
and a few milliseconds more, in which it computes or syncs. So the same seed hits about the same places on a
slow machine and on a fast one. A kill counts when the victim was alive and had the folder open.
"""

from __future__ import annotations

import os
import random
import sys
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults.processes import Process, children, until

EVERYTHING, ALONE = "everything", "alone"
PAUSE_MS = 15.0
LOOK_SECONDS = 0.0005
START_SECONDS = 60.0
ORPHAN_SECONDS = 30.0
TRIES_A_KILL = 12


class Door(ABC):
    """A way in, at work. Subclasses know the truth of what they have sent."""

    name: str
    targets: tuple[str, ...] = (EVERYTHING, ALONE)

    def __init__(self, data: Path) -> None:
        self.data = data

    @abstractmethod
    def begin(self) -> Process:
        """The main process at work: the one that is, or a new one that goes on with what was begun."""

    @abstractmethod
    def measure(self) -> Mapping[str, int]:
        """Bytes that the victims of each target write in a whole piece of work, done undisturbed."""

    @abstractmethod
    def ended(self, *, killed: bool) -> None:
        """The main process has ended; `killed` by us, or by itself."""

    @abstractmethod
    def finish(self) -> None:
        """Takes what was begun to its end, undisturbed, and ends every process."""

    @abstractmethod
    def check(self) -> None:
        """Compares the log with what was sent and acknowledged."""


class Tale(NamedTuple):
    """What a run came to: kills that counted by target, and what was struck too early or too late."""

    kills: Counter[str]
    missed: int


def kill_repeatedly(door: Door, kills: int, seed: int, told: Callable[[int], None]) -> Tale:
    """Kills so many times; at the end the work is done and nothing of it runs any more."""
    chance = random.Random(f"{seed}/{door.name}")
    spans = door.measure()
    found: Counter[str] = Counter()
    missed = 0
    left: list[Process] = []
    while found.total() < kills:
        assert missed < TRIES_A_KILL * (kills + 2), f"kills hardly land in the work: {dict(found)}"
        target = chance.choice(door.targets)
        moment = chance.randint(1, spans[target])
        hit, left = _strike(door, target, moment, chance.uniform(0, PAUSE_MS) / 1000, left)
        found[target] += hit
        missed += not hit
        told(found.total())
    door.finish()
    _gone(left)
    return Tale(found, missed)


def _strike(
    door: Door, target: str, moment: int, pause: float, left: list[Process]
) -> tuple[bool, list[Process]]:
    """One attempt, and the processes that have to end by themselves after it."""
    main = door.begin()
    victim = main if target in (EVERYTHING, ALONE) else child_of(main, target)
    if victim is None:
        # It ended before it had the child, or with it.
        until(lambda: not main.is_alive, START_SECONDS, "an end without a child")
        door.ended(killed=False)
        return False, left
    # Who lives through several moments counts from now, who is new from its birth.
    limit = moment + (victim.written_bytes if victim in left else 0)
    while victim.is_alive and victim.written_bytes < limit:
        time.sleep(LOOK_SECONDS)
    time.sleep(pause)
    _gone([it for it in left if it not in (main, *children(main.pid))])
    struck = victim.is_alive
    hit = struck and victim.uses(door.data)
    family = children(main.pid)
    for it in [victim, *(family if target == EVERYTHING else ())]:
        it.kill()
    until(lambda: not victim.is_alive, ORPHAN_SECONDS, "the death of the killed")
    if not main.is_alive:
        door.ended(killed=struck and victim == main)
    return hit, [it for it in (main, *family) if it != victim]


def child_of(main: Process, word: str) -> Process | None:
    """Its child with that word in its command; None when there will be none."""
    deadline = time.monotonic() + START_SECONDS
    while main.is_alive:
        for it in children(main.pid):
            if word in it.command:
                return it
        assert time.monotonic() < deadline, f"no {word} was started"
        time.sleep(0.005)
    return None


def _gone(processes: list[Process]) -> None:
    """Whoever lost its parent ends by itself."""
    until(lambda: not any(it.is_alive for it in processes), ORPHAN_SECONDS, "orphans end by themselves")


def written_over(process: Process, seconds: float = START_SECONDS * 10) -> int:
    """How much a process has written by the time that it ends, or so much later."""
    most, deadline = 0, time.monotonic() + seconds
    while process.is_alive and time.monotonic() < deadline:
        most = max(most, process.written_bytes)
        time.sleep(0.005)
    return max(most, process.written_bytes)


def tell(capsys: pytest.CaptureFixture[str], what: str) -> None:
    """Says something while tests run: on standard error, since workers have no other way to the terminal."""
    with capsys.disabled():
        print(f"\n{what}", file=sys.stderr, flush=True)


def kills_from_environment() -> int:
    """How many kills all doors share."""
    return int(os.environ.get("ONEFOLD_KILLS", "100"))


def seed_from_environment() -> int:
    """The seed of a run: a new one, unless it is to be repeated."""
    return int(os.environ.get("ONEFOLD_FAULTS_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
