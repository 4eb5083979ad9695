"""The worker's process: it follows, it can be waited for, it is replaced when it dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from onefold.kernel.errors import Damaged, Unavailable
from onefold.runtimes.embedded.process import WorkerProcess, work_for_parent

ROOT = Path(__file__).parents[4]
CHILD = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.unit.runtimes.embedded.test_process import Steps
from onefold.runtimes.embedded.process import work_for_parent
work_for_parent(Steps(sys.argv[1]))
"""


class Steps:
    """A worker whose log is a number in one file, and whose state is a number in another."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        (self.folder / "pid").write_text(str(os.getpid()))

    @property
    def offset(self) -> int:
        return read(self.folder / "state")

    def run_once(self) -> int:
        order = self.folder / "order"
        if order.exists():
            word = order.read_text()
            order.unlink()
            raise {"full": Unavailable("The disk is full."), "torn": Damaged("A frame cannot be read.")}[word]
        taken = min(1, read(self.folder / "log") - self.offset)
        if taken:
            whole(self.folder / "state", str(self.offset + taken))
        return taken


def read(path: Path) -> int:
    return int(path.read_text() or 0) if path.exists() else 0


@contextmanager
def running(folder: Path) -> Iterator[WorkerProcess]:
    process = WorkerProcess([sys.executable, "-c", CHILD, str(folder)], read(folder / "state"))
    process.start()
    try:
        yield process
    finally:
        process.stop()


def whole(path: Path, text: str) -> None:
    """Nobody reads half of it."""
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").rename(path)


def grow(folder: Path, to: int) -> None:
    whole(folder / "log", str(to))


def order(folder: Path, word: str) -> None:
    whole(folder / "order", word)


def eventually(happens: Any) -> bool:
    deadline = time.monotonic() + 20
    while not happens() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(happens())


def test_waiting_ends_when_the_state_has_the_sequence(tmp_path):
    with running(tmp_path) as process:
        grow(tmp_path, 5)
        process.wait_for(5, timeout_seconds=20)
        assert read(tmp_path / "state") == 5


def test_waiting_for_what_does_not_come_in_time_says_so(tmp_path):
    with running(tmp_path) as process, pytest.raises(Unavailable, match="not yet in force"):
        process.wait_for(1, timeout_seconds=0.05)


def test_an_unavailable_dependency_is_tried_again(tmp_path):
    order(tmp_path, "full")
    with running(tmp_path) as process:
        assert eventually(lambda: process.failure is not None)
        grow(tmp_path, 1)
        process.wait_for(1, timeout_seconds=20)
        assert process.failure is None


def test_damage_ends_the_work_and_whoever_waits_is_told(tmp_path):
    order(tmp_path, "torn")
    with running(tmp_path) as process:
        with pytest.raises(Unavailable, match="A frame cannot be read"):
            process.wait_for(1, timeout_seconds=20)
        assert isinstance(process.failure, Damaged)


def test_a_child_that_is_killed_is_replaced_and_goes_on_where_the_state_is(tmp_path):
    with running(tmp_path) as process:
        grow(tmp_path, 3)
        process.wait_for(3, timeout_seconds=20)
        os.kill(read(tmp_path / "pid"), signal.SIGKILL)
        grow(tmp_path, 6)
        process.wait_for(6, timeout_seconds=20)
        assert process.failure is None


def test_stopping_ends_the_child(tmp_path):
    with running(tmp_path) as process:
        grow(tmp_path, 1)
        process.wait_for(1, timeout_seconds=20)
        pid = read(tmp_path / "pid")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_one_whose_parent_is_gone_ends_by_itself(tmp_path):
    heard, parent = os.pipe()
    telling, said = os.pipe()
    steps: Any = Steps(str(tmp_path))
    child = Thread(target=work_for_parent, args=(steps, heard, said))
    child.start()
    assert os.read(telling, 100) == b"at 0\n"
    os.close(parent)
    child.join(20)
    assert not child.is_alive()
    for it in (heard, telling, said):
        os.close(it)


def test_a_child_whose_parent_is_gone_ends_without_a_word_after_the_batch_at_hand(tmp_path):
    (tmp_path / "log").write_text("1")
    heard, told = os.pipe()
    listening, said = os.pipe()
    os.close(listening)
    try:
        steps: Any = Steps(str(tmp_path))
        work_for_parent(steps, heard, said)
    finally:
        for descriptor in (heard, told, said):
            os.close(descriptor)
    assert read(tmp_path / "state") == 1
