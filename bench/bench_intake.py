"""Intake over HTTP: what a server takes while everything behind it keeps up, and how soon it shows.

A bank is loaded from files but for its app. The app's calls of the years of which it keeps no tracks (who
signed up, what pages people saw) follow over HTTP as fast as they are taken: most of them make or change a
customer. Then its calls since come in batches of a hundred, in the order of their time, at a fixed rate (an
open loop), each batch durable before it is acknowledged. Meanwhile probes send
one call of a known user and look, through the gate, until his timeline shows it. Prints what, target,
measured, and what the bare machine does beside it. `--quick` ends within a minute or so, and is rougher.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import math
import os
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec

from bench.ground import (
    ROOT,
    json_rows_a_second,
    line,
    machine,
    percentile,
    process,
    sqlite_rows_a_second,
)
from onefold.app.demo import CELL, PASSWORD
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import load_sources
from onefold.kernel.time import iso_instant
from onefold.testing.world.generate import DEFAULT_UNTIL, generate

PORT = 18_373
BATCH = 100
SENDERS = 48
"""A batch that takes something away is answered when that is in force, and its sender waits so long; the loop
is open only while somebody else is free. Half of the app's batches do (they carry refused categories)."""
PRESSED = 1.05
"""How much faster than the target calls are sent, so that the target is measured and not merely asked for."""
EVENTS_A_SECOND = 6_000
QUIET_EVENTS_A_SECOND = 1_000
FRESH_P99_MS = 500.0
QUIET_FRESH_P99_MS = 100.0
PROBES_A_SECOND = 10
LOOKS_A_TARGET = 20
"""A probe looks again after a twentieth of the freshness asked for. Each look is a view through the gate, and
one that looked every few milliseconds took a sixth of the machine that it measured; what it sees is only ever
told too late."""
LOST_SECONDS = 30.0
FILES = ("core-banking", "crm", "marketing", "risk", "telecom")
_CALLS = ("identifies", "tracks", "pages")


@dataclass(slots=True)
class Run:
    """What came of sending at one rate."""

    acknowledged: int = 0
    refused: int = 0
    took: list[float] = field(default_factory=list)
    """Milliseconds from when a batch was due to its acknowledgement."""
    fresh: list[float] = field(default_factory=list)
    """Milliseconds from the acknowledgement of a probe to its being seen through the gate."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Probe:
    """A user of the app whose customer is known."""

    user: str
    customer: str


class Desk:
    """A source that sends and a person who looks, against one server."""

    def __init__(self, write_key: str, token: str, client: httpx.AsyncClient) -> None:
        basic = base64.b64encode(f"{write_key}:".encode()).decode()
        self._sends = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
        self._looks = {"Authorization": f"Bearer {token}"}
        self._client = client

    async def send(self, body: bytes) -> int:
        """The status of one batch."""
        while True:
            try:
                answer = await self._client.post("/v1/batch", content=body, headers=self._sends)
            except httpx.RemoteProtocolError:
                continue  # A connection that the server let go of while nobody used it; the ids make it safe.
            return answer.status_code

    async def sees(self, probe: Probe, marker: str) -> bool:
        """Whether the customer's timeline shows the marker."""
        answer = await self._client.get(
            f"/api/customers/{probe.customer}/timeline", params={"limit": 5}, headers=self._looks
        )
        return marker in answer.text


