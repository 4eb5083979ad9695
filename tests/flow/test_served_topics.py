"""Topics read by a running server: serializers of its registry, a broker that goes away, other members."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import httpx
import pytest
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from tools.services.kafka import PrivateKafka

from onefold.adapters.kafka.feed import KafkaFeed
from onefold.app.house import LocalHouse
from onefold.kernel.errors import Unavailable
from tests.flow.server import Server
from tests.flow.streams import change
from tests.flow.topics import caught_up, consume, counts, health, logged, made, names, reads, until
from tests.kafka import TOGETHER, Topic, kafka_broker, new_topic

__all__ = ["kafka_broker", "new_topic"]
pytestmark = TOGETHER


@pytest.fixture
def data(tmp_path):
    return made(tmp_path)


def person(number: int) -> bytes:
    return json.dumps({"id": f"p-{number}", "name": f"Anna {number}"}).encode()


def of(topic: str) -> SerializationContext:
    return SerializationContext(topic, MessageField.VALUE)


def lag(server: Server, source: str) -> list[tuple[int | None, str]]:
    """(lag, fault) of each topic of a source, as the screen of sources has it."""
    with server.signed_in("engineer") as engineer:
        items = engineer.get("/api/sources").json()["items"]
    return [(it["lag"], it["fault"]) for found in items if found["name"] == source for it in found["streams"]]


def registry(server: Server, source: str) -> SchemaRegistryClient:
    key = LocalHouse().users(server.data).new_write_key(source)
    return SchemaRegistryClient({"url": f"{server.url}/registry", "basic.auth.user.info": f"{key}:"})


def test_what_the_serializers_of_our_registry_write_is_read(data, new_topic):
    avro, text, changes = (new_topic(1, it) for it in ("notes.person", "notes.step", "bank.customers"))
    reads(data, "notes", (avro, "avro", "person:id"), (text, "json", "step"))
    reads(data, "bank", (changes, "debezium", ""))
    with Server(data) as server, registry(server, "notes") as client, registry(server, "bank") as theirs:
        newest = {"auto.register.schemas": False, "use.latest.version": True}
        write = AvroSerializer(client, conf=newest)
        row = {"id": "1", "name": "Anna Kim", "gone": None}
        avro.send(write(row, of(avro.name)), key=b"1")
        avro.send(write(row | {"id": "2", "name": "Bo Lee"}, of(avro.name)), key=b"2")
        avro.send(b"\0\0\0\x7f\xff no such schema", b"no frame", None, key=b"2")
        step = {"messageId": "m-1", "who": "1", "at": "2026-01-31T10:00:00Z"}
        kinds = {it: {"type": "string"} for it in step}
        schema = json.dumps({"title": "Step", "type": "object", "properties": kinds, "required": [*step]})
        say = JSONSerializer(schema, client, conf={"auto.register.schemas": True})
        text.send(say(step, of(text.name)), say(step, of(text.name)))
        changes.send(*_changes_in_avro(theirs))
        assert caught_up(server, "notes", 7) == {
            "offered": 7, "accepted": 4, "duplicate": 1, "quarantined": 2,
        }  # fmt: skip
        assert caught_up(server, "bank", 2) == {"offered": 2, "accepted": 2}
        until(lambda: lag(server, "notes") == [(0, ""), (0, "")], "nothing is left")
        said = health(server)
        assert (said["status"], said["streams"]) == ("ok", {"feeds": 2, "failing": 0, "lag": 0, "missed": 0})
        with server.signed_in("engineer") as engineer:
            held = engineer.get("/api/quarantine", params={"source": "notes"}).json()["items"]
        assert {it["reason"] for it in held} == {"unknown_schema", "bad_envelope"}
        assert server.stop() == 0
    assert names(data) == ["Anna Kim", "Eve Ray"]


def _record(name: str, fields: list[tuple[str, Any]], **more: str) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": n, "type": t} for n, t in fields]} | more


def _changes_in_avro(client: SchemaRegistryClient) -> list[bytes]:
    """An insert and an update as a connector with Avro's converter writes them."""
    text = ["null", "string"]
    row = _record("Value", [("id", "int"), ("full_name", text), ("email", text), ("phone", text)])
    place: list[tuple[str, Any]] = [(it, "string") for it in ("connector", "db", "schema", "table")]
    source = _record("Source", [*place, ("ts_ms", "long"), ("lsn", "long")])
    parts: list[tuple[str, Any]] = [
        ("before", ["null", row]),
        ("after", ["null", "Value"]),
        ("source", source),
    ]
    envelope = _record("Envelope", [*parts, ("op", "string"), ("ts_ms", "long")], namespace="core.customers")
    write = AvroSerializer(client, json.dumps(envelope), conf={"auto.register.schemas": True})
    eve = {"id": 3, "full_name": "Eve", "email": "eve@topics.example", "phone": None}
    said = [change("c", 40, eve), change("u", 41, eve | {"full_name": "Eve Ray"})]
    return [write(it, of("bank.customers")) for it in said]


