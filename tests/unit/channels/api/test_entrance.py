"""The entrance over HTTP: who gets in, with what, and what a failure shows."""

from __future__ import annotations

import asyncio
import base64
import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest

from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.channels.api.application import create_application
from onefold.channels.api.endpoint import Access, Call, endpoint
from onefold.channels.api.entrance import BATCH_BYTES_MAX, BODY_BYTES_MAX, THREADS_OF_ONE_MAX
from onefold.channels.api.parameters import ConsentBody, PurposeQuery
from onefold.channels.api.session import COOKIE
from onefold.channels.api.tokens import LIFE_SECONDS, Tokens
from onefold.gate.model import Actor
from onefold.kernel.errors import Refused, Unavailable
from onefold.testing.keys import OneTokenKey
from onefold.usecases.turned_away import EVERY_MS, TurnedAway, Why
from onefold.usecases.ways import Ways
from tests.unit.channels.api.client import Client
from tests.unit.gate.bank import CELL, StoppedClock, Trail

CANARY = "Anna Karimova +998901234567"


class Said(msgspec.Struct, frozen=True):
    """What the test endpoints answer."""

    purpose: str
    channel: str = ""
    login: str = ""


@endpoint("GET", "/api/one/{thing}", "One", tag="t", action="show_customer", query=PurposeQuery, result=Said)
def one(call: Call) -> Said:
    return Said(call.permitted.purpose, call.permitted.channel, call.permitted.actor.id)


async def _one_soon(call: Call) -> bytes | None:
    return None if call.path["thing"] == "odd" else msgspec.json.encode(one.handler(call))


ONE_WITHOUT_A_THREAD = replace(one, soon=_one_soon)


@endpoint("POST", "/api/one/{thing}", "Write", tag="t", action="show_customer", body=ConsentBody, result=Said)
def write(call: Call) -> Said:
    return Said(call.body.purpose, call.permitted.channel)


class Sought(PurposeQuery, frozen=True, kw_only=True):
    """A query with a filter that is called like what the gate is asked for."""

    channel: str = ""


def _sought(call: Call) -> Said:
    return Said(call.permitted.purpose, call.permitted.channel)


sought = endpoint("GET", "/api/sought", "Seeks", tag="t", action="show_customer", query=Sought, result=Said)(
    _sought
)
sought_for = endpoint(
    "GET",
    "/api/sought-for",
    "Seeks",
    tag="t",
    action="show_customer",
    purpose="compliance",
    query=Sought,
    result=Said,
    named="seek_for",
)(_sought)


@endpoint("GET", "/api/broken", "Breaks", tag="t", access=Access.OPEN, result=Said)
def broken(call: Call) -> Said:
    raise ValueError(CANARY)


@endpoint("GET", "/api/down", "Is down", tag="t", access=Access.OPEN, result=Said)
def down(call: Call) -> Said:
    raise Unavailable("The disk is full.", retry_after_seconds=9)


@endpoint("POST", "/v1/batch", "Takes", tag="t", access=Access.WRITE_KEY, body=ConsentBody, result=Said)
def batch(call: Call) -> Said:
    return Said(call.write_key, str(len(call.raw)))


class OnlyRm:
    """A gate that lets `rm` do everything for any purpose, and nobody else anything."""

    def permit(self, actor: Actor, action: str, purpose: str, channel: str) -> Any:
        if actor.id != "rm":
            raise Refused("Policy does not allow this.", reasons=("only rm may",))
        return SimpleNamespace(actor=actor, action=action, purpose=purpose, channel=channel)

    def permit_at_once(self, actor: Actor, *asked: str) -> Any:
        return self.permit(actor, *asked) if actor.id == "rm" else None


@pytest.fixture
def clock():
    return StoppedClock()


@pytest.fixture
def tokens(clock, tmp_path):
    return Tokens(OneTokenKey(), str(CELL), clock, EndedSessionsFile(tmp_path))


@pytest.fixture
def epochs():
    """The epoch of each login's password."""
    return {"rm": "one", "agent": "one"}


@pytest.fixture
def rooms(clock, epochs) -> Any:
    users = SimpleNamespace(
        find=lambda login: Actor(login, ("agent",), CELL) if login in epochs else None, epoch=epochs.get
    )
    return SimpleNamespace(
        cell=CELL,
        clock=clock,
        gate=OnlyRm(),
        users=users,
        audit=Trail(),
        ways=Ways(),
        turned_away=TurnedAway(),
    )


