"""Requests that want more than they are given: unknown fields, paths that climb, addresses to be fetched."""

from __future__ import annotations

import json
import sqlite3
import typing
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from onefold.app.house import LocalHouse
from onefold.channels.api.application import OPENAPI
from onefold.channels.api.endpoint import BY_SOURCE, Access, Endpoint
from onefold.channels.api.routes import ENDPOINTS
from tests.flow.test_leaks import GRANTED, NO_REQUEST, call, label

pytestmark = pytest.mark.xdist_group("api")

LOGINS = GRANTED | {"balance_history": "rm", "decide_judgement": "steward"}
WRITES = [it for it in ENDPOINTS if it.body is not None and it.access not in BY_SOURCE]
WITH_NAMES = [it for it in ENDPOINTS if "{" in it.path]
SMUGGLED = {
    "role": "steward",
    "roles": ["steward"],
    "actor": "privacy",
    "id": "0" * 32,
    "cell": "demo/kz",
    "__x": 1,
}
PROTOCOLS = {"code", "state", "iss", "error", "error_description", "session_state", "scope"}
"""What a provider may send a browser back with; it also sends more, which is ignored."""
CLIMBING = (
    "..%2f..%2fusers.json", "%2e%2e%2f%2e%2e%2fkeys%2fmaster.key", "..", "%2e%2e", "..%5c..%5cusers.json",
    "%2fetc%2fpasswd", "x%00", "%c0%ae%c0%ae%2f", "....%2f%2f....%2f%2f", "%252e%252e%252fusers.json",
    "a" * 5000, "'%20OR%201=1%20--", "$%7b7*7%7d", "file:%2f%2f%2fetc%2fpasswd", "http:%2f%2f127.0.0.1:22",
)  # fmt: skip
REFUSALS = (400, 401, 403, 404, 405, 414, 415, 422, 431)
SECRETS = ("$argon2id$", "root:", "[checkpoints]", "master")
PASSING = ("-wal", "-shm", "server.log", ".lock")
STATIC = ("/assets/", "/", "/assets/..%2f", "/static/", "/assets//", "/%2e/")


def body_of(it: Endpoint) -> dict[str, Any]:
    """A body that is taken, and what it would be taken for."""
    bodies: dict[str, dict[str, Any]] = {}

    class Recorder:
        def request(self, method: str, url: str, *, params: Any, json: Any) -> None:
            bodies["sent"] = json

    server: Any = type("Nowhere", (), {"url": ""})()
    client: Any = Recorder()
    call(server, it, "0" * 32, client)
    return bodies["sent"] or {"login": "rm", "password": "x" * 10}


@pytest.mark.parametrize(
    ("it", "name"),
    [
        pytest.param(it, name, id=f"{name}-{label(it)}")
        for it in WRITES
        for name in SMUGGLED
        if it.body is not None
        and name not in {field.encode_name for field in msgspec.structs.fields(it.body)}
    ],
)
def test_a_body_with_a_field_nobody_asked_for_is_refused(server, it, name):
    named = {"segment": "balance-dip-fewer-logins", "row": "1", "request": NO_REQUEST, "hold": "0" * 16}
    path = it.path.format(customer="0" * 32, **named)
    sent = body_of(it) | {name: SMUGGLED[name]}
    if it.access is Access.OPEN:
        answer = httpx.request(it.method, server.url + path, json=sent)
    else:
        with server.signed_in(LOGINS.get(it.action, "privacy")) as client:
            answer = client.request(it.method, server.url + path, json=sent)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"


def structs(kind: Any) -> set[type[msgspec.Struct]]:
    """The struct, and every one inside it."""
    found = {kind} if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else set()
    inside = list(typing.get_type_hints(kind).values()) if found else list(typing.get_args(kind))
    return found.union(*(structs(it) for it in inside)) if inside else found


@pytest.mark.parametrize(
    "it", [it for it in ENDPOINTS if it.access not in BY_SOURCE], ids=lambda it: f"{it.method} {it.path}"
)
def test_every_struct_a_caller_fills_refuses_what_it_does_not_know(it):
    """Also inside: what is nested would be filled in silence just as well."""
    every = {kind for part in (it.query, it.body) if part for kind in structs(part)}
    lax = {kind for kind in every if not kind.__struct_config__.forbid_unknown_fields}
    assert {field for kind in lax for field in kind.__struct_fields__} <= PROTOCOLS


@pytest.mark.parametrize("it", WITH_NAMES, ids=label)
def test_no_name_in_a_path_leads_anywhere_else(server, it):
    with server.signed_in(LOGINS.get(it.action, "privacy")) as client:
        for hostile in CLIMBING:
            raw = it.path.format_map(_Names(hostile)).encode()
            url = httpx.URL(server.url).copy_with(raw_path=raw)
            answer = client.request(it.method, url, json={} if it.body else None)
            assert answer.status_code in (400, 401, 403, 404, 405, 414, 422, 431), (
                hostile,
                answer.status_code,
            )
            assert not any(it in answer.text for it in SECRETS), hostile


