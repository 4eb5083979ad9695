"""Whole requests to the application over a cell: every address, any headers, any body, never a 500."""

from __future__ import annotations

import asyncio
import base64
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.app.creating import create
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.rooms import open_rooms
from onefold.channels.api.application import create_application
from onefold.channels.api.endpoint import Access, Endpoint
from onefold.channels.api.registry import ENDPOINTS as REGISTRY
from onefold.channels.api.routes import ENDPOINTS
from onefold.channels.api.tokens import Tokens
from onefold.kernel.ids import Cell
from onefold.testing.keys import OneTokenKey
from tests.fuzz import hostile
from tests.fuzz.bank import ROOT
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target

ROLES = ("relationship_manager", "agent", "steward", "marketer", "analyst", "privacy_officer")
_SERVED = tuple(
    it for it in (*ENDPOINTS, *REGISTRY) if it.access is not Access.OPEN and "session" not in it.path
)


class Answered(NamedTuple):
    """What a client sees of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes


class Served:
    """The application, what proves who asks, and the key of a source."""

    def __init__(self, folder: Path) -> None:
        self._stack = ExitStack()
        cell = Cell("demo", "uz")
        create(folder, cell, [ROOT / "contracts" / "world", ROOT / "examples" / "streams"], None)
        users = LocalHouse().users(folder)
        users.add("everybody", "a long password of a test", ROLES)
        self.keys = {source: users.new_write_key(source) for source in ("digital", "bank")}
        self.rooms = self._stack.enter_context(open_rooms(read_folder(folder), follow=False)).rooms
        tokens = Tokens(OneTokenKey(), str(cell), self.rooms.clock, EndedSessionsFile(folder))
        self.token = tokens.issue("everybody", self.rooms.users.epoch("everybody"))[0]
        self._application = create_application(self.rooms, tokens)
        self._loop = asyncio.new_event_loop()

    def ask(self, method: str, path: str, query: bytes, headers: dict[str, bytes], body: bytes) -> Answered:
        """One request."""
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode("utf-8", "replace"),
            "query_string": query,
            "headers": [(name.encode("latin-1"), value) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
            "scheme": "http",
            "http_version": "1.1",
            "root_path": "",
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        # What stands around the application raises a bug again once it is answered.
        self._loop.run_until_complete(self._application(scope, receive, send))  # type: ignore[arg-type]
        named = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
        return Answered(sent[0]["status"], named, b"".join(it.get("body", b"") for it in sent[1:]))

    def close(self) -> None:
        """Lets go of the folder."""
        self._stack.close()
        self._loop.close()


@cache
def _served() -> Served:
    return Served(Path(tempfile.mkdtemp(prefix="onefold-fuzz-")) / "data")


_VALUES = (  # Names of sources and subjects, which an answer may repeat.
    "",
    "x",
    "0" * 32,
    "latest",
    "-1",
    "1",
    "9" * 40,
    "²",
    "é",
    "../..",
    "%00",
    "\x00",
    "core.customer-value",
    "digital",
    "bank",
    "bank.customers-value",
    "a" * 3000,
)
_TYPES = (
    b"application/json",
    b"application/cloudevents+json",
    b"",
    b"text/plain",
    b"application/json; charset=\xff",
)
_SCHEMA = {
    b"schema": b'"{\\"type\\":\\"record\\",\\"name\\":\\"a\\",\\"fields\\":[]}"',
    b"schemaType": b'"AVRO"',
    b"compatibility": b'"FULL"',
}


def _path(draws: Draws, it: Endpoint) -> str:
    parts = [draws.choice(_VALUES) if part.startswith("{") else part for part in it.path.split("/")]
    return "/".join(parts)


def _body(draws: Draws, it: Endpoint) -> bytes:
    if draws.number(0, 4) == 0:
        return draws.rest()
    names = tuple(field.encode() for field in it.body.__struct_fields__) if it.body else (*_SCHEMA,)
    if "registry" in it.path and draws.flag():
        return hostile.filled(draws, _SCHEMA)
    if b"batch" in names:
        return b'{"batch":' + hostile.value(draws, (b"type", b"userId", b"messageId")) + b"}"
    return hostile.mapping(draws, names)


def run_request(data: bytes) -> None:
    """One request of anybody who may ask; the answer is one, and repeats nothing."""
    served, draws = _served(), Draws(data)
    it = draws.choice(_SERVED)
    headers = {"content-type": draws.choice(_TYPES)}
    key = served.keys["bank" if draws.flag() else "digital"]
    proofs = (
        b"Basic " + base64.b64encode(key.encode() + b":"),
        b"Bearer " + served.token.encode(),
        b"Basic " + draws.take(12),
        b"Bearer " + draws.take(12),
    )
    by_source = it.access in (Access.WRITE_KEY, Access.SIGNATURE)
    headers["authorization"] = (
        draws.choice(proofs) if draws.number(0, 7) == 0 else proofs[0 if by_source else 1]
    )
    if draws.number(0, 5) == 0:
        headers[draws.choice(("content-encoding", "cookie", "x-csrf", "origin", "ce-id"))] = draws.take(20)
    body = _body(draws, it) if it.method != "GET" else b""
    if draws.number(0, 5) == 0:
        body = hostile.packed(draws, body)
        headers["content-encoding"] = b"gzip"
    query = b""
    if draws.flag() and it.query is not None:
        name = draws.choice([field.encode() for field in it.query.__struct_fields__])
        query = name + b"=" + draws.choice(_VALUES).encode().replace(b"\x00", b"%00").hex("%").encode()[:90]
    answer = served.ask(it.method, _path(draws, it), query, headers, body)
    judge(answer)


def judge(answer: Answered) -> None:
    """An answer that a client knows: an account that adds up, or a problem that repeats nothing."""
    assert answer.status < 500 or answer.status == 503, f"answered {answer.status}"
    if answer.status >= 400:
        said = msgspec.json.decode(answer.body)
        assert said.get("title") or said.get("message")
        assert hostile.CANARY.encode() not in answer.body, "a problem repeats what was sent"
    elif answer.body.startswith(b'{"success":'):
        counts = msgspec.json.decode(answer.body)["counts"]
        assert counts["offered"] == sum(it for name, it in counts.items() if name != "offered")


_SEEDS = tuple(bytes([number]) + bytes(range(number, number + 120)) for number in range(0, 100, 7))

TARGETS = (
    Target("requests-any", run_request, _SEEDS, (b'"batch"', b'"schema"', b"1e400", b"\\ud800"), share=2),
)