async def send_all(desk: Desk, batches: Sequence[bytes], rate: float, run: Run) -> None:
    """Each batch when it is due, by whichever sender is free."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    due = iter(enumerate(batches))

    async def sender() -> None:
        for number, body in due:
            at = started + number * BATCH / (PRESSED * rate)
            await asyncio.sleep(max(0.0, at - loop.time()))
            status = await desk.send(body)
            run.took.append((loop.time() - at) * 1000)
            run.acknowledged += BATCH * (status == 200)
            run.refused += BATCH * (status != 200)

    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    run.seconds = loop.time() - started


async def probe_on(desk: Desk, probes: Sequence[Probe], look_seconds: float, run: Run) -> None:
    """One call after another until it is cancelled; each is looked for until it is seen."""
    loop = asyncio.get_running_loop()
    number = 0
    while True:
        probe = probes[number % len(probes)]
        marker = f"Probe {os.getpid()} {number} {time.time_ns()}"
        number += 1
        call = {
            "type": "track",
            "messageId": marker,
            "userId": probe.user,
            "event": marker,
            "timestamp": iso_instant(time.time_ns() // 10**6),
            "properties": {},
        }
        if await desk.send(msgspec.json.encode({"batch": [call]})) != 200:
            continue
        acknowledged = loop.time()
        while not await desk.sees(probe, marker):
            if loop.time() - acknowledged > LOST_SECONDS:
                raise AssertionError("an acknowledged event was not seen in time")
            await asyncio.sleep(look_seconds)
        run.fresh.append((loop.time() - acknowledged) * 1000)
        await asyncio.sleep(max(0.0, 1 / PROBES_A_SECOND - (loop.time() - acknowledged)))


async def at_rate(
    key: str, token: str, batches: Sequence[bytes], rate: float, fresh_ms: float, probes: Sequence[Probe]
) -> Run:
    """Sends the batches at a rate, and probes meanwhile."""
    run = Run()
    limits = httpx.Limits(max_connections=SENDERS + 4, max_keepalive_connections=SENDERS + 4)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", limits=limits, timeout=60) as client:
        desk = Desk(key, token, client)
        probing = asyncio.create_task(probe_on(desk, probes, fresh_ms / 1000 / LOOKS_A_TARGET, run))
        await send_all(desk, batches, rate, run)
        probing.cancel()
        await asyncio.gather(probing, return_exceptions=True)
    run.fresh.sort()
    run.took.sort()
    return run


def batches_of(digital: Path) -> Iterator[bytes]:
    """The app's calls in the order in which it makes them, a hundred in a body."""
    calls: list[dict[str, Any]] = []
    for name in _CALLS:
        with (digital / f"{name}.jsonl").open("rb") as lines:
            calls += [msgspec.json.decode(it) for it in lines if it.startswith(b'{"type"')]
    calls.sort(key=lambda it: str(it.get("timestamp", "")))
    for first in range(0, len(calls) - BATCH, BATCH):
        yield msgspec.json.encode({"batch": calls[first : first + BATCH]})


def first_tracked(batches: Sequence[bytes]) -> int:
    """The place of the first batch of the time from which on there is every kind of call."""
    for place, body in enumerate(batches):
        if any(call["type"] == "track" for call in msgspec.json.decode(body)["batch"]):
            return place
    return 0


def changes_of_clusters(data: Path) -> int:
    """Records that came to a customer so far, and how often customers merged, split or got another id."""
    state = next(data.rglob("state.db"))
    with closing(sqlite3.connect(f"{state.absolute().as_uri()}?mode=ro", uri=True)) as base:
        (count,) = base.execute(
            "SELECT (SELECT count(*) FROM members) + (SELECT count(*) FROM outbox)"
        ).fetchone()
    return int(count)


def probes_of(token: str, batches: Sequence[bytes]) -> list[Probe]:
    """Users whose calls were sent already, with the customers behind them."""
    users: dict[str, None] = {}
    for body in batches:
        users |= dict.fromkeys(it["userId"] for it in msgspec.json.decode(body)["batch"] if it.get("userId"))
    found = []
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
        for user in list(users)[:200]:
            headers = {"Authorization": f"Bearer {token}"}
            page = client.get("/api/customers", params={"q": user}, headers=headers).json()
            if len(page["items"]) == 1:
                found.append(Probe(user, page["items"][0]["customer"]))
    assert found, "no user of the app was found by his key"
    return found[:50]


def report(run: Run, rate: int, fresh_ms: float) -> None:
    """The lines of one rate."""
    measured = run.acknowledged / run.seconds
    line(
        f"events acknowledged over HTTP at {rate:,}/s",
        f"≥ {rate:,}/s",
        f"{measured:,.0f}/s",
        f"{run.acknowledged:,} events, {run.refused:,} turned away",
        measured >= rate and not run.refused,
    )
    line(
        f"  ms a batch of {BATCH}, p50",
        "",
        f"{percentile(run.took, 0.5):.0f}",
        f"p99 {percentile(run.took, 0.99):.0f}",
    )
    p99 = percentile(run.fresh, 0.99)
    line(
        "  ms from acknowledged to seen, p99",
        f"≤ {fresh_ms:g}",
        f"{p99:.0f}",
        f"p50 {percentile(run.fresh, 0.5):.0f}, {len(run.fresh)} probes",
        p99 <= fresh_ms,
    )


