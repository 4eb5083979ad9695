"""Topics of a real broker as sources: every format and envelope, each message once, none in another's way."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from cloudevents.core.bindings.kafka import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from confluent_kafka import Consumer, TopicPartition

from onefold.app.consuming import consuming
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.kernel.errors import CallerError, Unavailable
from onefold.usecases.model import Accounting
from onefold.usecases.rooms import Rooms
from tests.flow.streams import change
from tests.flow.topics import consume, logged, made, names, reads, until
from tests.kafka import TOGETHER, WAIT_SECONDS, Topic, kafka_broker, new_topic

__all__ = ["kafka_broker", "new_topic"]
pytestmark = TOGETHER

SEED = 7


@pytest.fixture
def data(tmp_path):
    return made(tmp_path)


def person(key: str, name: str, **more: Any) -> bytes:
    return json.dumps({"id": key, "name": name} | more).encode()


def account(accepted: int = 0, duplicate: int = 0, quarantined: int = 0, unchanged: int = 0) -> Accounting:
    offered = accepted + duplicate + quarantined + unchanged
    return Accounting(offered, accepted, duplicate, unchanged, quarantined, 0)


def test_bare_rows_are_taken_once_and_the_last_word_of_a_key_counts(data, new_topic):
    topic = new_topic(3)
    reads(data, "notes", (topic, "json", "person:id"))
    for number in range(30):
        key = f"p-{number % 10}"
        topic.send(person(key, f"Anna {number}"), key=key.encode())
    assert consume(data, "notes") == account(accepted=30)
    assert consume(data, "notes") == account()
    topic.send(None, key=b"p-4")
    assert consume(data, "notes") == account(accepted=1)
    assert names(data) == sorted(f"Anna {number}" for number in range(20, 30) if number != 24)


def test_updates_of_one_key_in_one_batch_end_with_the_last(data, new_topic):
    topic = new_topic()
    reads(data, "notes", (topic, "json", "person"))
    topic.send(*[person("one", f"Anna {number}") for number in range(300)])
    assert consume(data, "notes") == account(accepted=300)
    assert names(data) == ["Anna 299"]


def test_a_poison_message_is_held_and_those_behind_it_are_not(data, new_topic):
    topic = new_topic()
    reads(data, "notes", (topic, "json", "person"))
    topic.send(person("1", "Anna"), b"{no json", b"\xff\x00\xfe", b"[1]", b"", b"x" * 990_000, None)
    topic.send(json.dumps({"name": "Nobody"}).encode(), person("2", "Bo"))
    assert consume(data, "notes") == account(accepted=2, quarantined=7)
    with LocalHouse().working(data) as rooms:
        held = [it for _, it in rooms.door.quarantine.headers(0)]
    assert {it.reason for it in held} == {"bad_json", "required_missing", "tombstone_unheard"}
    assert sorted(it.line for it in held) == [1, 2, 3, 4, 5, 6, 7], "the offsets say where they are"
    assert consume(data, "notes") == account()


def test_an_id_that_the_contract_reads_is_the_message_wherever_it_stands(data, new_topic):
    topic = new_topic(2)
    reads(data, "notes", (topic, "json", "step"))
    rows = [{"messageId": f"m-{it}", "who": "1", "at": "2026-01-31T10:00:00Z"} for it in range(3)]
    topic.send(*[json.dumps(it).encode() for it in rows], partition=0)
    topic.send(*[json.dumps(it).encode() for it in rows], partition=1)
    assert consume(data, "notes") == account(accepted=3, duplicate=3)


def event(number: int, **more: Any) -> CloudEvent:
    attributes = {
        "id": f"v-{number}",
        "source": "/branches/7",
        "type": "uz.sardoba.visited",
        "subject": "1",
        "time": datetime(2026, 1, 31, 10, number, tzinfo=UTC),
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes | more, {"channel": "branch", "topic": f"topic {number}"})


def test_cloudevents_of_the_sdk_in_both_modes_are_one_event_each(data, new_topic):
    topic = new_topic()
    reads(data, "bank", (topic, "cloudevents", ""))
    for message in (to_binary_event(event(1)), to_structured_event(event(1)), to_binary_event(event(2))):
        topic.send(message.value, headers=list(message.headers.items()))
    unheard = to_binary_event(event(3, type="uz.sardoba.unheard"))
    topic.send(unheard.value, headers=list(unheard.headers.items()))
    topic.send(b"{}", b"{}", headers=[("ce_id", b"x")])
    assert consume(data, "bank") == account(accepted=2, duplicate=1, quarantined=3)


def customer(key: int, name: str) -> dict[str, Any]:
    return {"id": key, "full_name": name, "email": f"c{key}@topics.example", "phone": None}


def test_changes_with_and_without_schemas_and_all_that_holds_no_row(data, new_topic):
    topic = new_topic()
    reads(data, "bank", (topic, "debezium", ""))
    bo = change("c", 21, customer(2, "Bo Lee"))
    late = change("u", 22, customer(2, "Bo Leeson"))
    ddl = {"ddl": "ALTER TABLE", "databaseName": "core"}
    topic.send(
        *[json.dumps(it).encode() for it in (bo, late, {"schema": {}, "payload": bo}, ddl, {"ts_ms": 1})]
    )
    topic.send(None, b"null", json.dumps({"schema": {}, "payload": None}).encode())
    read = LocalHouse().consume(data, "bank", until_end=True, watch=lambda *_: None)
    assert read.rows.counts == account(accepted=2, duplicate=1)
    assert read.ignored == {"tombstone": 3, "schema_change": 1, "heartbeat": 1}
    assert read.messages == 8
    assert names(data) == ["Bo Leeson"]
    topic.send(json.dumps(change("d", 23, customer(2, ""))).encode(), None)
    assert consume(data, "bank") == account(accepted=1)
    assert names(data) == []


def history(chance: Random, keys: int, steps: int) -> tuple[list[tuple[int, bytes | None]], dict[int, str]]:
    """What a connector says of a table that lives, with things said twice; and how the table ends."""
    table: dict[int, str] = {}
    said: list[tuple[int, bytes | None]] = []
    at = 0
    for lsn in range(1, steps):
        # Several changes share the millisecond of their transaction.
        at += chance.random() < 0.3
        key = chance.randrange(keys)
        name = f"Name {lsn}"
        if key not in table:
            op, table[key] = chance.choice("cr"), name
        elif chance.random() < 0.3:
            op, name = "d", table.pop(key)
        else:
            op, table[key] = "u", name
        message = change(op, lsn, customer(key, name))
        message["source"]["ts_ms"] += at
        said.append((key, json.dumps(message).encode()))
        if op == "d":
            said.append((key, None))
        if chance.random() < 0.1:
            # A connector that was killed goes back to its last offset and says it again.
            said += said[-chance.randrange(1, 10) :]
    return said, table


def test_a_history_of_changes_ends_as_the_table_ends(data, new_topic):
    topic = new_topic(3)
    reads(data, "bank", (topic, "debezium", ""))
    said, table = history(Random(SEED), 40, 600)
    half = len(said) // 2
    for part in (said[:half], said[half:]):
        for key, value in part:
            topic.send(value, key=str(key).encode(), partition=key % 3)
        consume(data, "bank")
    assert names(data) == sorted(table.values())
    assert set(logged(data, "bank").values()) == {1}


# ------------------------------------------------------------------ offsets


def committed(topic: Topic, group: str) -> list[tuple[int, int, str]]:
    """(partition, offset, what stands beside it) of a group."""
    client = Consumer({"bootstrap.servers": topic.broker.address, "group.id": group})
    parts = client.list_topics(topic.name, timeout=WAIT_SECONDS).topics[topic.name].partitions
    found = client.committed([TopicPartition(topic.name, it) for it in parts], timeout=WAIT_SECONDS)
    client.close()
    return [(it.partition, it.offset, it.metadata or "") for it in found]


def test_offsets_are_the_groups_own_with_a_statement_about_the_log(data, new_topic):
    topic = new_topic()
    reads(data, "notes", (topic, "json", "person"), group="ours")
    topic.send(person("1", "Anna"), b"poison")
    consume(data, "notes")
    ((_, offset, statement),) = committed(topic, "ours")
    assert offset == 2
    with LocalHouse().working(data) as rooms:
        assert rooms.witness.bears_out(statement)
        assert rooms.witness.statement() == statement


def test_a_house_restored_from_a_backup_reads_again_what_it_lost(data, new_topic, tmp_path):
    topic = new_topic()
    reads(data, "notes", (topic, "json", "person"))
    topic.send(*[person(str(it), f"Anna {it}") for it in range(5)])
    consume(data, "notes")
    for part in ("data", "data-checkpoints"):
        shutil.copytree(tmp_path / part, tmp_path / "backup" / part)
    topic.send(*[person(str(it), f"Anna {it}") for it in range(5, 9)])
    assert consume(data, "notes") == account(accepted=4)
    for part in ("data", "data-checkpoints"):
        shutil.rmtree(tmp_path / part)
        (tmp_path / "backup" / part).rename(tmp_path / part)
    # Something else is logged first, so that the log is as long as it was.
    other = new_topic()
    reads(data, "bank", (other, "debezium", ""))
    other.send(*[json.dumps(change("c", it, customer(it, f"Bo {it}"))).encode() for it in range(1, 9)])
    consume(data, "bank")
    assert consume(data, "notes") == account(accepted=4, duplicate=5)
    assert len([it for it in names(data) if it.startswith("Anna")]) == 9


def test_an_offset_that_a_person_set_is_taken_as_it_is(data, new_topic):
    topic = new_topic()
    reads(data, "notes", (topic, "json", "person"), group="set by hand")
    topic.send(*[person(str(it), f"Anna {it}") for it in range(5)])
    client = Consumer({"bootstrap.servers": topic.broker.address, "group.id": "set by hand"})
    client.commit(offsets=[TopicPartition(topic.name, 0, 3)], asynchronous=False)
    client.close()
    assert consume(data, "notes") == account(accepted=2)


def taken(rooms: Rooms) -> int:
    """Rows of the notes that were let in."""
    return sum(it.tally.accepted for it in rooms.door.counts() if it.source == "notes")


def test_what_the_broker_deleted_unread_is_counted(data, new_topic):
    topic = new_topic()
    reads(data, "notes", (topic, "json", "person"))
    topic.send(*[person(str(it), f"Anna {it}") for it in range(3)])
    consume(data, "notes")
    topic.send(*[person(str(it), f"Anna {it}") for it in range(3, 10)])
    topic.admin.delete_records([TopicPartition(topic.name, 0, 8)])
    with LocalHouse().working(data) as rooms, consuming(read_folder(data), rooms):
        until(lambda: taken(rooms) == 5, "the rest is read")
        missed = [it.missed for _, feed in rooms.feeds.all() for it in feed.topics]
    assert missed == [5]


# ------------------------------------------------------------------ what can be wrong


def test_a_topic_that_is_not_there_is_said(data, new_topic, monkeypatch):
    topic = new_topic()
    topic.name = "nobody-made-this"
    reads(data, "notes", (topic, "json", "person"))
    monkeypatch.setattr("onefold.app.consuming.PATIENCE_SECONDS", 1.0)
    with pytest.raises(Unavailable, match="The topic nobody-made-this cannot be read"):
        consume(data, "notes")


def test_a_broker_that_is_not_there_is_said_without_its_password(data, new_topic, tmp_path, monkeypatch):
    reads(data, "notes", (new_topic(), "json", "person"))
    (tmp_path / "kafka.properties").write_text("bootstrap.servers=127.0.0.1:1\nsasl.password=hunter2\n")
    (tmp_path / "kafka.properties").chmod(0o600)
    monkeypatch.setattr("onefold.app.consuming.PATIENCE_SECONDS", 1.0)
    with pytest.raises(Unavailable, match="No broker answers") as caught:
        consume(data, "notes")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            "bootstrap.servers=127.0.0.1:1\nsecurity.protocol=hunter2\n",
            r"It does not take security\.protocol",
        ),
        ("bootstrap.servers=127.0.0.1:1\nno.such.thing=hunter2\n", r"It does not take no\.such\.thing"),
        ("bootstrap.servers=broker.bank:9092\nsasl.password=hunter2\n", "do not say how they are protected"),
        ("bootstrap.servers=127.0.0.1:1,broker.bank:9092\n", "do not say how they are protected"),
        ("bootstrap.servers=SASL_SSL://broker.bank:9092\n", "do not say how they are protected"),
        ("hunter2", "Line 1 of the file"),
        ("", "is empty"),
        ("bootstrap.servers=x\nenable.auto.commit=true\ngroup.id=x\n", r"enable\.auto\.commit, group\.id"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_their_values(
    data, new_topic, tmp_path, settings, said
):
    reads(data, "notes", (new_topic(), "json", "person"))
    (tmp_path / "kafka.properties").write_text(settings)
    (tmp_path / "kafka.properties").chmod(0o600)
    with pytest.raises(CallerError, match=said) as caught:
        consume(data, "notes")
    assert "hunter2" not in str(caught.value)