@pytest.fixture(params=[one, ONE_WITHOUT_A_THREAD], ids=["in a thread", "without one"])
def client(rooms, tokens, request):
    endpoints = (request.param, write, sought, sought_for, broken, down, batch)
    return Client(create_application(rooms, tokens, endpoints=endpoints))


def bearer(tokens: Tokens, login: str = "rm") -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens.issue(login, 'one')[0]}"}


def basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


CONSENT = {"purpose": "marketing", "channel": "email", "fact": "withdrawn", "evidence": "call 7"}


def problem(response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    found = response.json()
    assert found["status"] == response.status_code
    assert found["title"]
    assert "anna" not in response.text.lower()
    return found


def test_nobody_gets_in_without_a_session(client):
    assert problem(client.get("/api/one/x"))["code"] == "unauthenticated"


def test_a_session_by_bearer_or_by_cookie_gets_a_permit_for_the_channel_it_came_by(client, tokens):
    token, _ = tokens.issue("rm", "one")
    by_bearer = client.get("/api/one/x", headers={"Authorization": f"bearer {token}"})
    by_cookie = client.get("/api/one/x?purpose=marketing", headers={"Cookie": f"{COOKIE}={token}"})
    assert by_bearer.json() == {"purpose": "servicing", "channel": "api", "login": "rm"}
    assert by_cookie.json() == {"purpose": "marketing", "channel": "console", "login": "rm"}


def test_policy_says_no_with_reasons(client, tokens):
    found = problem(client.get("/api/one/x", headers=bearer(tokens, "agent")))
    assert (found["status"], found["reasons"]) == (403, ["only rm may"])


def test_somebody_who_was_taken_out_of_the_users_file_is_out_at_once(client, tokens):
    assert problem(client.get("/api/one/x", headers=bearer(tokens, "gone")))["status"] == 401


def test_another_password_ends_every_session_of_its_owner_and_of_nobody_else(client, tokens, epochs):
    headers = bearer(tokens)
    assert client.get("/api/one/x", headers=headers).status_code == 200
    epochs["agent"] = "two"
    assert client.get("/api/one/x", headers=headers).status_code == 200
    epochs["rm"] = "two"
    found = problem(client.get("/api/one/x", headers=headers))
    assert (found["status"], found["title"]) == (401, "Your password or your rights were changed.")


def test_an_expired_session_is_said_to_be_expired(client, tokens, clock):
    headers = bearer(tokens)
    clock.now += LIFE_SECONDS * 1000
    assert problem(client.get("/api/one/x", headers=headers))["title"] == "Your session has expired."


def test_a_write_by_cookie_needs_the_sessions_csrf(client, tokens):
    token, claims = tokens.issue("rm", "one")
    _, other = tokens.issue("rm", "one")
    cookie = {"Cookie": f"{COOKIE}={token}"}
    for wrong in ({}, {"X-CSRF": ""}, {"X-CSRF": other.csrf}, {"X-CSRF": "é"}):
        found = client.post(
            "/api/one/x", json=CONSENT, headers=cookie | {k: v.encode() for k, v in wrong.items()}
        )
        assert problem(found)["status"] == 403
    assert (
        client.post("/api/one/x", json=CONSENT, headers=cookie | {"X-CSRF": claims.csrf}).status_code == 200
    )


def test_a_write_of_another_origins_page_is_refused_whatever_it_carries(client, tokens):
    token, claims = tokens.issue("rm", "one")
    sent = {"Cookie": f"{COOKIE}={token}", "X-CSRF": claims.csrf}
    for wrong in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        found = problem(client.post("/api/one/x", json=CONSENT, headers=sent | wrong))
        assert (found["status"], found["reasons"]) == (403, ["a page of another origin sent it"])
    own = sent | {"Origin": "http://testserver"}
    assert client.post("/api/one/x", json=CONSENT, headers=own).status_code == 200


def test_what_has_no_answer_without_a_thread_is_answered_in_one(client, tokens):
    assert client.get("/api/one/odd", headers=bearer(tokens)).json()["login"] == "rm"
    assert problem(client.get("/api/one/odd?purpose=none", headers=bearer(tokens)))["status"] == 422
    assert problem(client.get("/api/one/odd?more=1", headers=bearer(tokens)))["status"] == 422


def test_a_session_is_renewed_in_whatever_way_it_is_answered(client, tokens, clock):
    token, _ = tokens.issue("rm", "one")
    clock.now += (LIFE_SECONDS // 2 + 1) * 1000
    answer = client.get("/api/one/x", headers={"Cookie": f"{COOKIE}={token}"})
    assert answer.status_code == 200
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")


def test_behind_tls_the_cookie_is_secure_of_this_host_and_the_only_one_taken(rooms, tokens, clock):
    client = Client(create_application(rooms, tokens, endpoints=(one,), secure=True))
    token, _ = tokens.issue("rm", "one")
    clock.now += (LIFE_SECONDS // 2 + 1) * 1000
    answer = client.get("/api/one/x", headers={"Cookie": f"__Host-{COOKIE}={token}"})
    sent = answer.headers["set-cookie"]
    assert sent.startswith(f"__Host-{COOKIE}=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {it.strip() for it in sent.split(";")}
    assert client.get("/api/one/x", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


def test_a_write_by_bearer_needs_no_csrf_and_asks_for_what_the_body_says(client, tokens):
    answer = client.post("/api/one/x", json=CONSENT, headers=bearer(tokens))
    assert answer.json() == {"purpose": "marketing", "channel": "email", "login": ""}


def test_a_filter_that_is_called_channel_does_not_choose_the_channel_of_the_permit(client, tokens):
    sent = {"purpose": "servicing", "channel": "email"}
    found = client.get("/api/sought", params=sent, headers=bearer(tokens)).json()
    assert (found["purpose"], found["channel"]) == ("servicing", "api")
    found = client.get("/api/sought-for", params=sent, headers=bearer(tokens)).json()
    assert (found["purpose"], found["channel"]) == ("compliance", "api")


def test_a_busy_session_is_given_a_new_cookie_before_it_ends(client, tokens, clock):
    token, claims = tokens.issue("rm", "one")
    cookie = {"Cookie": f"{COOKIE}={token}"}
    assert "set-cookie" not in client.get("/api/one/x", headers=cookie).headers
    clock.now += (LIFE_SECONDS // 2 + 1) * 1000
    sent = client.get("/api/one/x", headers=cookie).headers["set-cookie"]
    assert "HttpOnly" in sent
    assert "SameSite=Strict" in sent
    renewed = tokens.read(sent.partition("=")[2].partition(";")[0])
    assert (renewed.jti, renewed.csrf) == (claims.jti, claims.csrf)
    assert renewed.exp > claims.exp


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("purpose=snooping", 422),
        ("purpose=", 422),
        ("purpose=servicing&purpose=marketing", 400),
        (f"phone={CANARY}", 422),
        ("purpose=servicing%00", 422),
    ],
)
def test_a_query_that_is_not_as_described_is_refused_without_repeating_it(client, tokens, query, status):
    assert problem(client.get(f"/api/one/x?{query}", headers=bearer(tokens)))["status"] == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b'"' + CANARY.encode() + b'"', "application/json", 422),
        (b'{"purpose": "marketing"}', "application/json", 422),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 30_000, "application/json", 422),
        (b'{"purpose": "\xff"}', "application/json", 400),
        (b"purpose=marketing", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * (BODY_BYTES_MAX + 1), "application/json", 413),
    ],
    ids=[
        "empty",
        "cut",
        "other type",
        "missing",
        "not utf-8",
        "deep",
        "text not utf-8",
        "form",
        "text",
        "large",
    ],
)
def test_a_body_that_is_not_as_described_is_refused_without_repeating_it(client, tokens, body, kind, status):
    headers = bearer(tokens) | {"Content-Type": kind}
    assert problem(client.post("/api/one/x", content=body, headers=headers))["status"] == status


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        b"Basic \xe9",
        "Basic " + base64.b64encode(b":x").decode(),
        "Bearer x",
        "Basic /////w==",
    ],
)
def test_a_write_key_is_needed_to_write(client, header):
    found = client.post("/v1/batch", json={}, headers={"Authorization": header} if header else {})
    assert problem(found)["status"] == 401


