"""Confluent's own client, its Avro and JSON serializers, against a running server, unchanged."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from onefold.app.house import LocalHouse
from onefold.channels.api.registry import MEDIA_TYPE
from tests.flow.server import Server
from tests.flow.streams import streaming

pytestmark = pytest.mark.xdist_group("streams")

ANNA = {"id": 1, "full_name": "Anna Kim", "email": "anna@streams.example", "phone": None}
VISIT = {"id": "v-1", "source": "/branches/7", "type": "uz.sardoba.visited", "subject": "1"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with streaming(tmp_path_factory.mktemp("registry") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return LocalHouse().users(server.data).new_write_key("bank")


@pytest.fixture
def client(server, key):
    """A fresh one for each test: it remembers what it was answered."""
    with connected(server, key) as client:
        yield client


def connected(server: Server, key: str) -> SchemaRegistryClient:
    return SchemaRegistryClient({"url": f"{server.url}/registry", "basic.auth.user.info": f"{key}:"})


def of(topic: str) -> SerializationContext:
    return SerializationContext(topic, MessageField.VALUE)


def customers(**fields: Any) -> str:
    kinds: dict[str, Any] = {"id": "int", "full_name": "string"} | fields
    found = [
        {"name": name} | (kind if isinstance(kind, dict) else {"type": kind}) for name, kind in kinds.items()
    ]
    return json.dumps({"type": "record", "name": "Customer", "namespace": "bank.core", "fields": found})


def visit(**properties: Any) -> str:
    kinds = {name: {"type": "string"} for name in VISIT} | properties
    return json.dumps({"title": "Visit", "type": "object", "properties": kinds, "required": [*VISIT]})


def number_of(message: bytes) -> int:
    """The id that stands before the message."""
    assert message[0] == 0
    return int.from_bytes(message[1:5], "big")


def refusal(act: Any, *what: Any) -> SchemaRegistryError:
    with pytest.raises(SchemaRegistryError) as caught:
        act(*what)
    return caught.value


def test_avro_with_the_newest_schema_of_the_contract(client):
    write = AvroSerializer(client, conf={"auto.register.schemas": False, "use.latest.version": True})
    message = write(ANNA, of("bank.customers"))
    assert AvroDeserializer(client)(message, of("bank.customers")) == ANNA
    newest = client.get_latest_version("bank.customers-value")
    assert number_of(message) == newest.schema_id
    assert client.get_schema(newest.schema_id).schema_str == newest.schema.schema_str


def test_json_with_the_newest_schema_of_the_contract(client):
    conf = {"auto.register.schemas": False, "use.latest.version": True}
    newest = client.get_latest_version("bank.visit.json-value")
    write = JSONSerializer(newest.schema.schema_str, client, conf=conf)
    message = write(VISIT, of("bank.visit.json"))
    assert JSONDeserializer(None, schema_registry_client=client)(message, of("bank.visit.json")) == VISIT
    assert number_of(message) == newest.schema_id


def test_avro_that_registers_itself_and_evolves(client, server, key):
    write = AvroSerializer(client, customers(), conf={"auto.register.schemas": True})
    message = write({"id": 1, "full_name": "Anna Kim"}, of("bank.customers"))
    more = customers(phone={"type": "string", "default": ""})
    newer = AvroSerializer(client, more, conf={"auto.register.schemas": True})
    newer({"id": 1, "full_name": "Anna Kim", "phone": "+998901112233"}, of("bank.customers"))
    read = AvroDeserializer(client, more)(message, of("bank.customers"))
    assert read == {"id": 1, "full_name": "Anna Kim", "phone": ""}

    broken = AvroSerializer(client, customers(phone="int"), conf={"auto.register.schemas": True})
    error = refusal(broken, {"id": 1, "full_name": "Anna Kim", "phone": 1}, of("bank.customers"))
    assert (error.http_status_code, error.error_code) == (409, 409)
    assert "phone: the contract reads string, and this schema writes integer" in error.error_message
    assert "(reading version" in error.error_message

    versions = client.get_versions("bank.customers-value")
    number = number_of(message)
    server.kill()
    server.start()
    assert client.get_versions("bank.customers-value") == versions == [1, 2, 3]
    with connected(server, key) as fresh:
        again = AvroSerializer(fresh, customers(), conf={"auto.register.schemas": True})
        assert number_of(again({"id": 2, "full_name": "Ben"}, of("bank.customers"))) == number


def test_json_that_registers_itself(client):
    write = JSONSerializer(visit(), client, conf={"auto.register.schemas": True})
    message = write(VISIT, of("bank.visit"))
    assert JSONDeserializer(visit(), schema_registry_client=client)(message, of("bank.visit")) == VISIT
    versions = client.get_schema_versions(number_of(message))
    assert [(it.subject, it.version) for it in versions] == [("bank.visit-value", 2)]


def test_a_schema_that_the_contract_cannot_take_is_refused_in_words(client):
    loose = json.dumps({"title": "Visit", "type": "object", "properties": {"id": {"type": "integer"}}})
    error = refusal(client.register_schema, "bank.visit.json-value", Schema(loose, "JSON"))
    assert error.http_status_code == 409
    assert "id: is required by the contract, and may be missing or null" in error.error_message
    assert "subject: is required by the contract, and this schema does not write it" in error.error_message


def test_what_the_client_can_ask(client):
    subjects = client.get_subjects()
    assert {"bank.customers-value", "bank.visit-value", "crm.contact-value"} <= set(subjects)
    newest = client.get_latest_version("crm.contact-value")
    assert newest.version == 1
    assert client.get_version("crm.contact-value", 1).schema_id == newest.schema_id
    assert client.lookup_schema("crm.contact-value", newest.schema).schema_id == newest.schema_id
    assert client.test_compatibility("crm.contact-value", newest.schema)
    assert not client.test_compatibility("bank.customers-value", Schema(customers(id="string"), "AVRO"))
    assert client.get_compatibility() == client.get_compatibility("crm.contact-value") == "BACKWARD"
    assert client.set_compatibility("bank.visit-value", "FULL") == {"compatibility": "FULL"}
    assert client.get_compatibility("bank.visit-value") == "FULL"
    assert client.get_mode("bank.visit-value") == "READWRITE"


def test_what_the_client_is_refused(client):
    unknown = refusal(client.get_latest_version, "bank.nothing-value")
    assert (unknown.http_status_code, unknown.error_code) == (404, 40401)
    assert refusal(client.get_version, "bank.visit-value", 99).error_code == 40402
    assert refusal(client.get_schema, 9999).error_code == 40403
    assert refusal(client.register_schema, "bank.visit-value", Schema("{", "AVRO")).error_code == 42201
    assert refusal(client.set_compatibility, "bank.visit-value", "NONE").error_code == 42203
    assert refusal(client.set_compatibility, None, "NONE").error_code == 42205
    assert refusal(client.register_schema, "crm.contact-value", Schema(visit(), "JSON")).error_code == 40301
    gone = refusal(client.delete_subject, "bank.visit-value")
    assert gone.error_code == 42205
    assert "A contract is deprecated instead" in gone.error_message


def test_schemas_bare_and_reasons_in_full(server, key):
    with httpx.Client(base_url=f"{server.url}/registry", auth=(key, "")) as bare:
        assert bare.get("/schemas/types").json() == ["AVRO", "JSON"]
        assert bare.get("/subjects", params={"subjectPrefix": "bank.v"}).json() == [
            "bank.visit-value",
            "bank.visit.json-value",
        ]
        shown = bare.get("/subjects/bank.visit-value/versions/1")
        assert shown.headers["content-type"] == MEDIA_TYPE
        number = shown.json()["id"]
        schema = json.loads(shown.json()["schema"])
        assert bare.get("/subjects/bank.visit-value/versions/1/schema").json() == schema
        assert bare.get(f"/schemas/ids/{number}/schema").json() == schema
        assert bare.get(f"/schemas/ids/{number}/subjects").json() == ["bank.visit-value"]
        assert bare.get("/subjects/bank.visit-value/versions/1/referencedby").json() == []
        assert bare.get("/mode").json() == {"mode": "READWRITE"}
        answer = bare.post(
            "/compatibility/subjects/bank.visit.json-value/versions?verbose=true",
            json={"schema": "true", "schemaType": "JSON"},
        )
        assert answer.json() == {
            "is_compatible": False,
            "messages": ["the row: has to be a record or an object"],
        }
        for method, path, status in [
            ("GET", "", 404),
            ("GET", "/nothing/here.json", 404),
            ("PATCH", "/subjects", 405),
            ("GET", "/schemas/ids/x", 404),
            ("GET", "/schemas/ids/99999999999999999999", 404),
            ("POST", "/subjects/bank.visit-value", 400),
            ("GET", "/subjects/bank.visit-value/versions/0", 422),
        ]:
            answer = bare.request(method, path)
            assert answer.status_code == status, path
            assert set(answer.json()) == {"error_code", "message"}
            assert answer.headers["content-type"] == MEDIA_TYPE
