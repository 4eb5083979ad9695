"""A real server on a port of its own: started as a process, killed as one, started again on its folder."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from onefold.app.demo import CELL, LOGINS, PASSWORD, prepare
from onefold.app.house import LocalHouse

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "contracts" / "world"
START_SECONDS = 30.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_folder(data: Path) -> LocalHouse:
    """A folder without events: the world's contracts, and the demo's logins."""
    house = LocalHouse()
    house.create(data, CELL, [CONTRACTS], None)
    users = house.users(data)
    for login, roles in LOGINS.items():
        users.add(login, PASSWORD, roles)
    return house


def make_world(data: Path, people: int) -> None:
    """A folder with a small world in it, made and loaded as the demo does."""
    prepare(data, people, lambda *_: None)


class Server:
    """`onefold serve` of one folder. Use as a context; `kill` and `start` between."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.program = [sys.executable, "-m", "onefold"]
        self.options: tuple[str, ...] = ()
        self.verify: ssl.SSLContext | bool = True
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.launch()
        self.until_ready()

    def launch(self) -> None:
        """Starts it; it may take a moment until it answers."""
        command = [*self.program, "serve", "--data", str(self.data), "--port", str(self.port)]
        command += self.options
        log = (self.data / "server.log").open("ab")
        self._process = subprocess.Popen(
            command, stdout=log, stderr=log, env=os.environ | {"PYTHONFAULTHANDLER": "1"}
        )
        log.close()

    def until_ready(self) -> None:
        """Waits until it answers."""
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{self.url}/api/health", timeout=5, verify=self.verify).raise_for_status()
            except httpx.HTTPError:
                ended = self._process.poll() is not None
                if ended or time.monotonic() > deadline:
                    raise AssertionError(f"the server did not start:\n{self._last_words()}") from None
                time.sleep(0.05)
            else:
                return

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        """What it printed so far."""
        return (self.data / "server.log").read_text()

    def _last_words(self) -> str:
        """What it printed, and where its threads stand if it is alive."""
        assert self._process is not None
        self._process.send_signal(signal.SIGABRT)
        self._process.wait(10)
        return "\n".join(self.log().splitlines()[-200:])

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """kill -9: nothing is flushed, closed or said."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self.bury()

    def bury(self) -> None:
        """Waits for its end, which somebody else has brought about."""
        assert self._process is not None
        self._process.wait()
        self._process = None

    def stop(self) -> int:
        """Asks it to end, and waits; its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=30)
        self._process = None
        return code

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @contextmanager
    def signed_in(self, login: str) -> Iterator[httpx.Client]:
        """A browser session of one of the demo's people."""
        with httpx.Client(base_url=self.url, timeout=30) as client:
            answer = client.post("/api/session", json={"login": login, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF"] = answer.json()["csrf"]
            yield client

    def send(self, path: str, body: Any, write_key: str) -> httpx.Response:
        """One tracking call."""
        return httpx.post(f"{self.url}{path}", json=body, auth=(write_key, ""), timeout=30)
