"""Streams over HTTP, end to end: CloudEvents of the project's own SDK, changes as Debezium writes them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook

from onefold.app.house import LocalHouse
from tests.flow.server import Server
from tests.flow.streams import change, found, send_changes, streaming, timeline

pytestmark = pytest.mark.xdist_group("streams")

ANNA: dict[str, Any] = {
    "id": 1,
    "full_name": "Anna Kim",
    "email": "anna@streams.example",
    "phone": "+998901112233",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with streaming(tmp_path_factory.mktemp("streams") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return LocalHouse().users(server.data).new_write_key("bank")


def visit(number: int, **more) -> CloudEvent:
    """A visit of customer 1."""
    attributes = {
        "id": f"v-{number}",
        "source": "/branches/7",
        "type": "uz.sardoba.visited",
        "subject": "1",
        "time": datetime(2026, 1, 31, 10, number, tzinfo=UTC),
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes | more, {"channel": "branch", "topic": f"topic {number}"})


def post(server: Server, key: str, message) -> httpx.Response:
    return httpx.post(
        f"{server.url}/v1/events", content=message.body, headers=message.headers, auth=(key, ""), timeout=60
    )


def counts(answer: httpx.Response) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json()["counts"].items() if value and name != "offered"}


def test_cloudevents_in_every_mode_are_on_the_timeline_once(server, key):
    assert counts(send_changes(server, key, [change("c", 10, ANNA)])) == {"accepted": 1}
    assert counts(post(server, key, to_binary_event(visit(1)))) == {"accepted": 1}
    assert counts(post(server, key, to_structured_event(visit(1)))) == {"duplicate": 1}
    assert counts(post(server, key, to_structured_event(visit(2)))) == {"accepted": 1}
    batch = [json.loads(to_structured_event(visit(number)).body) for number in (2, 3)]
    batch += [{"id": "x"}, json.loads(to_structured_event(visit(4, type="uz.sardoba.unheard")).body), 7]
    answer = httpx.post(
        f"{server.url}/v1/events",
        content=gzip.compress(json.dumps(batch).encode()),
        headers={"Content-Type": "application/cloudevents-batch+json", "Content-Encoding": "gzip"},
        auth=(key, ""),
        timeout=60,
    )
    assert counts(answer) == {"accepted": 1, "duplicate": 1, "quarantined": 3}
    titles = timeline(server, ANNA["email"])
    assert [title[title.index("topic") :] for title in titles if "topic" in title] == [
        "topic 3",
        "topic 2",
        "topic 1",
    ]


def test_a_sender_without_a_key_or_an_event_is_told(server, key):
    message = to_binary_event(visit(9))
    assert post(server, "no-such-key", message).status_code == 401
    assert httpx.post(f"{server.url}/v1/events", json={"hello": 1}, auth=(key, "")).status_code == 400
    avro = {"Content-Type": "application/cloudevents+avro"}
    answer = httpx.post(f"{server.url}/v1/events", content=b"x", headers=avro, auth=(key, ""))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_changes_become_the_customer_and_the_delete_takes_it_away(server, key):
    bo = {"id": 2, "full_name": "Bo Lee", "email": "bo@streams.example", "phone": None}
    late = change("u", 22, bo | {"full_name": "Bo Leeson"})
    messages = [late, change("c", 21, bo), None, {"ddl": "ALTER TABLE", "databaseName": "core"}, {"ts_ms": 1}]
    answer = send_changes(server, key, messages)
    assert counts(answer) == {"accepted": 2}
    assert answer.json()["ignored"] == {"tombstone": 1, "schema_change": 1, "heartbeat": 1}
    assert [it["name"] for it in found(server, "bo@streams.example")] == ["Bo Leeson"]
    again = send_changes(server, key, [{"schema": {}, "payload": it} for it in messages[:2]])
    assert counts(again) == {"duplicate": 2}
    gone = {"id": 2, "full_name": None, "email": None, "phone": None}
    assert counts(send_changes(server, key, [change("d", 23, gone), None])) == {"accepted": 1}
    assert found(server, "bo@streams.example") == []


def test_changes_of_a_table_nobody_knows_are_held(server, key):
    answer = send_changes(server, key, [change("c", 30, {"id": 9}, table="cards"), {"hello": 1}, 7])
    assert counts(answer) == {"quarantined": 3}
    with server.signed_in("engineer") as engineer:
        page = engineer.get("/api/quarantine", params={"source": "bank", "limit": 3}).json()
    assert {it["reason"] for it in page["items"]} == {"unknown_call", "bad_envelope", "bad_json"}


def test_a_file_of_changes_and_the_same_over_http_count_once(server, key, tmp_path):
    eve = {"id": 3, "full_name": "Eve Ray", "email": "eve@streams.example", "phone": None}
    changes = [change("r", 40, eve), None, change("u", 41, eve | {"full_name": "Eve Rays"})]
    path = tmp_path / "customers-1.jsonl"
    path.write_text("\n".join(json.dumps(it) for it in changes))
    assert counts(send_changes(server, key, changes[:1])) == {"accepted": 1}
    assert server.stop() == 0
    house = LocalHouse()
    loaded = house.load(server.data, "bank", [path], as_of="", backfill=False, watch=lambda *_: None)
    assert loaded.objects[0].counts.accepted == 1
    assert loaded.objects[0].counts.duplicate == 1
    server.start()
    assert [it["name"] for it in found(server, "eve@streams.example")] == ["Eve Rays"]


# ------------------------------------------------------------------ webhooks

SECRET_COMMAND = (sys.executable, "-m", "onefold", "secret", "bank")


@pytest.fixture(scope="module")
def secret(server: Server) -> str:
    """Made while the server runs, as people do."""
    command = [*SECRET_COMMAND, "--data", str(server.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def ticket(number: int, subject: str) -> str:
    data = {"customer": "1", "subject": subject}
    return json.dumps(
        {"type": "ticket.created", "id": f"t-{number}", "timestamp": "2026-02-01T10:00:00Z", "data": data}
    )


def deliver(
    server: Server, secret: str, body: str, identity: str = "msg_1", late_s: int = 0, to: str = "bank"
):
    at = datetime.now(UTC) - timedelta(seconds=late_s)
    headers = {
        "webhook-id": identity,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(identity, at, body),
    }
    return httpx.post(f"{server.url}/v1/webhooks/{to}", content=body, headers=headers, timeout=60)


def test_a_signed_webhook_is_taken_once_and_a_bad_one_is_held(server, key, secret):
    counts(send_changes(server, key, [change("c", 10, ANNA)]))
    assert counts(deliver(server, secret, ticket(1, "A lost card"))) == {"accepted": 1}
    assert counts(deliver(server, secret, ticket(1, "A lost card"), "msg_2")) == {"duplicate": 1}
    assert counts(deliver(server, secret, '{"type": "ticket.unheard"}', "msg_3")) == {"quarantined": 1}
    assert counts(deliver(server, secret, "no json", "msg_4")) == {"quarantined": 1}
    assert [it for it in timeline(server, ANNA["email"]) if "Ticket" in it and "A lost card" in it]


def test_whoever_cannot_sign_learns_nothing(server, secret):
    wrong = "whsec_" + "QUJD" * 8
    body = ticket(2, "forged")
    answers = [
        deliver(server, wrong, body),
        deliver(server, secret, body, late_s=400),
        deliver(server, secret, body, to="digital"),
        deliver(server, secret, body, to="nobody"),
        httpx.post(f"{server.url}/v1/webhooks/bank", content=body),
        httpx.post(f"{server.url}/v1/webhooks/bank", content=body, auth=(wrong, "")),
    ]
    assert {it.status_code for it in answers} == {401}
    assert len({it.text for it in answers}) == 1


def test_a_secret_can_be_changed_without_a_gap_and_ended_at_once(server, secret):
    def made(*options: str) -> str:
        command = [*SECRET_COMMAND, *options, "--data", str(server.data)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    newer = made()
    for number, one in enumerate((secret, newer), 10):
        assert counts(deliver(server, one, ticket(number, "x"), f"msg_{number}")) == {"accepted": 1}
    last = made("--alone")
    assert deliver(server, newer, ticket(20, "x"), "msg_20").status_code == 401
    assert counts(deliver(server, last, ticket(20, "x"), "msg_20")) == {"accepted": 1}
