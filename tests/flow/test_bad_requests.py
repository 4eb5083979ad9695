"""What arrives over HTTP as it should not: one clear problem, nothing lost, nothing repeated."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest

from onefold.adapters.files.session_keys import SessionKeyFiles
from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.app.house import LocalHouse
from onefold.channels.api.tokens import LIFE_SECONDS, Tokens
from tests.flow.server import Server
from tests.unit.gate.bank import StoppedClock

pytestmark = pytest.mark.xdist_group("api")

CANARY = "Anna Karimova +998901234567 31201800001234"
WHOLE = {"offered", "accepted", "duplicate", "unchanged", "quarantined", "refused"}


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return LocalHouse().users(server.data).new_write_key("digital")


def track(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": f"bad-{number}", "userId": "canary", "event": "step"} | more


def expect_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["title"]
    assert not any(word in answer.text for word in CANARY.split())
    return found


def counts(answer: httpx.Response) -> dict[str, int]:
    assert answer.status_code == 200, answer.text
    found: dict[str, int] = answer.json()["counts"]
    assert set(found) == WHOLE
    assert found["offered"] == sum(value for name, value in found.items() if name != "offered")
    return {name: value for name, value in found.items() if value and name != "offered"}


@pytest.mark.parametrize("wrong", ["no-such-key", CANARY.split()[0], "x" * 5000])
def test_a_write_key_that_is_none_of_ours(server, wrong):
    assert expect_problem(server.send("/v1/batch", {"batch": []}, wrong), 401)["code"] == "unauthenticated"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"batch"', b'{"batch": 7}', b"\xff\xfe\x00", f'{{"batch": "{CANARY}"}}'.encode()],
    ids=["empty", "cut", "list", "text", "number", "not utf-8", "canary"],
)
def test_a_body_that_is_no_batch(server, key, body):
    answer = httpx.post(f"{server.url}/v1/batch", content=body, auth=(key, ""))
    assert expect_problem(answer, 400)["title"] == "The body is not a batch."


def test_a_batch_that_is_too_large_packed_or_not(server, key):
    large = json.dumps({"batch": [track(0, properties={"x": "y" * 500_000})]}).encode()
    auth = (key, "")
    expect_problem(httpx.post(f"{server.url}/v1/batch", content=large, auth=auth), 413)
    packed = {"Content-Encoding": "gzip"}
    expect_problem(
        httpx.post(f"{server.url}/v1/batch", content=gzip.compress(large), headers=packed, auth=auth), 413
    )
    bomb = gzip.compress(bytes(50_000_000))
    expect_problem(httpx.post(f"{server.url}/v1/batch", content=bomb, headers=packed, auth=auth), 413)


def test_an_encoding_that_is_not_one_or_does_not_fit(server, key):
    for encoding in ("gzip", "br"):
        answer = httpx.post(
            f"{server.url}/v1/batch", content=b"{}", headers={"Content-Encoding": encoding}, auth=(key, "")
        )
        expect_problem(answer, 400)


def test_a_packed_batch_is_taken_as_it_is(server, key):
    body = gzip.compress(json.dumps({"batch": [track(1)]}).encode())
    answer = httpx.post(
        f"{server.url}/v1/batch", content=body, headers={"Content-Encoding": "gzip"}, auth=(key, "")
    )
    assert counts(answer) == {"accepted": 1}


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ({"type": "dance", "messageId": "q-1", "userId": "canary"}, "quarantined"),
        ({"messageId": "q-2"}, "quarantined"),
        (track(3, event=""), "quarantined"),
        (track(4, timestamp="the other day"), "quarantined"),
        (track(5, timestamp="2199-01-01T00:00:00Z"), "quarantined"),
        (track(6, userId="", anonymousId=""), "quarantined"),
        (track(7, properties={"text": "x" * 33_000}), "quarantined"),
        (CANARY, "quarantined"),
        (7, "quarantined"),
        (None, "quarantined"),
    ],
    ids=["call", "typeless", "empty", "time", "future", "nobody", "large", "text", "number", "null"],
)
def test_one_bad_call_is_held_and_does_not_cost_its_batch(server, key, call, what):
    good = track(1000 + len(str(call)) + len(what))
    taken = counts(server.send("/v1/batch", {"batch": [good, call]}, key))
    assert taken.pop("accepted", 0) + taken.pop("duplicate", 0) == 1
    assert taken == {what: 1}


def test_the_same_message_twice_in_one_batch_and_again_is_one_event(server, key):
    sent = {"batch": [track(50), track(50)]}
    assert counts(server.send("/v1/batch", sent, key)) == {"accepted": 1, "duplicate": 1}
    assert counts(server.send("/v1/batch", sent, key)) == {"duplicate": 2}


def test_a_consent_for_an_unknown_purpose_is_held_and_named(server, key):
    with server.signed_in("agent") as agent:
        customer = agent.get("/api/customers", params={"q": "Karimov"}).json()["items"][0]["customer"]
        sent = {"purpose": "snooping", "channel": "email", "fact": "granted", "evidence": "form"}
        answer = agent.post(f"/api/customers/{customer}/consents", json=sent)
        assert "marketing" in expect_problem(answer, 400)["hint"]
        expect_problem(
            agent.post(f"/api/customers/{customer}/consents", json=sent | {"purpose": CANARY}), 422
        )
        expect_problem(agent.get(f"/api/customers/{customer}", params={"purpose": "snooping"}), 422)


def test_an_expired_session_says_so(server):
    long_ago = StoppedClock(1_700_000_000_000)
    keys = SessionKeyFiles(server.data / "keys")
    token, claims = Tokens(keys, "demo/uz", long_ago, EndedSessionsFile(server.data)).issue("rm", "epoch")
    assert claims.exp == 1_700_000_000 + LIFE_SECONDS
    answer = httpx.get(f"{server.url}/api/session", headers={"Authorization": f"Bearer {token}"})
    assert expect_problem(answer, 401)["title"] == "Your session has expired."


@pytest.mark.parametrize(
    "path",
    ["/api/../users.json", "/assets/../../users.json", "/%2e%2e/users.json", "/api/customers/..%2f..%2fkeys"],
)
def test_no_path_leads_out_of_where_it_should(server, path):
    address = httpx.URL(server.url).copy_with(raw_path=path.encode())
    with httpx.Client() as client:
        answer = client.send(httpx.Request("GET", address))
    assert "argon2" not in answer.text
    assert answer.status_code in (200, 400, 401, 404)


def test_what_people_search_by_is_not_in_the_audit(server):
    with server.signed_in("agent") as agent, server.signed_in("privacy") as privacy:
        agent.get("/api/customers", params={"q": CANARY})
        audit = privacy.get("/api/audit", params={"limit": 20}).text
    assert "search" in audit
    assert not any(word in audit for word in CANARY.split())
