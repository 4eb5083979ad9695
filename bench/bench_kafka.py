"""A topic into profiles: how fast a server reads it while everything behind it keeps up.

Accounts and their holders are loaded from files; their transactions lie in a topic of a real broker, as JSON,
before the server starts. Measured from its start to the instant at which every one is in a profile. Beside
it stands the client alone, which reads the same topic and throws it away. The broker is on this machine and
takes its share of it. `--messages N` for another number than 300,000. Needs Kafka: `make services` gets it.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]
from tools.services.kafka import PrivateKafka

from bench.bulk_files import AS_OF, write_holders, write_transactions
from bench.ground import ROOT, line, machine, process
from onefold.app.demo import CELL, PASSWORD
from onefold.app.folder import CONFIG, read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import load

PORT = 18_374
SOURCE, TOPIC = "core-banking", "transactions"
PARTITIONS = 4
WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.1


def main() -> None:
    """Runs everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    print(f"{machine()}, {os.cpu_count()} processors; load before this: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(dir=asked.folder) as folder, PrivateKafka() as broker:
        run(Path(folder), broker.address, asked.messages)


def run(folder: Path, address: str, messages: int) -> None:
    """All lines, in one folder."""
    data = bank(folder, accounts := max(1, messages // 20))
    produce(address, transactions(folder, messages, accounts))
    line(
        "messages the client alone reads", "", f"{drunk(address, messages):,.0f}/s", f"{messages:,} messages"
    )
    settings = folder / "kafka.properties"
    settings.write_text(f"bootstrap.servers={address}\n", encoding="utf-8")
    settings.chmod(0o600)
    with (data / CONFIG).open("a", encoding="utf-8") as config:
        config.write(
            f'\n[[kafka]]\nsource = "{SOURCE}"\nsettings_file = "../{settings.name}"\n'
            f'topics = [{{ topic = "{TOPIC}", format = "json", object = "transaction" }}]\n'
        )
    command = [sys.executable, "-m", "onefold", "serve", "--data", str(data), "--port", str(PORT)]
    started = time.monotonic()
    with process(command, PORT), httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
        client.post("/api/session", json={"login": "engineer", "password": PASSWORD}).raise_for_status()
        while not in_profiles(client, 3 * accounts + messages):
            time.sleep(LOOK_SECONDS)
        took = time.monotonic() - started
    line(
        "messages from topic to profile",
        "",
        f"{messages / took:,.0f}/s",
        f"{took:.1f} s, the server's start among them",
    )


def bank(folder: Path, accounts: int) -> Path:
    """A data folder with accounts and holders in it."""
    data, files = folder / "data", folder / "files"
    files.mkdir()
    house = LocalHouse()
    house.create(data, CELL, [ROOT / "contracts" / "world"], None)
    house.users(data).add("engineer", PASSWORD, ("engineer",))
    holders = write_holders(files, accounts)
    load(read_folder(data), SOURCE, holders, as_of=AS_OF, backfill=False, watch=lambda *_: None)
    return data


def transactions(folder: Path, messages: int, accounts: int) -> list[tuple[bytes, bytes]]:
    """Account and row, in order of time."""
    path = folder / "files" / "TRANSACTIONS.csv"
    write_transactions(path, messages, accounts, by_time=True)
    with path.open(encoding="cp1251", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        return [(row["ACC_NO"].encode(), msgspec.json.encode(row)) for row in rows]


def produce(address: str, rows: list[tuple[bytes, bytes]]) -> None:
    """Writes the rows to the topic, those of an account to one partition."""
    client: dict[str, Any] = {"bootstrap.servers": address}
    admin = AdminClient(client)  # Kept: one that is let go of answers nobody.
    admin.create_topics([NewTopic(TOPIC, PARTITIONS, 1)])[TOPIC].result(WAIT_SECONDS)
    producer = Producer(client | {"linger.ms": 50})
    for key, row in rows:
        while True:
            try:
                producer.produce(TOPIC, row, key=key)
                break
            except BufferError:
                producer.poll(0.1)
    assert producer.flush(WAIT_SECONDS) == 0


def drunk(address: str, messages: int) -> float:
    """Messages a second that the client reads and throws away."""
    consumer = Consumer(
        {
            "bootstrap.servers": address,
            "group.id": "bench",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        }
    )
    consumer.subscribe([TOPIC])
    count, started = 0, 0.0
    while count < messages:
        found = consumer.consume(1_000, 0.5)
        if found and not started:
            started = time.monotonic()
        count += len(found)
    took = time.monotonic() - started
    consumer.close()
    return messages / took


def in_profiles(client: httpx.Client, rows: int) -> bool:
    """Whether so many rows of the source were let in and the state has them all."""
    items = client.get("/api/sources").json()["items"]
    (accepted,) = (it["counts"]["accepted"] for it in items if it["name"] == SOURCE)
    return bool(accepted >= rows and not client.get("/api/health").json()["behind"])


if __name__ == "__main__":
    main()
