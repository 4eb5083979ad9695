"""Withdrawals under load: how long one takes until it is in force, and whether anything is released after it.

A trial is a grant, a look that it opens, a withdrawal, and a look at once when that is acknowledged. Many run
side by side; meanwhile others look at the same customers whenever they can, and a segment is sent out over
and over. Every tenth trial is of a member of it, who says yes in the app, too, and takes it back only after
the segment was sent once more: so grants come to open files, and withdrawals to close them, and `prove
consent` judges every customer of every file afterwards. A look that was asked for after the acknowledgement
and answered before the next grant was asked for may not show anything. Times are those of this process, so no
clocks are compared; it speaks HTTP by hand and collects no garbage, since a client that is busy with itself
would be measured as the server.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import math
import random
import secrets
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.ground import line, percentile
from bench.open_loop import Connections

IN_FORCE_P99_MS = 250.0
WORKERS = 8
LOOKERS = 8
SENT_EVERY_SECONDS = 0.5
CHANNELS = ("email", "sms", "app")
MEMBER_EVERY = 10
"""Trials: a member takes longer, since a file has to be sent while they agree."""
SEGMENT = "balance-dip-fewer-logins"
SAID = {"purpose": "marketing", "channel": "any", "evidence": "said at the counter"}

Member = tuple[str, list[str]]
"""A customer, and the names of their users of the app."""


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

    def __init__(
        self, connections: Connections, agent: str, marketer: str, app_key: str, trials: Trials
    ) -> None:
        self._connections = connections
        self._app = base64.b64encode(f"{app_key}:".encode()).decode()
        self._sends = 0
        self._sending = asyncio.Condition()
        self._agent = agent
        self._marketer = marketer
        self._trials = trials

    async def say(self, customer: str, fact: str) -> None:
        request = _request("POST", f"/api/customers/{customer}/consents", self._agent, SAID | {"fact": fact})
        status, body = await self._connections.answer(request)
        assert status == 200, body

    async def agree_in_app(self, users: list[str]) -> None:
        """What a customer chooses in the app, as its library sends it: a yes of these users, for itself."""
        for user in users:
            at = datetime.now(UTC).isoformat()
            said = {
                "userId": user,
                "messageId": secrets.token_hex(8),
                "timestamp": at,
                "context": {"consent": {"categoryPreferences": {"Advertising": True}}},
            }
            request = _request("POST", "/v1/identify", self._app, said, scheme="Basic")
            status, body = await self._connections.answer(request)
            assert status == 200, body

    async def sent_again(self) -> None:
        """When the segment was sent over each channel by somebody who asked after this call."""
        until = self._sends + 2 * len(CHANNELS)
        async with self._sending:
            await self._sending.wait_for(lambda: self._sends >= until)

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
        async with self._sending:
            self._sends += 1
            self._sending.notify_all()


def _request(
    method: str, path: str, token: str, said: Mapping[str, object] | None = None, scheme: str = "Bearer"
) -> bytes:
    body = b"" if said is None else json.dumps(said).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {scheme} {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _worker(
    desk: _Desk, customers: list[str], members: list[Member], count: int, trials: Trials
) -> None:
    for number in range(count):
        customer, users = customers[number % len(customers)], list[str]()
        if members and number % MEMBER_EVERY == 0:
            customer, users = members[number // MEMBER_EVERY % len(members)]
        for span in trials.closed[customer][-1:]:
            span[1] = time.monotonic()
        await desk.say(customer, "granted")
        if users:
            await desk.agree_in_app(users)
        trials.blind += not await desk.look(customer)
        if users:
            await desk.sent_again()
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
        for channel in CHANNELS:
            await desk.send(channel)
            await asyncio.sleep(SENT_EVERY_SECONDS / len(CHANNELS))


async def run(
    port: int,
    customers: list[str],
    members: list[Member],
    agent: str,
    marketer: str,
    app_key: str,
    count: int,
) -> Trials:
    """So many trials over these customers and the members of the segment, who are none of these."""
    trials = Trials()
    connections = Connections("127.0.0.1", port)
    desk = _Desk(connections, agent, marketer, app_key, trials)
    looked_at = customers + [customer for customer, _ in members]
    shares = [(customers[number::WORKERS], members[number::WORKERS]) for number in range(WORKERS)]
    meanwhile = [asyncio.create_task(_send_on(desk))]
    meanwhile += [asyncio.create_task(_look_on(desk, looked_at, random.Random(it))) for it in range(LOOKERS)]
    gc.disable()
    try:
        await asyncio.gather(*(_worker(desk, *share, count // WORKERS, trials) for share in shares))
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
