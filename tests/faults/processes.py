"""Processes as Linux shows them: whose child one is, how much it has written, which files it has open."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

import pytest

PROC = Path("/proc")
NEEDS_PROC = pytest.mark.skipif(not (PROC / "self" / "io").exists(), reason="needs /proc, as Linux has it")


class Process(NamedTuple):
    """One process; `started` tells it from a later one with the same number."""

    pid: int
    started: int

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or could; what is dead and not yet buried does not."""
        stat = _stat(self.pid)
        return bool(stat) and int(stat[21]) == self.started and stat[2] != "Z"

    @property
    def written_bytes(self) -> int:
        """How much it has given to `write` and its like so far; 0 when it is gone."""
        try:
            lines = (PROC / str(self.pid) / "io").read_text().splitlines()
        except OSError:
            return 0
        return int(next((it.split()[1] for it in lines if it.startswith("wchar")), 0))

    @property
    def command(self) -> str:
        """Its command line."""
        try:
            return (PROC / str(self.pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""

    def uses(self, folder: Path) -> bool:
        """Whether it has a file in a folder open."""
        with contextlib.suppress(OSError):
            for it in (PROC / str(self.pid) / "fd").iterdir():
                with contextlib.suppress(OSError):
                    if os.readlink(it).startswith(f"{folder}/"):
                        return True
        return False

    def signal(self, number: int) -> None:
        """Sends it a signal, if it is still there."""
        if self.is_alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """kill -9: nothing is flushed, closed or said."""
        self.signal(signal.SIGKILL)


def process(pid: int) -> Process:
    """The process with a number now."""
    stat = _stat(pid)
    return Process(pid, int(stat[21]) if stat else 0)


def children(pid: int) -> list[Process]:
    """Those that a process started, and those that they did."""
    stats = {int(it.name): _stat(int(it.name)) for it in PROC.iterdir() if it.name.isdigit()}
    found, parents = [], {pid}
    while parents:
        born = {it: stat for it, stat in stats.items() if stat and int(stat[3]) in parents}
        found += [Process(it, int(stat[21])) for it, stat in born.items()]
        parents = set(born)
    return found


def of_folder(folder: Path) -> list[Process]:
    """Everything alive whose command line names a folder, or that has a file of it open; but not us."""
    everything = [process(int(it.name)) for it in PROC.iterdir() if it.name.isdigit()]
    others = [it for it in everything if it.pid != os.getpid() and it.is_alive]
    return [it for it in others if str(folder) in it.command or it.uses(folder)]


def until(condition, seconds: float, what: str) -> None:
    """Waits for something to become so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


def _stat(pid: int) -> list[str]:
    """The fields of its line, the name (which may hold anything) left out; empty when it is gone."""
    try:
        line = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return []
    head, _, rest = line.rpartition(")")
    return [head.partition(" ")[0], "", *rest.split()]
