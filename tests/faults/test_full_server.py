"""A server whose disk is full: it says so, shows nothing it cannot write down, and goes on by itself."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from onefold.app.house import LocalHouse
from tests.faults.delivered import UNAVAILABLE, Csv
from tests.faults.killing import seed_from_environment, tell
from tests.faults.processes import process
from tests.faults.served import NAMES, USERS, Sender, register
from tests.faults.truth import Said, check_folder, check_said, interactions, logged_events
from tests.flow.server import Server, make_folder

DISK_BYTES = 64 * 1024 * 1024
LEFT_BYTES = 400_000
BALLAST_BYTES = 1024 * 1024
ROUNDS = 50 if os.environ.get("ONEFOLD_FAULTS") == "long" else 4
SEED = seed_from_environment()
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


class SmallDisk:
    """A real small file system where one can be mounted; else files of the server that may not grow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)]
        mounting = shutil.which("mount") is not None
        self.real = mounting and subprocess.run(command, capture_output=True, check=False).returncode == 0
        self._ballast = folder / "ballast"

    def fill(self, pid: int, left_bytes: int = 0) -> None:
        if self.real:
            try:
                with self._ballast.open("wb", buffering=0) as ballast:
                    while (free := shutil.disk_usage(self.folder).free) > left_bytes:
                        ballast.write(bytes(min(BALLAST_BYTES, free - left_bytes)))
            except OSError as fault:
                # Others write meanwhile: full before the ballast is whole is as good.
                if fault.errno != errno.ENOSPC:
                    raise
        else:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096 + left_bytes, resource.RLIM_INFINITY))

    def free(self, pid: int) -> None:
        if self.real:
            self._ballast.unlink(missing_ok=True)
        elif process(pid).is_alive:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, UNLIMITED)

    @property
    def kind(self) -> str:
        return "a tmpfs of 64 MiB" if self.real else "files that may not grow: nothing may be mounted here"

    def close(self) -> None:
        if self.real:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path):
    small = SmallDisk(tmp_path / "small")
    yield small
    small.close()


def calls(start: int, count: int) -> dict[str, object]:
    who = [{"type": "identify", "messageId": f"who-{start}", "userId": "u", "traits": {"firstName": "Una"}}]
    steps = [
        {"type": "track", "messageId": f"m-{number}", "userId": "u", "event": "step"}
        for number in range(start, start + count)
    ]
    return {"batch": who + steps}


def until(condition) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_server_on_a_full_disk_acknowledges_nothing_shows_nothing_and_recovers(disk, tmp_path):
    data = disk.folder / "data"
    house = make_folder(data)
    key = house.users(data).new_write_key("digital")
    with Server(data) as server, server.signed_in("agent") as agent:
        assert server.send("/v1/batch", calls(0, 50), key).status_code == 200
        until(lambda: not agent.get("/api/health").json()["behind"])
        customer = agent.get("/api/customers", params={"q": "Una"}).json()["items"][0]["customer"]
        look = f"/api/customers/{customer}"
        assert agent.get(look).status_code == 200

        disk.fill(server.pid)
        refused = server.send("/v1/batch", calls(50, 50), key)
        check_unavailable(refused)
        # The page of the audit that was begun still takes a few records; then nothing is shown any more.
        looks = [agent.get(look) for _ in range(30)]
        check_unavailable(looks[-1])
        assert agent.get("/api/health").status_code == 200
        unwell = agent.get("/healthz")
        assert unwell.status_code == 503
        assert "The disk" in unwell.json()["detail"]

        disk.free(server.pid)
        until(lambda: server.send("/v1/batch", calls(50, 50), key).status_code == 200)
        until(lambda: agent.get(look).status_code == 200)
        until(lambda: agent.get("/healthz").status_code == 200)
        assert server.send("/v1/batch", calls(50, 50), key).json()["counts"]["duplicate"] == 51
        until(lambda: not agent.get("/api/health").json()["behind"])
        assert server.stop() == 0

    found = logged_events(data)
    assert set(found.values()) == {1}
    assert len(found) == 102
    assert interactions(data) == 100
    assert LocalHouse().verify(data).sound
    assert house.replay(data, tmp_path / "replayed", lambda *_: None).same


