"""kill -9 of whoever reads topics, at random moments: no message is lost, and none is there twice.

`ONEFOLD_FAULTS=long` kills a hundred times. The broker is real, and is written to all the while.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from tests.flow.topics import consume, logged, made, names, reads
from tests.kafka import TOGETHER, Topic, kafka_broker, new_topic

__all__ = ["kafka_broker", "new_topic"]

KILLS = 100 if os.environ.get("ONEFOLD_FAULTS") == "long" else 10
SEED = int(os.environ.get("ONEFOLD_FAULTS_SEED", "1"))
PARTITIONS = 3
PEOPLE = 40
CHUNK = 50
GROWTH_SECONDS = 60.0

pytestmark = [TOGETHER, pytest.mark.timeout(120 + 30 * KILLS)]


class Writer:
    """Writes rows and, now and then, what nobody can read; counts both."""

    def __init__(self, topic: Topic) -> None:
        self._topic = topic
        self.rows = 0
        self.poison = 0
        self.last: dict[int, str] = {}

    def run(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            for _ in range(CHUNK):
                person, name = self.rows % PEOPLE, f"Anna {self.rows}"
                value = json.dumps({"id": f"p-{person}", "name": name}).encode()
                self._topic.write(value, partition=person % PARTITIONS)
                self.last[person] = name
                self.rows += 1
            self._topic.write(f"poison {self.rows}".encode(), partition=0)
            self.poison += 1
            self._topic.flush()
            stopping.wait(0.02)


def started(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "onefold", "consume", "notes", "--data", str(data)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def length(data: Path) -> int:
    """How many records the log has."""
    reader = FileSegmentReader(read_folder(data).log("log"))
    try:
        return reader.last_sequence
    finally:
        reader.close()


def killed_in_the_middle(data: Path, chance: random.Random) -> None:
    """Starts a consumer, waits until it has taken something, and kills it a moment later."""
    before = length(data)
    process = started(data)
    deadline = time.monotonic() + GROWTH_SECONDS
    while length(data) == before:
        assert process.poll() is None, f"it ended by itself with {process.returncode}"
        assert time.monotonic() < deadline, "it takes nothing"
        time.sleep(0.005)
    time.sleep(chance.uniform(0, 0.15))
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_however_often_the_consumer_is_killed_each_message_is_in_the_log_once(tmp_path, new_topic):
    data = made(tmp_path)
    topic = new_topic(PARTITIONS)
    # The broker takes a member for dead after this long; until then nobody else gets its messages.
    reads(data, "notes", (topic, "json", "person"))
    with (tmp_path / "kafka.properties").open("a", encoding="utf-8") as settings:
        settings.write("session.timeout.ms=1000\nheartbeat.interval.ms=300\n")
    chance = random.Random(SEED)
    writer = Writer(topic)
    stopping = threading.Event()
    thread = threading.Thread(target=writer.run, args=(stopping,))
    thread.start()
    try:
        for _ in range(KILLS):
            killed_in_the_middle(data, chance)
    finally:
        stopping.set()
        thread.join()
    rest = consume(data, "notes")
    assert rest.offered == rest.accepted + rest.duplicate + rest.quarantined

    found = logged(data, "notes")
    assert set(found.values()) == {1}
    assert len(found) == writer.rows > KILLS * CHUNK
    with LocalHouse().working(data) as rooms:
        held = [it.digest for _, it in rooms.door.quarantine.headers(0)]
    assert len(held) == len(set(held)) == writer.poison
    assert names(data) == sorted(writer.last.values())
    assert LocalHouse().verify(data).sound
    assert LocalHouse().replay(data, tmp_path / "replayed", lambda *_: None).same
