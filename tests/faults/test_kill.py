"""kill -9 of the server at random moments under load: nothing acknowledged is lost, nothing is there twice.

`ONEFOLD_FAULTS=long` kills a hundred times. Every sender repeats a batch until it is acknowledged, as a
client does; what it was told is compared with the log itself, and the state with a replay of the log.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.record.log.frames import decode_header
from tests.flow.server import Server, make_folder

KILLS = 100 if os.environ.get("ONEFOLD_FAULTS") == "long" else 4
SENDERS = 4
BATCH = 5
USERS = 20
GIVE_UP_SECONDS = 60.0
SEED = int(os.environ.get("ONEFOLD_FAULTS_SEED", "1"))

pytestmark = pytest.mark.timeout(120 + 30 * KILLS)


class Sender:
    """Sends numbered batches, each until it is acknowledged; remembers which were, and how often it asked."""

    def __init__(self, server: Server, write_key: str, name: str) -> None:
        self._server = server
        self._auth = (write_key, "")
        self._name = name
        self.acknowledged: list[str] = []
        self.repeats = 0
        self.duplicates = 0

    def run(self, stopping: threading.Event) -> None:
        with httpx.Client(timeout=10) as client:
            number = 0
            while not stopping.is_set():
                self._deliver(client, [f"{self._name}-{number}-{place}" for place in range(BATCH)])
                number += 1

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
            if answer.status_code in (429, 503):
                self.repeats += 1
                time.sleep(0.1)
                continue
            assert answer.status_code == 200, answer.text
            counts = answer.json()["counts"]
            assert counts["offered"] == counts["accepted"] + counts["duplicate"] == BATCH
            self.duplicates += counts["duplicate"]
            self.acknowledged += ids
            return


def logged_events(data: Path) -> Counter[bytes]:
    """How often each event stands in the log, control events left out."""
    folder = read_folder(data)
    reader = FileSegmentReader(folder.log("log"))
    headers = (decode_header(record.header) for record in reader.scan())
    return Counter(event.event_id for frame in headers if frame.source == "digital" for event in frame.events)


def interactions(data: Path) -> int:
    """How many contacts the state counts."""
    with LocalHouse().working(data) as rooms:
        owners = [
            fragment for it in rooms.reader.customers(b"", 1000) for fragment in rooms.reader.fragments_of(it)
        ]
        total = 0
        for owner in owners:
            total += sum(
                count for _, _, count in rooms.reader.buckets([owner], "interactions", -(1 << 31), 1 << 31)
            )
        return total


def test_nothing_acknowledged_is_lost_or_doubled_however_often_the_server_is_killed(tmp_path):
    data = tmp_path / "data"
    house = make_folder(data)
    key = house.users(data).new_write_key("digital")
    chance = random.Random(SEED)
    stopping = threading.Event()
    with Server(data) as server, ThreadPoolExecutor(SENDERS) as pool:
        register(server, key)
        senders = [Sender(server, key, f"sender-{number}") for number in range(SENDERS)]
        working = [pool.submit(sender.run, stopping) for sender in senders]
        try:
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.05, 0.8))
                server.kill()
                server.start()
            time.sleep(0.3)
        finally:
            stopping.set()
        for it in working:
            it.result(60)
        assert server.stop() == 0

    acknowledged = [it for sender in senders for it in sender.acknowledged]
    assert len(acknowledged) > KILLS * BATCH
    assert sum(sender.repeats for sender in senders) >= KILLS
    found = logged_events(data)
    assert set(found.values()) == {1}
    assert len(found) == len(acknowledged) + USERS
    assert interactions(data) == len(acknowledged)
    assert house.verify(data).sound
    assert house.replay(data, tmp_path / "replayed", lambda *_: None).same


def register(server: Server, key: str) -> None:
    """Makes the users known, so that what they do hangs on somebody."""
    calls = [
        {
            "type": "identify",
            "messageId": f"who-{it}",
            "userId": f"user-{it}",
            "traits": {"firstName": f"U{it}"},
        }
        for it in range(USERS)
    ]
    assert server.send("/v1/batch", {"batch": calls}, key).status_code == 200