class _Names(dict[str, str]):
    """Every name is as hostile."""

    def __init__(self, hostile: str) -> None:
        super().__init__()
        self._hostile = hostile

    def __missing__(self, key: str) -> str:
        return self._hostile


@pytest.mark.parametrize("before", STATIC)
def test_no_address_of_a_file_leads_out_of_the_console(server, before):
    for hostile in CLIMBING:
        url = httpx.URL(server.url).copy_with(raw_path=f"{before}{hostile}".encode())
        answer = httpx.get(url)
        page = answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
        assert page or answer.status_code in (400, 401, 404, 405, 414, 431), (hostile, answer.status_code)
        assert not any(it in answer.text for it in SECRETS[:3]), hostile


ENDING = (
    '","role":"steward","x":"',
    '"}]}',
    "\\",
    "\\u0022",
    "</script><img src=x onerror=alert(1)>",
)
"""What would end a text of JSON, or a script that it stands in."""


@pytest.mark.parametrize("number", range(len(ENDING)))
def test_no_value_ends_the_json_it_stands_in(server, number):
    """Whatever somebody is called, their view has the same fields as anybody's, and the name among them."""
    key = LocalHouse().users(server.data).new_write_key("digital")
    shapes = []
    for who, name in (("plain", "Wanda"), ("hostile", f"Wanda{ENDING[number]}")):
        known = f"{who}-{number}@ending.example"
        said = {"messageId": known, "userId": known, "traits": {"email": known, "firstName": name}}
        assert server.send("/v1/identify", said, key).status_code == 200
        with server.signed_in("rm") as client:
            found: list[dict[str, Any]] = []
            while not found:
                found = client.get("/api/customers", params={"q": known}).json()["items"]
            answer = client.get(f"/api/customers/{found[0]['customer']}")
        view = json.loads(answer.content.decode("utf-8"))
        assert answer.headers["content-type"] == "application/json"
        assert name.casefold() in view["profile"]["given_name"]["value"].casefold()
        shapes.append(shape(view))
    assert shapes[0] == shapes[1]


def shape(value: Any) -> Any:
    """Which names a value has at every depth, and nothing of what stands under them."""
    if isinstance(value, dict):
        return {name: shape(it) for name, it in value.items()}
    return [shape(it) for it in value] if isinstance(value, list) else None


@pytest.mark.parametrize("login", ["rm", "agent", "steward", "marketer", "privacy", "engineer"])
def test_nothing_is_changed_by_get_but_the_record_of_who_looked(server, login):
    with server.signed_in(login) as client:
        customer = "0" * 32
        if found := client.get("/api/customers", params={"q": "Karimov"}).json().get("items"):
            customer = found[0]["customer"]
        before = contents(server.data)
        answers = {
            call(server, it, customer, client).status_code
            for it in ENDPOINTS
            if it.method == "GET" and it.access in (Access.PERMIT, Access.SESSION)
        }
    assert 200 in answers
    assert contents(server.data) == before


def contents(data: Path) -> dict[str, str]:
    """What the files of a folder hold, as digests, but for the audit and what a server keeps beside them."""
    return {
        name: digest_of(it)
        for it in sorted(data.rglob("*"))
        if it.is_file() and "audit" not in (name := str(it.relative_to(data))) and not name.endswith(PASSING)
    }


def digest_of(path: Path) -> str:
    """Of a database the rows, because when they are written to the file itself is nobody's doing."""
    digest = sha256()
    if path.suffix != ".db":
        digest.update(path.read_bytes())
        return digest.hexdigest()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as base:
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (table,) in tables:
            for row in base.execute(f'SELECT * FROM "{table}"'):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def test_nobody_who_calls_the_api_says_where_the_server_is_to_go(server):
    """No parameter is an address: what is fetched, and from where, stands in settings and contracts alone.

    But for where controllers are told how a request stands: that is on the house's list (test_callbacks.py).
    """
    document = httpx.get(server.url + OPENAPI).json()
    named = {
        parameter["name"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation["parameters"]
    }
    bodies = {it.body for it in WRITES if it.body}
    named |= {field for kind in bodies for part in structs(kind) for field in part.__struct_fields__}
    assert "status_callback_urls" in named
    named -= {"jurisdiction", "status_callback_urls"}  # The first has one of the words in it, and is none.
    words = (
        "url",
        "uri",
        "host",
        "address",
        "endpoint",
        "callback",
        "webhook",
        "redirect",
        "proxy",
        "issuer",
    )
    assert {it for it in named if any(word in it.lower() for word in words)} == set()
