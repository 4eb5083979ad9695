"""OpenDSR over HTTP, by a service token as a controller's program would: statuses and fields of its text."""

from __future__ import annotations

import base64
import io
import json
import re
import uuid
import zipfile
from typing import Any

import httpx
import pytest

from onefold.app.house import LocalHouse
from onefold.usecases.model import TOKEN
from tests.canaries import CELL, CONTRACT, canary, deliver, left_of, rooms_of
from tests.flow.server import Server

pytestmark = pytest.mark.xdist_group("opendsr")
ALL = ["open_request", "list_requests", "answer_request", "cancel_request", "fetch_package", "erase_customer"]
ALL += ["place_hold", "list_holds", "lift_hold"]
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
REQUESTS = "/v1/opendsr/requests"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of a folder with people whose every word a grep can find."""
    base = tmp_path_factory.mktemp("opendsr")
    (base / "bank.yaml").write_text(CONTRACT, encoding="utf-8")
    LocalHouse().create(base / "data", CELL, [base / "bank.yaml"], None)
    with rooms_of(base / "data") as rooms:
        deliver(rooms.door, [1, 2, 3], [])
        rooms.barrier.wait_for(rooms.log.last_sequence, 60)
    with Server(base / "data") as running:
        yield running


@pytest.fixture
def client(server):
    _, token = LocalHouse().new_machine(
        server.data, TOKEN, "controller", "privacy_officer", "compliance", ALL, 1
    )
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        yield client


def asked(kind: str, n: int = 1, **more: Any) -> dict[str, Any]:
    identity = {"identity_type": "email", "identity_value": f"{canary(n)}@bank.uz", "identity_format": "raw"}
    return {
        "regulation": "gdpr",
        "subject_request_id": str(uuid.uuid4()),
        "subject_request_type": kind,
        "submitted_time": "2026-01-02T15:00:00Z",
        "subject_identities": [identity],
        "api_version": "1.0",
    } | more


def answer(client: httpx.Client, request: str, **said: str) -> httpx.Response:
    return client.post(f"/api/requests/{request}/answer", json=said)


def test_discovery_says_what_is_there_to_anybody(server):
    told = httpx.get(f"{server.url}/v1/opendsr/discovery")
    assert told.status_code == 200
    assert told.headers["x-opendsr-processor-domain"] == "127.0.0.1"
    found = told.json()
    assert found["api_version"] == "1.0"
    assert {"access", "portability", "erasure"} <= set(found["supported_subject_request_types"])
    assert {"identity_type": "email", "identity_format": "raw"} in found["supported_identities"]


def test_a_request_is_received_answered_and_its_package_fetched(client):
    body = asked("access")
    sent = json.dumps(body)
    taken = client.post(REQUESTS, content=sent, headers={"Content-Type": "application/json"})
    assert taken.status_code == 201, taken.text
    receipt = taken.json()
    request = receipt["subject_request_id"]
    assert request == body["subject_request_id"]
    assert base64.b64decode(receipt["encoded_request"]) == sent.encode()
    assert receipt["expected_completion_time"] == "2026-02-02T23:59:59Z"
    assert RFC_3339.fullmatch(receipt["received_time"])
    assert receipt["controller_id"].startswith("token:")
    status = client.get(f"{REQUESTS}/{request}").json()
    assert (status["request_status"], status["results_url"]) == ("pending", "")
    assert client.get(f"{REQUESTS}/{request}/package").status_code == 404
    assert answer(client, request, step="complete").json()["status"] == "completed"
    status = client.get(f"{REQUESTS}/{request}").json()
    assert status["request_status"] == "completed"
    package = client.get(status["results_url"])
    assert package.headers["content-type"] == "application/zip"
    assert package.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        assert canary(1) in archive.read("records.json").decode()
        assert canary(2) not in "".join(archive.read(it).decode() for it in archive.namelist())


def test_a_request_is_cancelled_while_it_is_pending_and_not_after(client):
    request = client.post(REQUESTS, json=asked("erasure")).json()["subject_request_id"]
    cancelled = client.delete(f"{REQUESTS}/{request}")
    assert cancelled.status_code == 202
    assert {"controller_id", "received_time", "subject_request_id", "api_version"} == set(cancelled.json())
    assert client.get(f"{REQUESTS}/{request}").json()["request_status"] == "cancelled"
    again = client.delete(f"{REQUESTS}/{request}")
    assert (again.status_code, again.json()["code"]) == (409, "request_stands")


def test_the_same_request_sent_twice_is_one(client):
    body = asked("access")
    first, second = (client.post(REQUESTS, json=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["received_time"] == second.json()["received_time"]
    other = client.post(REQUESTS, json=body | {"subject_request_type": "erasure"})
    assert (other.status_code, other.json()["code"]) == (409, "request_known")


def test_a_refusal_is_told_with_its_reason(client):
    request = client.post(REQUESTS, json=asked("erasure")).json()["subject_request_id"]
    assert answer(client, request, step="refuse", because="because").status_code == 400
    assert answer(client, request, step="refuse", because="legal_duty").status_code == 200
    status = client.get(f"{REQUESTS}/{request}").json()
    assert (status["request_status"], status["refusal"]) == ("cancelled", "legal_duty")


def test_whoever_fits_nobody_is_taken_in_and_refused_as_not_held(client):
    request = client.post(REQUESTS, json=asked("access", 9)).json()["subject_request_id"]
    assert answer(client, request, step="complete").status_code == 409
    assert answer(client, request, step="refuse", because="not_held").json()["customer"] == ""


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"subject_request_id": "1"}, 400),
        ({"subject_request_type": "oblivion"}, 422),
        ({"regulation": "lgpd"}, 400),
        ({"subject_identities": []}, 422),
        ({"submitted_time": "yesterday, or so"}, 400),
        ({"submitted_time": "2999-01-01T00:00:00Z"}, 400),
        ({"status_callback_urls": ["http://169.254.169.254/"]}, 400),
        ({"status_callback_urls": ["https://dsr.example/"] * 6}, 422),
        ({"status": "completed"}, 422),
    ],
)
def test_what_cannot_be_taken_is_told_as_a_problem_without_a_word_of_the_person(client, more, status):
    told = client.post(REQUESTS, json=asked("access") | more)
    assert told.status_code == status, told.text
    assert told.headers["content-type"] == "application/problem+json"
    assert canary(1) not in told.text


def test_without_a_token_or_with_one_for_something_else_nothing_is_answered(server):
    _, token = LocalHouse().new_machine(
        server.data, TOKEN, "other", "privacy_officer", "compliance", ["list_audit"], 1
    )
    for headers, status in (({}, 401), ({"Authorization": f"Bearer {token}"}, 403)):
        with httpx.Client(base_url=server.url, headers=headers) as client:
            request = str(uuid.uuid4())
            for told in (
                client.post(REQUESTS, json=asked("access")),
                client.get(f"{REQUESTS}/{request}"),
                client.get(f"{REQUESTS}/{request}/package"),
                client.delete(f"{REQUESTS}/{request}"),
                client.get("/api/requests"),
                client.get(f"/api/requests/{request}"),
                answer(client, request, step="complete"),
            ):
                assert told.status_code == status


def test_an_erasure_that_waits_for_a_hold_reads_as_it_stood_and_goes_on_after_it(client):
    request = client.post(REQUESTS, json=asked("erasure", 2)).json()["subject_request_id"]
    customer = client.get(f"/api/requests/{request}").json()["customer"]
    said = {"matter": "Case 7", "reason": "the court asked", "review_on": "2040-01-01"}
    placed = client.post(f"/api/customers/{customer}/holds", json=said)
    assert placed.status_code == 201, placed.text
    assert (placed.json()["state"], placed.json()["customers"]) == ("stands", [customer])
    assert client.get(f"/api/requests/{request}").json()["status"] == "held"
    assert client.get(f"{REQUESTS}/{request}").json()["request_status"] == "pending"
    refused = answer(client, request, step="complete")
    assert refused.status_code == 403
    assert "Case 7" not in refused.text
    assert client.get(f"{REQUESTS}/{request}").json()["request_status"] == "in_progress"
    hold = placed.json()["id"]
    listed = client.get("/api/holds", params={"customer": customer}).json()
    assert ([it["id"] for it in listed["items"]], listed["standing"]) == ([hold], 1)
    assert client.post(f"/api/holds/{hold}/lift", json={"because": "ruled"}).json()["state"] == "lifted"
    assert client.get("/api/holds").json()["items"] == []
    assert client.get("/api/holds", params={"lifted": True}).json()["items"][0]["lifted_because"] == "ruled"
    assert client.get(f"/api/requests/{request}").json()["status"] == "in_progress"


def test_an_erasure_over_the_wire_erases_and_the_register_stays(server, client):
    assert left_of(server.data.parent, [3])
    request = client.post(REQUESTS, json=asked("erasure", 3)).json()["subject_request_id"]
    done = answer(client, request, step="complete")
    assert done.status_code == 200, done.text
    assert left_of(server.data.parent, [3]) == {}
    listed = client.get("/api/requests", params={"status": "completed"}).json()["items"]
    assert request in {it["id"] for it in listed}
    shown = client.get(f"/api/requests/{request}").json()
    assert [it["step"] for it in shown["steps"]] == ["received", "begun", "completed"]
