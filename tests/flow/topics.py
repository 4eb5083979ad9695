"""A house that reads topics: the bank that streams, its notes as bare rows, a broker's address in a file."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.demo import CELL, LOGINS, PASSWORD
from onefold.app.folder import CONFIG, read_folder
from onefold.app.house import LocalHouse
from onefold.record.log.frames import decode_header
from onefold.usecases.model import Accounting
from tests.flow.server import Server
from tests.flow.streams import BANK
from tests.kafka import Topic
from tests.unit.record.contracts.sample import document, prop, table

WAIT_SECONDS = 60.0

PEOPLE = table(
    "person",
    [prop("id", required=True), prop("name", classification="pii"), prop("gone"), prop("note", store="drop")],
    entity="party",
    delivers="record",
    key="id",
    deletedWhen={"from": "gone", "values": ["yes"]},
    map={"full_name": "name"},
)
STEP = table(
    "step",
    [prop("messageId"), prop("who", required=True, classification="pii"), prop("at", required=True)],
    entity="interaction",
    delivers="event",
    key="messageId",
    subject={"entity": "party", "object": "person", "key": "who"},
    occurredAt={"from": "at", "as": "instant"},
    map={
        "party": {"from": "who", "as": "ref", "object": "person"},
        "channel": {"value": "web"},
        "action": {"value": "step"},
        "happened_at": {"event": "occurredAt"},
    },
)


def notes(folder: Path) -> Path:
    """A contract whose objects come in no envelope."""
    path = folder / "notes.yaml"
    path.write_text(json.dumps(document(PEOPLE, STEP, id="notes")), encoding="utf-8")
    return path


def reads(data: Path, source: str, *topics: tuple[Topic, str, str], **words: Any) -> None:
    """Tells a folder to read topics: (topic, format, object), where an object may be `person:key`."""
    settings = topics[0][0].settings(data.parent)
    lines = ["", "[[kafka]]", f'source = "{source}"', f'settings_file = "../{settings.name}"']
    lines += [f"{name} = {json.dumps(value)}" for name, value in words.items()]
    for topic, form, item in topics:
        named, _, key = item.partition(":")
        lines += ["[[kafka.topics]]", f'topic = "{topic.name}"', f'format = "{form}"']
        lines += [f'object = "{named}"'] if named else []
        lines += [f'key = "{key}"'] if key else []
    with (data / CONFIG).open("a", encoding="utf-8") as config:
        config.write("\n".join(lines) + "\n")


def made(folder: Path) -> Path:
    """A data folder with both contracts, which reads nothing yet."""
    data = folder / "data"
    house = LocalHouse()
    house.create(data, CELL, [BANK, notes(folder)], None)
    users = house.users(data)
    for login, roles in LOGINS.items():
        users.add(login, PASSWORD, roles)
    return data


def consume(data: Path, source: str) -> Accounting:
    """Reads the topics of a source to their end; the account of their rows."""
    return LocalHouse().consume(data, source, until_end=True, watch=lambda *_: None).rows.counts


def until(says: Callable[[], Any], what: str) -> None:
    """Waits for something to be so."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not says():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def health(server: Server) -> dict[str, Any]:
    """What the server says of itself."""
    found: dict[str, Any] = httpx.get(f"{server.url}/api/health", timeout=30).json()
    return found


def counts(server: Server, source: str) -> dict[str, int]:
    """The account of a source."""
    with server.signed_in("engineer") as engineer:
        items = engineer.get("/api/sources").json()["items"]
    (found,) = [it for it in items if it["name"] == source]
    return {name: value for name, value in found["counts"].items() if value}


def caught_up(server: Server, source: str, offered: int) -> dict[str, int]:
    """The account of a source once so many rows were offered and are in profiles."""
    until(lambda: counts(server, source).get("offered", 0) >= offered, f"{offered} rows of {source}")
    until(lambda: health(server)["behind"] == 0, "profiles catch up")
    return counts(server, source)


def logged(data: Path, source: str) -> Counter[bytes]:
    """How often each event of a source stands in the log."""
    folder = read_folder(data)
    headers = (decode_header(it.header) for it in FileSegmentReader(folder.log("log")).scan())
    return Counter(event.event_id for frame in headers if frame.source == source for event in frame.events)


def names(data: Path) -> list[str]:
    """The name of everybody who is alive in the state."""
    with LocalHouse().working(data) as rooms:
        ids = [
            it
            for customer in rooms.reader.customers(b"", 10_000)
            for it in rooms.reader.fragments_of(customer)
        ]
        found = [it.values for it in rooms.reader.fragments(ids).values()]
    return sorted(str(it["full_name"]) for it in found if it and "full_name" in it)