def bank(raw: Path, data: Path, people: int) -> str:
    """Everything but the app, loaded; the app's write key."""
    house = LocalHouse()
    house.create(data, CELL, [ROOT / "contracts" / "world"], None)
    house.users(data).add("rm", PASSWORD, ("relationship_manager",))
    summary = generate(raw, people=people, seed=11, workers=2)
    print(f"a bank of {people:,} people, {summary.total_rows:,} rows in files")
    loaded = load_sources(
        read_folder(data),
        {source: [raw / source] for source in FILES},
        as_of=DEFAULT_UNTIL.isoformat(),
        backfill=False,
        watch=lambda task, done, total: None,
    )
    rate = loaded.events / loaded.seconds
    line("events from file to profile", "", f"{rate:,.0f}/s", f"{loaded.events:,} events")
    return house.users(data).new_write_key("digital")


def drained(token: str) -> float:
    """Seconds until the state has all that was acknowledged."""
    started = time.monotonic()
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", timeout=60) as client:
        while client.get("/api/health").json()["behind"]:
            time.sleep(0.01)
    return time.monotonic() - started


def main() -> None:
    """Runs everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--rate", type=int, default=EVENTS_A_SECOND)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    people = asked.people or (2_000 if asked.quick else 50_000)
    seconds = asked.seconds or (10 if asked.quick else 60)
    print(f"{machine()}, {os.cpu_count()} processors; load before this: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(dir=asked.folder) as folder:
        run(Path(folder), people, seconds, asked.rate)


def run(folder: Path, people: int, seconds: float, rate: int) -> None:
    """All lines, in one folder."""
    line(
        "rows SQLite appends",
        "",
        f"{sqlite_rows_a_second(folder, 100_000):,.0f}/s",
        "200 bytes, 1,000 a transaction",
    )
    line("rows decoded from JSON", "", f"{json_rows_a_second(200_000):,.0f}/s", "10 columns, msgspec")
    raw, data = folder / "raw", folder / "data"
    key = bank(raw, data, people)
    os.sync()  # What the load left to be written back is no part of what calls cost.
    batches = list(batches_of(raw / "digital"))
    command = [sys.executable, "-m", "onefold", "serve", "--data", str(data), "--port", str(PORT)]
    with process(command, PORT):
        token = token_of()
        past, batches = batches[: first_tracked(batches)], batches[first_tracked(batches) :]
        before = changes_of_clusters(data)
        run = asyncio.run(_at_once(key, token, past))
        waited = drained(token)
        line(
            "events acknowledged over HTTP, sign-ups",
            "",
            f"{run.acknowledged / (run.seconds + waited):,.0f}/s",
            f"{run.acknowledged:,} events, {_share(data, before, run)}",
        )
        probes = probes_of(token, past[:50])
        for at, fresh in ((QUIET_EVENTS_A_SECOND, QUIET_FRESH_P99_MS), (rate, FRESH_P99_MS)):
            count = int(PRESSED * at * (seconds if at == rate else seconds / 2) / BATCH)
            part, batches = batches[:count], batches[count:]
            if len(part) < count:
                print(f"only {len(part) * BATCH:,} calls are left for {at:,}/s: take more --people")
            before = changes_of_clusters(data)
            done = asyncio.run(at_rate(key, token, part, at, fresh, probes))
            report(done, at, fresh)
            line(
                "  s until the last of them is in a profile",
                "",
                f"{drained(token):.2f}",
                f"after the last acknowledgement; {_share(data, before, done)}",
            )


def _share(data: Path, before: int, run: Run) -> str:
    changed = changes_of_clusters(data) - before
    return f"{changed / max(1, run.acknowledged):.0%} changed a customer"


async def _at_once(key: str, token: str, batches: Sequence[bytes]) -> Run:
    run = Run()
    limits = httpx.Limits(max_connections=SENDERS, max_keepalive_connections=SENDERS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", limits=limits, timeout=60) as client:
        await send_all(Desk(key, token, client), batches, math.inf, run)
    return run


def token_of() -> str:
    """A relationship manager's session."""
    answer = httpx.post(
        f"http://127.0.0.1:{PORT}/api/session", json={"login": "rm", "password": PASSWORD}, timeout=60
    )
    return str(answer.cookies["onefold_session"])


if __name__ == "__main__":
    main()
