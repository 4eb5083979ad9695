"""Withdrawals under load: how long one takes until it is in force, and whether anything is released after it.

A trial is a grant, a look that it opens, a withdrawal, and a look at once when that is acknowledged. Many run
side by side; meanwhile others look at the same customers whenever they can, and a segment is sent out over
and over. A look that was asked for after the acknowledgement and answered before the next grant was asked for
may not show anything. Times are those of this process, so no clocks are compared; it speaks HTTP by hand and
collects no garbage, since a client that is busy with itself would be measured as the server.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bench.ground import line, percentile
from bench.open_loop import Connections

IN_FORCE_P99_MS = 250.0
WORKERS = 8
LOOKERS = 8
SENT_EVERY_SECONDS = 1.0
SEGMENT = "balance-dip-fewer-logins"
SAID = {"purpose": "marketing", "channel": "any", "evidence": "said at the counter"}


@dataclass(slots=True)
class Trials:
    """What came of them. `closed` has, by customer, the spans in which nothing may be shown."""

    took: list[float] = field(default_factory=list)
    closed: defaultdict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    looks: list[tuple[str, float, float, bool]] = field(default_factory=list)
    blind: int = 0
    """Trials of customers whom no grant opens, because something else stands in the way."""
    sent: int = 0

    @property
    def inside(self) -> list[bool]:
        """Of every look within a closed span, whether it was shown something."""
        return [
            shown
            for customer, asked, answered, shown in self.looks
            if any(since < asked and answered < until for since, until in self.closed[customer])
        ]


class _Desk:
    """An agent who writes down what customers say, and a marketer who looks, against one server."""

    def __init__(self, connections: Connections, agent: str, marketer: str, trials: Trials) -> None:
        self._connections = connections
        self._agent = agent
        self._marketer = marketer
        self._trials = trials

    async def say(self, customer: str, fact: str) -> None:
        request = _request("POST", f"/api/customers/{customer}/consents", self._agent, SAID | {"fact": fact})
        status, body = await self._connections.answer(request)
        assert status == 200, body

    async def look(self, customer: str) -> bool:
        """Whether the marketer is shown anything."""
        asked = time.monotonic()
        request = _request("GET", f"/api/customers/{customer}?purpose=marketing", self._marketer)
        status, body = await self._connections.answer(request)
        assert status in (200, 403), body
        self._trials.looks.append((customer, asked, time.monotonic(), status == 200))
        return status == 200

    async def send(self, channel: str) -> None:
        said = {"purpose": "marketing", "channel": channel}
        request = _request("POST", f"/api/segments/{SEGMENT}/activations", self._marketer, said)
        status, body = await self._connections.answer(request)
        assert status == 200, body
        self._trials.sent += json.loads(body)["released"]


def _request(method: str, path: str, token: str, said: dict[str, str] | None = None) -> bytes:
    body = b"" if said is None else json.dumps(said).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _worker(desk: _Desk, customers: list[str], count: int, trials: Trials) -> None:
    for number in range(count):
        customer = customers[number % len(customers)]
        for span in trials.closed[customer][-1:]:
            span[1] = time.monotonic()
        await desk.say(customer, "granted")
        trials.blind += not await desk.look(customer)
        started = time.monotonic()
        await desk.say(customer, "withdrawn")
        since = time.monotonic()
        trials.took.append((since - started) * 1000)
        trials.closed[customer].append([since, math.inf])
        await desk.look(customer)


async def _look_on(desk: _Desk, customers: list[str], chance: random.Random) -> None:
    while True:
        await desk.look(chance.choice(customers))


async def _send_on(desk: _Desk) -> None:
    while True:
        for channel in ("email", "sms", "app"):
            await desk.send(channel)
            await asyncio.sleep(SENT_EVERY_SECONDS / 3)


async def run(port: int, customers: list[str], agent: str, marketer: str, count: int) -> Trials:
    """So many trials over these customers."""
    trials = Trials()
    connections = Connections("127.0.0.1", port)
    desk = _Desk(connections, agent, marketer, trials)
    meanwhile = [asyncio.create_task(_send_on(desk))]
    meanwhile += [asyncio.create_task(_look_on(desk, customers, random.Random(it))) for it in range(LOOKERS)]
    shares = [customers[number::WORKERS] for number in range(WORKERS)]
    gc.disable()
    try:
        await asyncio.gather(*(_worker(desk, share, count // WORKERS, trials) for share in shares))
    finally:
        gc.enable()
    for task in meanwhile:
        task.cancel()
    ended = await asyncio.gather(*meanwhile, return_exceptions=True)
    connections.close()
    broken = [it for it in ended if not isinstance(it, asyncio.CancelledError)]
    assert not broken, broken
    return trials


def report(trials: Trials, seconds: float) -> None:
    """Two lines, and what stands beside them."""
    took = sorted(trials.took)
    p99 = percentile(took, 0.99)
    line(
        "ms until a withdrawal is in force, p99",
        f"≤ {IN_FORCE_P99_MS:g}",
        f"{p99:.0f}",
        f"p50 {percentile(took, 0.5):.0f}; {len(took):,} in {seconds:.0f} s, {WORKERS} at a time",
        p99 <= IN_FORCE_P99_MS,
    )
    inside = trials.inside
    line(
        "releases after an acknowledged withdrawal",
        "0",
        f"{sum(inside)}",
        f"of {len(inside):,} looks while closed; a grant opened {len(took) - trials.blind:,} trials",
        not sum(inside) and trials.blind < len(took) // 2,
    )