def test_a_broker_that_goes_away_is_said_in_health_and_read_on_when_it_is_back(data):
    with PrivateKafka() as broker:
        topic = Topic(broker, "people", 2)
        reads(data, "notes", (topic, "json", "person"))
        with Server(data) as server:
            topic.send(*map(person, range(10)))
            assert caught_up(server, "notes", 10) == {"offered": 10, "accepted": 10}
            broker.stop()
            until(lambda: health(server)["streams"]["failing"] == 1, "it is said that no broker answers")
            assert health(server)["status"] == "degraded"
            assert {fault[:18] for _, fault in lag(server, "notes")} == {"No broker answers "}
            broker.start()
            topic.send(*map(person, range(10, 30)))
            assert caught_up(server, "notes", 30)["accepted"] == 30
            until(lambda: health(server)["status"] == "ok", "it is well again")
            broker.kill()
            broker.start()
            topic.send(*map(person, range(30, 40)))
            assert caught_up(server, "notes", 40)["accepted"] == 40
            assert server.stop() == 0
    assert set(logged(data, "notes").values()) == {1}
    assert len(names(data)) == 40


def test_a_server_starts_and_serves_without_its_broker(data):
    with PrivateKafka() as broker:
        topic = Topic(broker, "people", 1)
        reads(data, "notes", (topic, "json", "person"))
        topic.send(*map(person, range(5)))
        broker.stop()
        with Server(data) as server:
            until(lambda: health(server)["streams"]["failing"] == 1, "it is said that no broker answers")
            assert "notes" not in httpx.get(f"{server.url}/api/health").text
            broker.start()
            assert caught_up(server, "notes", 5)["accepted"] == 5
            assert server.stop() == 0


def _is_given_a_part(feed: KafkaFeed) -> bool:
    return bool(feed.take(50, 0.1)) or feed.status.topics[0].partitions > 0


def test_members_that_come_and_go_lose_nothing_and_double_nothing(data, new_topic):
    """Two members in the server, and a third that takes messages and leaves without a word."""
    topic = new_topic(4)
    reads(data, "notes", (topic, "json", "person"), group="shared", consumers=2)
    settings = {"bootstrap.servers": topic.broker.address, "session.timeout.ms": "1000"}
    sent = 0
    with Server(data) as server:
        for _ in range(4):
            topic.send(*map(person, range(sent, sent + 200)))
            other = KafkaFeed(settings, "shared", [topic.name], lambda _: True)
            until(partial(_is_given_a_part, other), "it is given a part")
            topic.send(*map(person, range(sent + 200, sent + 400)))
            until(partial(other.take, 50, 0.1), "it takes some of it")
            sent += 400
            other.close()
        account = caught_up(server, "notes", sent)
        until(lambda: lag(server, "notes")[0][0] == 0, "nothing is left")
        account = counts(server, "notes")
        assert account["accepted"] == sent
        assert account["offered"] == sent + account.get("duplicate", 0)
        assert server.stop() == 0
    found = logged(data, "notes")
    assert (set(found.values()), len(found)) == ({1}, sent)
    assert len(names(data)) == sent


def test_schemas_of_another_registry_are_asked_for_over_http_and_waited_for(data, tmp_path, new_topic):
    topic = new_topic()
    (tmp_path / "other").mkdir()
    reader = made(tmp_path / "other")
    reads(reader, "notes", (topic, "avro", "person"), registry_file="../registry.properties")
    settings = tmp_path / "other" / "registry.properties"
    with Server(data) as server, registry(server, "notes") as client:
        key = LocalHouse().users(data).new_write_key("notes")
        newest = {"auto.register.schemas": False, "use.latest.version": True}
        write = AvroSerializer(client, conf=newest)
        topic.send(write({"id": "1", "name": "Anna Kim", "gone": None}, of("notes.person")))
        topic.send(b"\0\0\0\x7f\xff no such schema")
        settings.write_text("url=http://127.0.0.1:1\nmax.retries=0\n")
        settings.chmod(0o600)
        with pytest.raises(Unavailable, match="The schema registry does not answer"):
            consume(reader, "notes")
        assert names(reader) == [], "nothing was taken, and nothing held"
        settings.write_text(f"url={server.url}/registry\nbasic.auth.user.info=hunter2:\n")
        with pytest.raises(Unavailable, match="It answers 401") as caught:
            consume(reader, "notes")
        assert "hunter2" not in str(caught.value)
        settings.write_text(f"url={server.url}/registry\nbasic.auth.user.info={key}:\n")
        account = consume(reader, "notes")
    assert (account.accepted, account.quarantined, account.offered) == (1, 1, 2)
    assert names(reader) == ["Anna Kim"]
