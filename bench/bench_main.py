"""The main path: from the files of a bank to a profile on a page, beside what the bare machine does.

Prints a line a target: what, target, measured, ratio to a limit measured here, OK or SHORT. `--quick` ends
within a minute or so; its figures are rougher. Everything is written below `--folder` (a temporary one if
not).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.ground import (
    ROOT,
    json_rows_a_second,
    line,
    machine,
    percentile,
    process,
    sqlite_rows_a_second,
    sync_ms,
)
from bench.open_loop import WARM_UP_SECONDS
from onefold.app.demo import CELL, PASSWORD
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import load_sources
from onefold.testing.world.generate import DEFAULT_UNTIL, generate

EVENTS_A_SECOND = 8_000
VIEWS_A_SECOND = 500
VIEW_P99_MS = 10.0
SOURCES = ("core-banking", "crm", "digital", "marketing", "risk", "telecom")
HELLO = """
import asyncio, sys
from granian.server.embed import Server
async def hello(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
server = Server(hello, port=int(sys.argv[1]), interface="asginl", websockets=False, log_enabled=False)
asyncio.run(server.serve())
"""
"""A server that does nothing: what HTTP costs at least."""


# ------------------------------------------------------------------ loading


def load(data: Path, raw: Path) -> float:
    """Every source, file to queryable profile; events a second, the starting of processes included."""
    started = time.monotonic()
    ended: dict[str, float] = {}
    events: dict[str, int] = {}

    def watch(task: str, done: int, total: int | None) -> None:
        if done == total:
            ended[task.partition("/")[0]] = time.monotonic()

    loaded = load_sources(
        read_folder(data),
        {source: [raw / source] for source in SOURCES},
        as_of=DEFAULT_UNTIL.isoformat(),
        backfill=False,
        watch=watch,
    )
    for it in loaded.objects:
        source = next(name for name in SOURCES if any((raw / name / file).exists() for file in it.files))
        events[source] = events.get(source, 0) + it.counts.accepted
    before = started
    for source in SOURCES:
        took = ended[source] - before
        line(
            f"  through the door: {source}",
            "",
            f"{events[source] / took:,.0f}/s",
            f"{events[source]:,} events in {took:.1f} s",
        )
        before = ended[source]
    line(
        "  profiles behind the door",
        "",
        f"{ended['profiles'] - before:.1f} s",
        "until the last event is in one",
    )
    return loaded.events / loaded.seconds


# ------------------------------------------------------------------ reading


def open_loop(
    port: int,
    paths: list[str],
    token: str,
    rate: int,
    seconds: float,
    warm_up: float = WARM_UP_SECONDS,
) -> dict[str, Any]:
    """Latencies of an open loop in a process of its own, after so many seconds of the same."""
    job = {
        "host": "127.0.0.1",
        "port": port,
        "paths": paths,
        "token": token,
        "rate": rate,
        "seconds": seconds,
        "warm_up": warm_up,
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / "open_loop.py")],
        input=json.dumps(job), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def token_of(port: int, login: str = "rm") -> str:
    """The session of somebody, of a relationship manager where nobody is named."""
    import httpx

    address = f"http://127.0.0.1:{port}/api/session"
    answer = httpx.post(address, json={"login": login, "password": PASSWORD}, timeout=60)
    return str(answer.cookies["onefold_session"])


def read_profiles(
    house: LocalHouse, data: Path, seconds: float, hello: list[float], sync: list[float]
) -> None:
    """Views through gate and audit at a fixed rate."""
    with house.working(data) as rooms:
        customers = [it.hex() for it in rooms.reader.customers(b"", 2000)]
    port = 18_372
    command = [sys.executable, "-m", "onefold", "serve", "--data", str(data), "--port", str(port)]
    with process(command, port):
        paths = [f"/api/customers/{it}" for it in customers]
        found = open_loop(port, paths, token_of(port), VIEWS_A_SECOND, seconds)
    took = found["took"]
    assert not found["failed"], f"{found['failed']} of {len(took)} answers were not 200"
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    beside = f"{p99 / percentile(hello, 0.99):.1f} × hello p99, {p99 / percentile(sync, 0.99):.1f} × sync p99"
    line(
        f"ms a view, p50 at {VIEWS_A_SECOND}/s",
        "",
        f"{p50:.2f}",
        f"{len(took):,} views of {len(customers):,}",
    )
    line(
        f"ms a view, p99 at {VIEWS_A_SECOND}/s",
        f"≤ {VIEW_P99_MS:g}",
        f"{p99:.2f}",
        beside,
        p99 <= VIEW_P99_MS,
    )


def main() -> None:
    """Runs everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    people = asked.people or (1_000 if asked.quick else 5_000)
    seconds = 5.0 if asked.quick else 20.0
    names = ", ".join(f"{it} {version(it)}" for it in ("msgspec", "granian", "cedarpy", "cryptography"))
    print(f"{machine()}, {os.cpu_count()} processors, {platform.platform()}")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {names}")
    print(f"load of the machine before this: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(dir=asked.folder) as folder:
        run(Path(folder), people, seconds)


def run(folder: Path, people: int, seconds: float) -> None:
    """All lines, in one folder."""
    sync = sync_ms(folder, 500)
    line("ms to sync a page", "", f"{statistics.median(sync):.2f}", f"p99 {percentile(sync, 0.99):.2f}")
    sqlite_rate = sqlite_rows_a_second(folder, 100_000)
    line("rows SQLite appends", "", f"{sqlite_rate:,.0f}/s", "200 bytes, 1,000 a transaction")
    line("rows decoded from JSON", "", f"{json_rows_a_second(200_000):,.0f}/s", "10 columns, msgspec")
    port = 18_371
    with process([sys.executable, "-c", HELLO, str(port)], port):
        hello = open_loop(port, ["/"], "none", VIEWS_A_SECOND, min(seconds, 5))["took"]
    line(
        "ms an empty answer of granian",
        "",
        f"{percentile(hello, 0.5):.2f}",
        f"p99 {percentile(hello, 0.99):.2f}",
    )

    raw, data = folder / "raw-files", folder / "data"
    house = LocalHouse()
    house.create(data, CELL, [ROOT / "contracts" / "world"], None)
    house.users(data).add("rm", PASSWORD, ("relationship_manager",))
    summary = generate(raw, people=people, seed=7, workers=2)
    print(f"a bank of {people:,} people, {summary.total_rows:,} rows in files")
    rate = load(data, raw)
    beside = f"{rate / sqlite_rate:.1%} of SQLite's raw appends"
    line(
        "events from file to profile",
        f"≥ {EVENTS_A_SECOND:,}/s",
        f"{rate:,.0f}/s",
        beside,
        rate >= EVENTS_A_SECOND,
    )
    read_profiles(house, data, seconds, hello, sync)


if __name__ == "__main__":
    main()