def first_customer(agent: httpx.Client) -> str:
    found: str = agent.get("/api/customers", params={"q": NAMES[0]}).json()["items"][0]["customer"]
    return found


class FewRows(Csv):
    """Deliveries so small that many fit on the disk."""

    rows = 300


@pytest.mark.timeout(300 + 30 * ROUNDS)
def test_however_often_the_disk_is_full_calls_are_acknowledged_or_refused_and_none_is_lost(
    disk, tmp_path, capsys
):
    data = disk.folder / "data"
    house = make_folder(data)
    key = house.users(data).new_write_key("digital")
    chance = random.Random(SEED)
    stopping = threading.Event()
    with Server(data) as server, server.signed_in("agent") as agent, ThreadPoolExecutor(2) as pool:
        register(server, key)
        look = f"/api/customers/{first_customer(agent)}"
        senders = [Sender(server, key, f"sender-{number}", pause_seconds=0.02) for number in range(2)]
        working = [pool.submit(it.run, stopping) for it in senders]
        try:
            for _ in range(ROUNDS):
                refused = [it.repeats for it in senders]
                disk.fill(server.pid, chance.randint(0, LEFT_BYTES))
                until(lambda refused=refused: [it.repeats for it in senders] != refused)
                shown = agent.get(look)
                assert shown.status_code == 200 or check_unavailable(shown) is None
                assert agent.get("/api/health").status_code == 200
                disk.free(server.pid)
                sent = [len(it.acknowledged) for it in senders]
                until(lambda sent=sent: [len(it.acknowledged) for it in senders] != sent)
                until(lambda: agent.get(look).status_code == 200)
        finally:
            # Senders repeat until they are answered: they end only on a disk that takes what they say.
            disk.free(server.pid)
            stopping.set()
        for task in working:
            task.result(90)
        until(lambda: not agent.get("/api/health").json()["behind"])
        assert server.stop() == 0
    acknowledged = [it for sender in senders for it in sender.acknowledged]
    known = [Said("identify", "party", f"user-{it}", "patch") for it in range(USERS)]
    check_said(
        data, "digital", [*known, *(Said("track", "interaction", it, "upsert") for it in acknowledged)]
    )
    check_folder(data, tmp_path / "replayed")
    tell(capsys, f"disk full, http (seed {SEED}): {ROUNDS} times, {len(acknowledged)} events, {disk.kind}")


@pytest.mark.timeout(300 + 30 * ROUNDS)
def test_however_often_the_disk_is_full_a_load_says_so_and_goes_on(disk, tmp_path, capsys):
    door = FewRows(disk.folder / "data", tmp_path)
    chance = random.Random(SEED)
    # What the first delivery needs is what those that follow need at most.
    free = shutil.disk_usage(disk.folder).free
    door.begin()
    door.ended(killed=False)
    need = free - shutil.disk_usage(disk.folder).free
    stopped = rounds = 0
    while stopped < ROUNDS:
        rounds += 1
        assert rounds < 10 * ROUNDS, "the disk hardly ever is too small"
        main = door.begin()
        disk.fill(main.pid, chance.randint(0, need) if disk.real else 0)
        door.ended(killed=False)
        disk.free(main.pid)
        if door.code == UNAVAILABLE:
            stopped += 1
            said = door.words()
            assert "disk" in said or "database" in said or "profiles" in said, said
            assert "space" in said or "again" in said or "go on" in said or "goes on" in said, said
            main = door.begin()
            door.ended(killed=False)
            assert door.code == 0, door.words()
    door.finish()
    door.check()
    check_folder(door.data, tmp_path / "replayed")
    tell(capsys, f"disk full, load (seed {SEED}): {stopped} of {rounds} loads, {disk.kind}")


def check_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "disk" in answer.json()["title"] or "state" in answer.json()["title"], answer.text
