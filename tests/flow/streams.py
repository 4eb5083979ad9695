"""A server of its own with the bank that streams (examples/streams), and what its systems send."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from onefold.app.demo import CELL, LOGINS, PASSWORD
from onefold.app.house import LocalHouse
from tests.flow.server import CONTRACTS, ROOT, Server

BANK = ROOT / "examples" / "streams"
COMMITTED_AT = 1_769_853_600_000
"""2026-01-31T10:00:00Z."""


@contextmanager
def streaming(data: Path, bank: Path = BANK) -> Iterator[Server]:
    """The server, and everybody of the demo as its users."""
    house = LocalHouse()
    house.create(data, CELL, [CONTRACTS, bank], None)
    users = house.users(data)
    for login, roles in LOGINS.items():
        users.add(login, PASSWORD, roles)
    with Server(data) as server:
        yield server


def change(op: str, lsn: int, row: dict[str, Any], **source: Any) -> dict[str, Any]:
    """A change of the table of customers as PostgreSQL's connector writes it."""
    place = {"connector": "postgresql", "db": "core", "schema": "public", "table": "customers"}
    before, after = (row, None) if op == "d" else (None, row)
    return {
        "op": op,
        "before": before,
        "after": after,
        "source": place | {"ts_ms": COMMITTED_AT, "lsn": lsn} | source,
        "ts_ms": COMMITTED_AT + 40,
    }


def send_changes(server: Server, key: str, messages: list[Any]) -> httpx.Response:
    """Changes as JSON Lines."""
    lines = "\n".join(json.dumps(it) for it in messages)
    kind = {"Content-Type": "application/x-ndjson"}
    return httpx.post(f"{server.url}/v1/changes", content=lines, headers=kind, auth=(key, ""), timeout=30)


def settle(server: Server) -> None:
    """Waits until all that was acknowledged is in profiles."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        health = httpx.get(f"{server.url}/api/health", timeout=30).json()
        if health["state"] >= health["log"]:
            return
        time.sleep(0.02)
    raise AssertionError("the state did not catch up")


def found(server: Server, text: str) -> list[dict[str, Any]]:
    """Customers by what people type."""
    settle(server)
    with server.signed_in("agent") as agent:
        items: list[dict[str, Any]] = agent.get("/api/customers", params={"q": text}).json()["items"]
    return items


def timeline(server: Server, text: str) -> list[str]:
    """Titles of the moments of the one customer that is found."""
    (customer,) = found(server, text)
    with server.signed_in("agent") as agent:
        page = agent.get(f"/api/customers/{customer['customer']}/timeline", params={"limit": 200}).json()
    return [it["title"] for it in page["items"]]
