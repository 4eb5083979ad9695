"""Doors of a server: calls over HTTP, its worker process, the processes that cut views."""

from __future__ import annotations

import itertools
import random
import threading
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import msgspec

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.demo import PASSWORD
from onefold.app.folder import read_folder
from onefold.record.audit.model import AuditHeader
from tests.faults.killing import ALONE, EVERYTHING, START_SECONDS, Door, child_of, written_over
from tests.faults.processes import Process, process, until
from tests.faults.truth import Said, check_said, interactions
from tests.flow.server import Server, make_folder

SENDERS = 3
MEASURED_SECONDS = 0.5
BATCH = 5
USERS = 20
NAMES = [f"Una{letter}ova" for letter in "abcdefghijklmnopqrst"]
GIVE_UP_SECONDS = 60.0
WORKER, CUTTER = "onefold.app.working", "onefold.app.cutting"
WORDS = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)


class Sender:
    """Sends numbered batches, each until it is acknowledged; remembers which were, and how often it asked."""

    def __init__(self, server: Server, write_key: str, name: str, pause_seconds: float = 0.0) -> None:
        self._server = server
        self._pause_seconds = pause_seconds
        self._auth = (write_key, "")
        self._name = name
        self.acknowledged: list[str] = []
        self.repeats = 0

    def run(self, stopping: threading.Event) -> None:
        with httpx.Client(timeout=10) as client:
            for number in itertools.count():
                if stopping.is_set():
                    return
                self._deliver(client, [f"{self._name}-{number}-{place}" for place in range(BATCH)])
                stopping.wait(self._pause_seconds)

    def _deliver(self, client: httpx.Client, ids: list[str]) -> None:
        calls = [
            {"type": "track", "messageId": it, "userId": f"user-{hash(it) % USERS}", "event": "step"}
            for it in ids
        ]
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                answer = client.post(f"{self._server.url}/v1/batch", json={"batch": calls}, auth=self._auth)
            except httpx.HTTPError:
                assert time.monotonic() < deadline, "the server does not come back"
                self.repeats += 1
                time.sleep(0.02)
                continue
            if answer.status_code in WORDS:
                self.repeats += 1
                time.sleep(0.1)
                continue
            assert answer.status_code == 200, answer.text
            counts = answer.json()["counts"]
            assert counts["offered"] == counts["accepted"] + counts["duplicate"] == BATCH
            self.acknowledged += ids
            return


