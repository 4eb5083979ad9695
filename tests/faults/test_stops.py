"""SIGSTOP and SIGCONT: who was stopped and overtaken is fenced, and a folder has one server at a time.

What fences is the offset, not the time, so CI stops for a moment and `ONEFOLD_FAULTS=long` for 30 seconds.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.folder import read_folder
from onefold.kernel.waiting import can_read
from tests.faults.delivered import FOLLOWER, Csv
from tests.faults.killing import child_of, seed_from_environment, tell, written_over
from tests.faults.processes import NEEDS_PROC, children, process, until
from tests.faults.served import USERS, Sender, register
from tests.faults.truth import Said, check_folder, check_said, interactions
from tests.flow.server import Server, make_folder

LONG = os.environ.get("ONEFOLD_FAULTS") == "long"
STOP_SECONDS = 30.0 if LONG else 0.5
STOPS = 10 if LONG else 3
ENOUGH_SECONDS = 60.0 * STOPS
"""After so long, one that was fenced is enough: a slow machine stops most of them within a commit."""
SEED = seed_from_environment()
WORK = "import sys; from onefold.app.working import work; work(sys.argv[1])"

pytestmark = [NEEDS_PROC, pytest.mark.timeout(300 + 60 * STOPS)]


class Worker:
    """A worker of a folder as a server has it; what it says is read here."""

    started: ClassVar[list[Worker]] = []

    def __init__(self, data: Path) -> None:
        self.started.append(self)
        command = [sys.executable, "-c", WORK, str(data)]
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.process = process(self.popen.pid)
        self.said: list[str] = []

    def hear(self, seconds: float = 0.0) -> str:
        """The last line it has said so far."""
        assert self.popen.stdout is not None
        while can_read(self.popen.stdout.fileno(), seconds):
            part = os.read(self.popen.stdout.fileno(), 1 << 16).decode()
            if not part:
                break
            self.said += part.splitlines()
            seconds = 0.0
        return self.said[-1] if self.said else ""

    def until_at(self, sequence: int) -> None:
        """Waits until it has said that the state is so far."""
        until(lambda: self.hear(0.05) == f"at {sequence}", 120, f"the state at {sequence}")

    def is_done_or_waits(self, sequence: int) -> bool:
        """Whether the state is so far, or somebody keeps it from going on."""
        return self.hear(0.05) == f"at {sequence}" or any(it.startswith("failing") for it in self.said)

    def close(self) -> int:
        """Ends it as a parent does."""
        assert self.popen.stdin is not None
        assert self.popen.stdout is not None
        self.popen.stdin.close()
        code = self.popen.wait(60)
        self.popen.stdout.close()
        return code


@pytest.fixture(autouse=True)
def nobody_is_left():
    """A test that fails halfway leaves no worker to the tests behind it."""
    yield
    for it in Worker.started:
        it.popen.kill()
        it.popen.wait(60)
        for pipe in (it.popen.stdin, it.popen.stdout):
            assert pipe is not None
            pipe.close()
    Worker.started.clear()


def test_a_worker_that_was_stopped_and_overtaken_is_fenced(tmp_path, capsys):
    """Each round the log grows by a delivery, whose worker is stopped somewhere within."""
    door = Csv(tmp_path / "data")
    chance = random.Random(SEED)
    fenced = 0
    span = 0
    began = time.monotonic()
    for number in range(60):
        if number and (fenced >= STOPS or (fenced and time.monotonic() - began > ENOUGH_SECONDS)):
            break
        # The log grows while nobody follows it, so that the workers here have something to do.
        child = child_of(door.begin(), FOLLOWER)
        assert child is not None
        child.signal(signal.SIGSTOP)
        until(door.is_in_the_log, 120, "the delivery is durable")
        door.abandon()
        end = FileSegmentReader(read_folder(door.data).log("log")).last_sequence
        zombie = Worker(door.data)
        if not span:
            span = max(1, written_over(zombie.process, 2.0))
            zombie.until_at(end)
            assert zombie.close() == 0
            continue
        moment = chance.randint(1, span)
        while (
            zombie.process.is_alive and zombie.process.written_bytes < moment and zombie.hear() != f"at {end}"
        ):
            time.sleep(0.0005)
        time.sleep(chance.uniform(0, 0.1))
        zombie.process.signal(signal.SIGSTOP)
        second = Worker(door.data)
        time.sleep(STOP_SECONDS)
        # Stopped within a commit it holds the state's lock: then nobody can overtake it, and it goes on.
        until(
            lambda it=second, at=end: it.is_done_or_waits(at), 120, "the second worker gets through, or waits"
        )
        zombie.process.signal(signal.SIGCONT)
        zombie.until_at(end)
        second.until_at(end)
        fenced += any("moved the state on" in it for it in [*zombie.said, *second.said])
        assert zombie.close() == second.close() == 0
    tell(capsys, f"stops (seed {SEED}): {fenced} fenced of {number} rounds of {STOP_SECONDS:g} s")
    assert fenced >= min(STOPS, 1)
    door.finish()
    door.check()
    check_folder(door.data, tmp_path / "replayed")


def test_while_a_server_is_stopped_no_other_one_takes_its_folder_and_it_goes_on(tmp_path):
    data = tmp_path / "data"
    house = make_folder(data)
    key = house.users(data).new_write_key("digital")
    stopping = threading.Event()
    with Server(data) as server, ThreadPoolExecutor(2) as pool:
        register(server, key)
        senders = [Sender(server, key, f"sender-{number}") for number in range(2)]
        working = [pool.submit(it.run, stopping) for it in senders]
        try:
            for _ in range(STOPS):
                sent = sum(len(it.acknowledged) for it in senders)
                until(lambda sent=sent: sum(len(it.acknowledged) for it in senders) > sent, 60, "answers")
                family = [process(server.pid), *children(server.pid)]
                for it in family:
                    it.signal(signal.SIGSTOP)
                for words in (["serve", "--port", "1"], ["load", "digital", str(tmp_path)]):
                    command = [sys.executable, "-m", "onefold", *words, "--data", str(data)]
                    other = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
                    assert other.returncode == 4, other.stderr
                    assert "Another process is writing" in other.stderr
                time.sleep(STOP_SECONDS)
                for it in family:
                    it.signal(signal.SIGCONT)
        finally:
            for it in children(server.pid):
                it.signal(signal.SIGCONT)
            process(server.pid).signal(signal.SIGCONT)
            stopping.set()
        for task in working:
            task.result(90)
        assert server.stop() == 0
    acknowledged = [it for sender in senders for it in sender.acknowledged]
    known = [Said("identify", "party", f"user-{it}", "patch") for it in range(USERS)]
    check_said(
        data, "digital", [*known, *(Said("track", "interaction", it, "upsert") for it in acknowledged)]
    )
    assert interactions(data) == len(acknowledged)
    check_folder(data, tmp_path / "replayed")
