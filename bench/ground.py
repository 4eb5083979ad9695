"""What every benchmark stands on: its lines, the bare machine to compare with, and a server for a while."""

from __future__ import annotations

import os
import platform
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]


def line(what: str, target: str, measured: str, beside: str, good: bool | None = None) -> None:
    """One result; without a verdict it is there to compare with."""
    verdict = "" if good is None else "OK" if good else "SHORT"
    print(f"{what:<44} {target:>12} {measured:>14}  {beside:<42} {verdict}", flush=True)


def percentile(sorted_values: list[float], share: float) -> float:
    """The value that so many of a hundred do not exceed."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def sync_ms(folder: Path, times: int) -> list[float]:
    """A page appended and synced, again and again: what every acknowledgement waits for at least."""
    descriptor = os.open(folder / "raw", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    took = []
    for number in range(times):
        started = time.perf_counter()
        os.pwrite(descriptor, bytes(4096), number * 4096)
        os.fdatasync(descriptor)
        took.append((time.perf_counter() - started) * 1000)
    os.close(descriptor)
    return sorted(took)


def sqlite_rows_a_second(folder: Path, rows: int) -> float:
    """Rows of 200 bytes appended to a table by key, a thousand a transaction."""
    base = sqlite3.connect(folder / "raw.db", isolation_level=None)
    base.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "CREATE TABLE t (id BLOB PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;"
    )
    body = os.urandom(200)
    started = time.perf_counter()
    for first in range(0, rows, 1000):
        base.execute("BEGIN")
        base.executemany(
            "INSERT INTO t VALUES (?, ?)",
            [(it.to_bytes(16, "big"), body) for it in range(first, first + 1000)],
        )
        base.execute("COMMIT")
    took = time.perf_counter() - started
    base.close()
    return rows / took


def json_rows_a_second(rows: int) -> float:
    """A row of a bank's table decoded from JSON into a dict."""
    row = msgspec.json.encode({f"column_{number}": "value of some length" for number in range(10)})
    decode = msgspec.json.Decoder(dict[str, str]).decode
    started = time.perf_counter()
    for _ in range(rows):
        decode(row)
    return rows / (time.perf_counter() - started)


@contextmanager
def process(command: list[str], port: int) -> Iterator[None]:
    """A server for the length of a block."""
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield
    finally:
        running.terminate()
        running.wait(20)


def wait_for(port: int) -> None:
    """Returns when somebody answers on the port."""
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def machine() -> str:
    """The processor, as the system calls it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next(
        (it.partition(":")[2].strip() for it in lines if it.startswith("model name")), platform.machine()
    )