def test_a_write_key_is_the_user_name_and_the_body_is_passed_on_as_it_is(client):
    answer = client.post("/v1/batch", content=b"anything", headers=basic("key"))
    assert answer.json() == {"purpose": "key", "channel": "8", "login": ""}


def test_a_body_over_the_limit_is_not_read_to_its_end(client):
    answer = client.post("/v1/batch", content=b" " * (BATCH_BYTES_MAX + 1), headers=basic("key"))
    assert problem(answer)["status"] == 413


def test_a_bug_shows_nothing_of_what_was_worked_on(client):
    found = problem(client.get("/api/broken"))
    assert (found["status"], found["code"]) == (500, "bug")


def test_what_is_down_says_when_to_come_back(client):
    answer = client.get("/api/down")
    assert problem(answer)["status"] == 503
    assert answer.headers["retry-after"] == "9"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/api/none", 404), ("PUT", "/api/one/x", 405)]
)
def test_an_address_or_method_that_is_not_there_is_a_problem_too(client, method, path, status):
    assert problem(client.request(method, path))["status"] == status


@pytest.mark.parametrize("path", ["/api/one/x", "/api/broken", "/api/none", "/"])
def test_every_answer_carries_the_security_headers(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "strict-transport-security" not in headers


def test_behind_tls_browsers_are_told_to_come_over_tls_for_a_year(rooms, tokens):
    client = Client(create_application(rooms, tokens, endpoints=(one,), secure=True))
    kept = client.get("/api/one/x").headers["strict-transport-security"]
    assert kept == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    "path", ["/", "/api/one/x", "/api/none", "/api/openapi.json", "/oauth/token", "/registry/subjects"]
)
def test_a_request_is_not_sent_back_by_trace(client, path):
    answer = client.request("TRACE", path, headers={"Cookie": CANARY})
    assert answer.status_code in {404, 405}
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"includes_parts": "true"},
        {"includes_parts": 1},
        {"evidence": 12345},
        {"purpose": ["marketing"]},
        {"fact": None},
    ],
    ids=["text for a bool", "number for a bool", "number for a text", "list for a text", "nothing"],
)
def test_a_field_of_another_type_is_not_taken_for_what_it_looks_like(client, tokens, wrong):
    said = {"purpose": "marketing", "channel": "sms", "fact": "withdrawn", "evidence": "by phone"} | wrong
    answer = client.post("/api/one/x", json=said, headers=bearer(tokens))
    assert problem(answer)["status"] == 422