class Served(Door):
    """A server with people or programs at it, who ask again until they are answered."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.house = make_folder(data)
        self.key = self.house.users(data).new_write_key("digital")
        self.server = Server(data)
        self._stopping = threading.Event()
        self._pool = ThreadPoolExecutor(SENDERS)
        self._working: list[Future[None]] = []

    @abstractmethod
    def work(self, number: int, stopping: threading.Event) -> None:
        """One of those at the server, until it is to stop."""

    @abstractmethod
    def is_working(self) -> bool:
        """Whether the first have had answers."""

    def begin(self) -> Process:
        self._all_well()
        if not self.server.is_running:
            self.server.launch()
        return process(self.server.pid)

    def measure(self) -> Mapping[str, int]:
        main = self.begin()
        self.server.until_ready()
        register(self.server, self.key)
        self._working = [self._pool.submit(self.work, it, self._stopping) for it in range(SENDERS)]
        until(self._all_well_at_work, GIVE_UP_SECONDS, "everybody is at work")
        spans = {}
        for target in self.targets:
            victim = main if target in (EVERYTHING, ALONE) else child_of(main, target)
            assert victim is not None
            spans[target] = max(1, written_over(victim, MEASURED_SECONDS))
        return spans

    def _all_well(self) -> None:
        """Raises what somebody at the server has found."""
        for it in self._working:
            if it.done():
                it.result()

    def _all_well_at_work(self) -> bool:
        self._all_well()
        return self.is_working()

    def ended(self, *, killed: bool) -> None:
        assert killed, f"the server ended by itself:\n{self.server.log()[-2000:]}"
        self.server.bury()

    def finish(self) -> None:
        self.begin()
        self.server.until_ready()
        time.sleep(0.3)
        self.stop()

    def stop(self) -> None:
        """Lets everybody have their answer, and ends the server."""
        self._stopping.set()
        for it in self._working:
            it.result(GIVE_UP_SECONDS + START_SECONDS)
        self._pool.shutdown()
        with self.server.signed_in("agent") as agent:
            until(lambda: not agent.get("/api/health").json()["behind"], 60, "the state catches up")
        assert self.server.stop() == 0


class Http(Served):
    """Batches of calls; whoever sends one repeats it until it is acknowledged."""

    name = "http"
    targets: tuple[str, ...] = (EVERYTHING, ALONE)

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.senders = [Sender(self.server, self.key, f"sender-{number}") for number in range(SENDERS)]

    def work(self, number: int, stopping: threading.Event) -> None:
        self.senders[number].run(stopping)

    def is_working(self) -> bool:
        return all(it.acknowledged for it in self.senders)

    def check(self) -> None:
        sent = [it for sender in self.senders for it in sender.acknowledged]
        tracked = [Said("track", "interaction", it, "upsert") for it in sent]
        known = [Said("identify", "party", f"user-{it}", "patch") for it in range(USERS)]
        check_said(self.data, "digital", [*tracked, *known])
        assert interactions(self.data) == len(sent) > 0


class WorkerAlone(Http):
    """The same, and the process that makes profiles is killed under a server that lives on."""

    name = "worker"
    targets = (WORKER,)


class Views(Served):
    """People who look at customers while the processes that cut the views are killed."""

    name = "views"
    targets = (CUTTER,)

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.shown = 0
        self.looks = Counter[str]()
        self.refused = 0
        self._lock = threading.Lock()

    def work(self, number: int, stopping: threading.Event) -> None:
        chance = random.Random(number)
        with httpx.Client(base_url=self.server.url, timeout=30) as client:
            said = client.post("/api/session", json={"login": "agent", "password": PASSWORD})
            client.headers["X-CSRF"] = said.raise_for_status().json()["csrf"]
            ids = {}
            for it in range(USERS):
                found = client.get("/api/customers", params={"q": NAMES[it]})
                items = found.raise_for_status().json()["items"]
                ids[it] = next(each["customer"] for each in items if each["name"] == NAMES[it])
            while not stopping.is_set():
                self._look(client, *chance.choice(list(ids.items())))

    def is_working(self) -> bool:
        return self.shown > SENDERS

    def _look(self, client: httpx.Client, user: int, customer: str) -> None:
        answer = client.get(f"/api/customers/{customer}")
        with self._lock:
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) > 0
                self.refused += 1
                return
            assert answer.status_code == 200, answer.text
            assert NAMES[user] in answer.text, "somebody else's view was shown"
            self.shown += 1
            self.looks[customer] += 1

    def check(self) -> None:
        views = Counter[str]()
        for record in FileSegmentReader(read_folder(self.data).log("audit")).scan():
            views.update(msgspec.msgpack.decode(record.header, type=AuditHeader).customers)
        assert self.shown > 0
        for customer, times in self.looks.items():
            assert views[customer] >= times, "a view was shown of which the audit has no record"
        assert self.refused <= self.shown // 10, "a cutter that is gone is replaced, and asked again"


def register(server: Server, key: str) -> None:
    """Makes the users known, so that what they do hangs on somebody."""
    calls = [
        {
            "type": "identify",
            "messageId": f"who-{it}",
            "userId": f"user-{it}",
            "traits": {"firstName": NAMES[it]},
        }
        for it in range(USERS)
    ]
    assert server.send("/v1/batch", {"batch": calls}, key).status_code == 200
    with server.signed_in("agent") as agent:
        until(lambda: not agent.get("/api/health").json()["behind"], 60, "the state knows the users")
