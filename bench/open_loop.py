"""Requests at a fixed rate, whatever the answers do: the load of latency benchmarks, in a process of its own.

Open loop: a request's time counts from the moment it was due, so a stalled server makes late answers, not
fewer requests (Tene, "How NOT to measure latency"). Reads one job as JSON, writes the latencies as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import sys
import time
from typing import Any

import uvloop

WARM_UP_SECONDS = 2.0


class Connections:
    """Kept-alive connections to one server; the one used last is used first."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()  # The server let go of it while nobody used it.
        return await asyncio.open_connection(self._host, self._port)

    async def answer(self, request: bytes) -> tuple[int, bytes]:
        """Sends one request and reads its whole answer: status and body."""
        reader, writer = await self._connection()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = await reader.readexactly(length)
        self._idle.append((reader, writer))
        return int(head.split(b" ", 2)[1]), body

    def close(self) -> None:
        """Lets go of all that are idle."""
        for _, writer in self._idle:
            writer.close()


async def measure(job: dict[str, Any]) -> dict[str, Any]:
    """The latencies in ms of every request after the warm-up, and how many answers were none or not 200."""
    connections = Connections(job["host"], job["port"])
    requests = [
        (
            f"GET {path} HTTP/1.1\r\nHost: {job['host']}\r\nAuthorization: Bearer {job['token']}\r\n"
            "Connection: keep-alive\r\n\r\n"
        ).encode()
        for path in job["paths"]
    ]
    took: list[float] = []
    failed = 0
    loop = asyncio.get_running_loop()
    started = time.perf_counter() + 0.1

    async def one(number: int) -> None:
        nonlocal failed
        due = started + number / job["rate"]
        try:
            status, _ = await connections.answer(requests[number % len(requests)])
        except (OSError, asyncio.IncompleteReadError):
            status = 0  # A server that is overwhelmed lets go of connections: no answer, whenever it came.
        if due - started >= job["warm_up"]:
            took.append((time.perf_counter() - due) * 1000)
            failed += status != 200

    under_way: set[asyncio.Task[None]] = set()
    for number in range(int((job["seconds"] + job["warm_up"]) * job["rate"])):
        wait = started + number / job["rate"] - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        task = loop.create_task(one(number))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    return {"took": sorted(took), "failed": failed, "cpu": time.process_time()}


if __name__ == "__main__":
    # The load's own pauses would be counted as the server's; what it makes holds no cycles worth a search.
    gc.disable()
    # Each late answer keeps a connection.
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    json.dump(uvloop.run(measure(json.load(sys.stdin))), sys.stdout)