def test_what_is_shown_is_kept_by_no_browser_and_no_cache_on_the_way(client, tokens):
    answer = client.get("/api/one/x", headers=bearer(tokens))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_who_sends_a_byte_now_and_then_does_not_keep_a_place(rooms, tokens, monkeypatch):
    monkeypatch.setattr("onefold.channels.api.entrance.BODY_SECONDS", 0.05)
    application = create_application(rooms, tokens, endpoints=(write,))
    sent: list[Any] = []

    async def receive():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message):
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in bearer(tokens).items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/one/x",
        "raw_path": b"/api/one/x",
        "query_string": b"",
        "headers": [*headers, (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "root_path": "",
    }

    async def ask():
        await application(scope, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 408
    assert b"did not arrive within" in sent[1]["body"]


def turned_away(rooms: Any) -> dict[str, int]:
    """What goes into the audit by now."""
    rooms.turned_away.write_down(rooms.audit, rooms.clock.now_ms(), last=True)
    records = [it for it in rooms.audit.records if it["kind"] == "turned_away"]
    return records[-1]["counts"] if records else {}


def test_what_tries_to_get_around_a_control_is_counted_for_the_audit(client, tokens, rooms, clock):
    token, _ = tokens.issue("rm", "one")
    by_cookie = {"Cookie": f"{COOKIE}={token}"}
    for forged in (token[:-4] + "AAAA", "ofs_unknown.token", "x"):
        assert client.get("/api/one/x?purpose=servicing", headers={"Authorization": f"Bearer {forged}"})
    client.post("/api/one/x", json=CONSENT, headers=by_cookie)
    client.post("/api/one/x", json=CONSENT, headers=by_cookie | {"X-CSRF": "no"})
    client.post("/api/one/x", json=CONSENT, headers=by_cookie | {"Origin": "https://evil.example"})
    assert turned_away(rooms) == {Why.TOKEN: 3, Why.CSRF: 2, Why.ORIGIN: 1}
    assert "ofs_unknown" not in str(rooms.audit.records)


def test_who_is_nobody_or_was_somebody_until_now_is_not_counted(client, tokens, rooms, clock, epochs):
    headers = bearer(tokens)
    client.get("/api/one/x?purpose=servicing")
    epochs["rm"] = "two"
    assert client.get("/api/one/x?purpose=servicing", headers=headers).status_code == 401
    clock.now += (LIFE_SECONDS + 1) * 1000
    assert client.get("/api/one/x?purpose=servicing", headers=headers).status_code == 401
    assert turned_away(rooms) == {}


def test_a_flood_is_one_record_a_minute(rooms, clock):
    for _ in range(1_000):
        rooms.turned_away.count(Why.TOKEN, clock.now_ms())
        rooms.turned_away.write_down(rooms.audit, clock.now_ms())
    assert rooms.audit.records == []
    clock.now += EVERY_MS
    for _ in range(2):
        rooms.turned_away.write_down(rooms.audit, clock.now_ms())
    (record,) = rooms.audit.records
    assert (record["actor"], record["outcome"], record["counts"]) == ("unknown", "refused", {Why.TOKEN: 1000})


def test_what_could_not_be_written_is_counted_on(rooms, clock):
    class Down:
        def record(self, *_: Any, **__: Any) -> str:
            raise Unavailable("The disk is full.")

    rooms.turned_away.count(Why.CSRF, clock.now_ms())
    with pytest.raises(Unavailable):
        rooms.turned_away.write_down(Down(), clock.now_ms(), last=True)
    rooms.turned_away.count(Why.CSRF, clock.now_ms())
    assert turned_away(rooms) == {Why.CSRF: 2}


def test_one_person_takes_no_more_than_half_of_the_threads_and_others_are_answered(rooms, tokens):
    """All sessions of a person are one; whoever is turned away is told when to come again."""
    held = threading.Event()

    @endpoint(
        "GET",
        "/api/slow",
        "Slow",
        tag="t",
        action="show_customer",
        query=PurposeQuery,
        result=Said,
        named="slow",
    )
    def slow(call: Call) -> Said:
        held.wait(30)
        return Said("done", login=call.permitted.actor.id)

    rooms.gate.permit = lambda actor, *_: SimpleNamespace(actor=actor, purpose="servicing", channel="api")
    transport = httpx.ASGITransport(app=create_application(rooms, tokens, endpoints=(slow, one)))

    async def ask() -> tuple[list[httpx.Response], httpx.Response, list[httpx.Response]]:
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            path = "/api/slow?purpose=servicing"
            many = [
                asyncio.ensure_future(client.get(path, headers=bearer(tokens)))
                for _ in range(THREADS_OF_ONE_MAX)
            ]
            await asyncio.sleep(0.2)
            late = [await client.get(path, headers=bearer(tokens)) for _ in range(2)]
            other = await client.get("/api/one/x?purpose=servicing", headers=bearer(tokens, "agent"))
            held.set()
            return late, other, list(await asyncio.gather(*many))

    late, other, served = asyncio.run(ask())
    assert {(it.status_code, it.headers["Retry-After"]) for it in late} == {(429, "1")}
    assert other.status_code == 200
    assert {it.status_code for it in served} == {200}


def test_who_asks_more_in_a_minute_than_the_house_lets_one_waits_and_nobody_else_does(rooms, tokens, clock):
    rooms.gate.permit = lambda actor, *_: SimpleNamespace(actor=actor, purpose="servicing", channel="api")
    client = Client(create_application(rooms, tokens, endpoints=(one,), requests_a_minute=6))
    path = "/api/one/x?purpose=servicing"
    assert [client.get(path, headers=bearer(tokens)).status_code for _ in range(7)] == [200] * 6 + [429]
    told = client.get(path, headers=bearer(tokens))
    assert (told.json()["code"], told.headers["Retry-After"]) == ("too_many_requests", "10")
    assert client.get(path, headers=bearer(tokens, "agent")).status_code == 200
    clock.now += 10_000
    assert [client.get(path, headers=bearer(tokens)).status_code for _ in range(2)] == [200, 429]
