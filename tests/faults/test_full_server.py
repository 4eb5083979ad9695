"""A server whose disk is full: it says so, shows nothing it cannot write down, and goes on by itself."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from onefold.app.house import LocalHouse
from tests.faults.test_kill import interactions, logged_events
from tests.flow.server import Server, make_folder

DISK_BYTES = 24 * 1024 * 1024
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

    def fill(self, server: Server) -> None:
        if self.real:
            self._ballast.write_bytes(bytes(shutil.disk_usage(self.folder).free))
        else:
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

    def free(self, server: Server) -> None:
        if self.real:
            self._ballast.unlink()
        else:
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, UNLIMITED)

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
    deadline = time.monotonic() + 20
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

        disk.fill(server)
        refused = server.send("/v1/batch", calls(50, 50), key)
        check_unavailable(refused)
        # The page of the audit that was begun still takes a few records; then nothing is shown any more.
        looks = [agent.get(look) for _ in range(30)]
        check_unavailable(looks[-1])
        assert agent.get("/api/health").status_code == 200

        disk.free(server)
        until(lambda: server.send("/v1/batch", calls(50, 50), key).status_code == 200)
        until(lambda: agent.get(look).status_code == 200)
        assert server.send("/v1/batch", calls(50, 50), key).json()["counts"]["duplicate"] == 51
        until(lambda: not agent.get("/api/health").json()["behind"])
        assert server.stop() == 0

    found = logged_events(data)
    assert set(found.values()) == {1}
    assert len(found) == 102
    assert interactions(data) == 100
    assert LocalHouse().verify(data).sound
    assert house.replay(data, tmp_path / "replayed", lambda *_: None).same


def check_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "disk" in answer.json()["title"] or "state" in answer.json()["title"], answer.text
