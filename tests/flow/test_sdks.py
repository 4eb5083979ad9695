"""Clients nobody here wrote: Segment's and RudderStack's, Python and Node; Segment's see the server killed.

They retry with the same message ids. What they sent has one effect: nothing is lost, nothing is there twice.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from rudderstack.analytics.client import Client as RudderClient
from segment.analytics.client import Client

from onefold.app.house import LocalHouse
from tests.flow.server import ROOT, Server, make_folder

EVENTS = 200
KILLS = 3
NODE = Path(__file__).parent / "node"


@pytest.fixture
def house(tmp_path: Path) -> LocalHouse:
    return make_folder(tmp_path / "data")


def killed_while(server: Server, work: Callable[[], None]) -> None:
    """Runs the work in a thread and kills the server a few times before it is done."""
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        for number in range(KILLS):
            wait_for_log_to_grow(server)
            time.sleep(0.02 * number)
            server.kill()
            server.start()
        working.result(120)


def wait_for_log_to_grow(server: Server) -> None:
    before = httpx.get(f"{server.url}/api/health").json()["log"]
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if httpx.get(f"{server.url}/api/health").json()["log"] > before:
            return
        time.sleep(0.005)


def seen(server: Server, user: str) -> Counter[str]:
    """How often each thing the user did is on the customer's timeline; nothing of a user nobody knows yet."""
    with server.signed_in("agent") as agent:
        deadline = time.monotonic() + 20
        while True:
            health = agent.get("/api/health").json()
            if not health["behind"] or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        found = agent.get("/api/customers", params={"q": user}).json()["items"]
        if not found:
            return Counter()
        customer = found[0]["customer"]
        page = agent.get(f"/api/customers/{customer}/timeline", params={"limit": 500}).json()
    assert page["next"] is None
    return Counter(it["title"] for it in page["items"])


TOLD = "Said who they are on the website"


def expected(*others: str) -> Counter[str]:
    return Counter([f"Step {number} on the website" for number in range(EVENTS)] + list(others))


def check_replay(house: LocalHouse, server: Server, tmp_path: Path) -> None:
    assert server.stop() == 0
    assert house.replay(server.data, tmp_path / "replayed", lambda *_: None).same


def test_the_python_client_leaves_each_of_its_events_once_though_the_server_is_killed(house, tmp_path):
    data = tmp_path / "data"
    key = house.users(data).new_write_key("digital")
    with Server(data) as server:
        lost: list[object] = []
        client = Client(
            key,
            host=server.url,
            on_error=lambda error, batch: lost.append(error),
            max_retries=30,
            upload_size=10,
            upload_interval=0.05,
            timeout=5,
        )

        def send() -> None:
            client.identify("pat", {"email": "pat@post.example", "firstName": "Pat", "lastName": "Client"})
            for number in range(EVENTS):
                client.track("pat", f"step {number}", {"screen": "test"})
                time.sleep(0.005)
            client.alias("pat-device", "pat")
            client.shutdown()

        killed_while(server, send)
        assert not lost
        assert seen(server, "pat@post.example") == expected(TOLD), "an alias says who was on a device"
        check_replay(house, server, tmp_path)


def test_the_node_client_leaves_each_of_its_events_once_though_the_server_is_killed(house, tmp_path):
    data = tmp_path / "data"
    key = house.users(data).new_write_key("digital")
    modules = node_modules()
    with Server(data) as server:

        def send() -> None:
            command = ["node", "send.mjs", server.url, key, "nell", str(EVENTS)]
            done = subprocess.run(
                command, cwd=modules, capture_output=True, text=True, timeout=150, check=False
            )
            assert done.stdout == "delivered\n", done.stderr

        killed_while(server, send)
        assert seen(server, "nell@post.example") == expected(TOLD, "Looked at “last page” on the website")
        check_replay(house, server, tmp_path)


def test_rudderstacks_python_client_leaves_each_of_its_events_once(house, tmp_path):
    data = tmp_path / "data"
    key = house.users(data).new_write_key("digital")
    lost: list[object] = []
    with Server(data) as server:
        client = RudderClient(
            key, host=server.url, on_error=lambda error, batch: lost.append(error), upload_size=10, timeout=60
        )
        client.identify("rita", {"email": "rita@post.example", "firstName": "Rita"})
        for number in range(EVENTS):
            client.track("rita", f"step {number}", {"screen": "test"})
        client.flush()
        client.join()
        assert not lost
        assert seen(server, "rita@post.example") == expected()


def test_rudderstacks_node_client_leaves_each_of_its_events_once(house, tmp_path):
    data = tmp_path / "data"
    key = house.users(data).new_write_key("digital")
    modules = node_modules()
    with Server(data) as server:
        command = ["node", "rudder.mjs", server.url, key, "rune", str(EVENTS)]
        done = subprocess.run(command, cwd=modules, capture_output=True, text=True, timeout=150, check=False)
        assert done.stdout == "delivered\n", done.stderr
        assert seen(server, "rune@post.example") == expected("Looked at “last page” on the website")


def node_modules() -> Path:
    """A folder with the client and its script, installed once from the lock."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js is not installed")
    folder = ROOT / ".cache" / "tracking-client"
    folder.mkdir(parents=True, exist_ok=True)
    lock = (NODE / "package-lock.json").read_bytes()
    installed = folder / "installed-lock.json"
    if not installed.is_file() or installed.read_bytes() != lock:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(NODE / name, folder / name)
        subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=True, timeout=200)
        installed.write_bytes(lock)
    for script in NODE.glob("*.mjs"):
        shutil.copy(script, folder / script.name)
    return folder
