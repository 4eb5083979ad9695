"""Permission: what a decision costs, a view of one customer, and an audience of a million.

Prints a line a target: what, target, measured, what stands beside it. The audience is counted over a state
that the pipeline's own step made of parties and consents; views and withdrawals go through a running server
on a generated bank, and what was released meanwhile is judged again by `prove consent`. `--quick` ends within
a few minutes and is rougher.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvloop

from bench import withdrawals
from bench.bench_main import HELLO, open_loop, token_of
from bench.ground import ROOT, line, machine, percentile, process, sync_ms
from bench.open_loop import WARM_UP_SECONDS
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.app.demo import CELL, PASSWORD
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.app.loading import load_sources
from onefold.app.rooms import open_rooms, shipped_rules
from onefold.customer.profile.rules import default_policy
from onefold.gate.contacting.counting import Counting
from onefold.gate.contacting.model import Contacting
from onefold.gate.gathering import Gathered
from onefold.gate.model import Actor, Permit
from onefold.gate.policy_files import shipped
from onefold.gate.rules import Policies
from onefold.gate.scope import Scope
from onefold.gate.service import Gate
from onefold.gate.words import ACTIONS, ROLES
from onefold.insight.segments.service import members as members_of
from onefold.kernel.ids import Cell, CellKey
from onefold.kernel.time import MS_PER_DAY
from onefold.pipeline.step import drive, step
from onefold.record.canon.purposes import PURPOSES
from onefold.record.log.model import EventKind
from onefold.testing.sayings import PlainMapping, Saying, fragment_id, opened
from onefold.testing.world.generate import DEFAULT_UNTIL, generate
from onefold.usecases.evaluate_segment import newest_day

DECISIONS_A_SECOND = 10_000
AUDIENCE_SECONDS = 3.0
VIEWS_A_SECOND = 1_000
VIEW_P99_MS = 5.0
VIEWS_FLAT_OUT = 3_000
IN_FLIGHT = 128
BATCH = 20_000
NOW = 20_000 * MS_PER_DAY
PORT = 18_374


def decisions(count: int) -> None:
    """Distinct questions, so that none is answered from memory."""
    rules = Policies(shipped())
    asked = [(role, action, purpose) for role in ROLES for action in ACTIONS for purpose in PURPOSES]
    random.Random(1).shuffle(asked)
    asked = asked[:count]
    started = time.perf_counter()
    for role, action, purpose in asked:
        rules.decide(role, action, purpose, "console")
    rate = len(asked) / (time.perf_counter() - started)
    line(
        "decisions of policy",
        f"≥ {DECISIONS_A_SECOND:,}/s",
        f"{rate:,.0f}/s",
        f"{len(asked):,} questions, none asked before; parsed once",
        rate >= DECISIONS_A_SECOND,
    )


# ------------------------------------------------------------------ a set


def sayings(people: int) -> Iterator[Saying]:
    """Parties of two sources, some of them one customer; grants, withdrawals, ends and suppressions."""
    chance = random.Random(7)
    number = 0

    def said(source: str, entity: str, key: str, values: dict[str, object]) -> Saying:
        nonlocal number
        number += 1
        return Saying(source, entity, key, EventKind.UPSERT, NOW - 100 * MS_PER_DAY, number, values)

    for it in range(people):
        who = {"full_name": f"Person {it}", "national_id": f"3{it:013d}", "identifiers_verified": True}
        if chance.random() < 0.7:
            who["email"] = f"person{it}@example.org"
        party = fragment_id("core", "party", f"p{it}")
        yield said("core", "party", f"p{it}", who)
        if chance.random() < 0.4:
            yield said("crm", "party", f"c{it}", who | {"phone": f"+99890{it:07d}"})
        for channel in ("email", "sms", "app"):
            roll = chance.random()
            if roll < 0.6:
                fact = "granted" if roll < 0.5 else "withdrawn"
                values: dict[str, object] = {
                    "party": party,
                    "purpose": "marketing",
                    "channel": channel,
                    "fact": fact,
                    "given_at": NOW - chance.randrange(1, 90) * MS_PER_DAY,
                }
                if roll < 0.1:
                    values["until_at"] = NOW + chance.randrange(-30, 30) * MS_PER_DAY
                yield said("crm", "consent", f"{channel}{it}", values)
        if chance.random() < 0.02:
            values = {"party": party, "channel": "any", "reason": "wish", "state": "on"}
            yield said("crm", "suppression", f"s{it}", values)


class OpenSources:
    """Two sources that may serve every purpose."""

    def purposes_of(self, source: str) -> frozenset[str]:
        """All of them."""
        return frozenset(PURPOSES) if source in self.sources() else frozenset()

    def sources(self) -> list[str]:
        """Their names."""
        return ["core", "crm"]


def make_state(path: Path, people: int) -> None:
    """The state of so many customers, by the step that makes every state."""
    started, events = time.perf_counter(), 0
    with closing(SqliteState(path)) as store:
        batch: list[Saying] = []

        def take() -> None:
            nonlocal events
            writes = drive(step(opened(batch, store.offset + 1), PlainMapping()), store)
            store.commit(writes, store.offset, store.offset + len(batch))
            events += len(batch)
            batch.clear()

        for it in sayings(people):
            batch.append(it)
            if len(batch) >= BATCH:
                take()
        take()
    rate = events / (time.perf_counter() - started)
    line("  parties and consents into the state", "", f"{rate:,.0f}/s", f"{events:,} events")


def audience(path: Path, people: int) -> None:
    """All customers of the state, for each of the channels of marketing."""
    make_state(path, people)
    rules = Contacting(shipped_rules(), "", {})
    with closing(SqliteCustomerReader(path)) as reader:
        customers = len(reader.customers(b"", 10 * people))
        for channel in ("email", "sms", "app"):
            actor = Actor("bench", ("marketer",), Cell("demo", "uz"))
            fields = {"open": "full", "internal": "full", "pii": "full"}
            permit = Permit(actor, "marketer", "marketing", channel, "activate_segment", "1", fields)
            started = time.perf_counter()
            with reader.snapshot() as seen:
                scope = Scope(permit, Gathered(seen), OpenSources())
                counting = Counting(scope, default_policy(()), rules, NOW)
                found = counting.count(None)
            took = time.perf_counter() - started
            assert found.reachable + sum(found.left_out.values()) == customers
            line(
                f"s an audience of {customers:,}, {channel}",
                f"≤ {AUDIENCE_SECONDS:g}" if customers >= 1_000_000 else "",
                f"{took:.2f}",
                f"{found.reachable:,} reachable, {len(found.left_out)} reasons",
                took <= AUDIENCE_SECONDS if customers >= 1_000_000 else None,
            )


# ------------------------------------------------------------------ one customer, served


def served(folder: Path, people: int, seconds: float, trials: int) -> None:
    """Views through gate and audit, at a rate and as many as there can be; and withdrawals."""
    house, data = LocalHouse(), folder / "data"
    house.create(data, CELL, [ROOT / "contracts" / "world"], None)
    roles = {"rm": "relationship_manager", "agent": "agent", "marketer": "marketer"}
    for login, role in roles.items():
        house.users(data).add(login, PASSWORD, (role,))
    raw = folder / "raw-files"
    generate(raw, people=people, seed=7, workers=2)
    sources = {it.name: [it] for it in raw.iterdir() if it.is_dir() and it.name != "truth"}
    load_sources(
        read_folder(data), sources, as_of=DEFAULT_UNTIL.isoformat(), backfill=False, watch=lambda *_: None
    )
    with house.working(data) as rooms:
        paths = [f"/api/customers/{it.hex()}" for it in rooms.reader.customers(b"", 4000)]
        segment = rooms.segments[withdrawals.SEGMENT]
        found = rooms.reader.records_of(members_of(segment, rooms.bulk, newest_day(rooms, segment)))
    members = [
        (customer.hex(), [it.key for it in records if it.source == "digital"])
        for customer, records in found.items()
    ]
    app_key = house.new_write_key(data, "digital")
    # Consent alone decides who is sent to: no hour is a quiet one, and nobody has had enough.
    read_folder(data).contacting.write_text("version: 1\n")
    paths, seldom = paths[: len(paths) // 2], paths[len(paths) // 2 :]
    sync = sync_ms(folder, 500)
    p50, p99 = percentile(sync, 0.5), percentile(sync, 0.99)
    line("ms to sync a page, p50", "", f"{p50:.2f}", f"p99 {p99:.2f}: no view is sooner than its record")
    flat_out(data, [bytes.fromhex(it.rpartition("/")[2]) for it in paths], seconds)
    with process([sys.executable, "-c", HELLO, str(PORT)], PORT):
        at_rate("ms an empty answer", ["/"], "none", min(seconds, 5.0))
    command = [sys.executable, "-m", "onefold", "serve", "--data", str(data), "--port", str(PORT)]
    with process(command, PORT):
        at_rate("ms a view, from a cold server's first on", paths, token_of(PORT), seconds, warm_up=0.0)
    with process(command, PORT):
        token = token_of(PORT)
        for rate in (VIEWS_A_SECOND, VIEWS_FLAT_OUT):
            at_rate("ms a view", paths, token, seconds, rate)
        # Each of these customers is asked for once, and nobody asked for them before.
        at_rate(
            "ms a view, each for the first time", seldom, token, len(seldom) / VIEWS_A_SECOND, warm_up=0.0
        )
        strangers(token, 200 if trials < 1_000 else 2_000)
        mine = {customer for customer, _ in members}
        others = [it for path in paths if (it := path.rpartition("/")[2]) not in mine]
        withdrawn(data, others, members, app_key, trials)


def at_rate(
    what: str,
    paths: list[str],
    token: str,
    seconds: float,
    rate: int = VIEWS_A_SECOND,
    warm_up: float = WARM_UP_SECONDS,
) -> None:
    """What is answered at a rate: how late, and how many a second in all."""
    started = time.monotonic()
    found = open_loop(PORT, paths, token, rate, seconds, warm_up)
    took, failed = found["took"], found["failed"]
    p99, aimed = percentile(took, 0.99), what == "ms a view" and rate == VIEWS_A_SECOND
    answered = (seconds + warm_up) * rate / (time.monotonic() - started)
    line(
        f"{what}, p99 at {rate:,}/s",
        f"≤ {VIEW_P99_MS:g}" if aimed else "",
        f"{p99:.2f}",
        f"p50 {percentile(took, 0.5):.2f}; {answered:,.0f}/s answered, {failed:,} of {len(took):,} failed",
        (p99 <= VIEW_P99_MS and not failed) if aimed else None,
    )


def flat_out(data: Path, customers: list[bytes], seconds: float) -> None:
    """Views through gate and audit, each durable before it is given out, as many as there can be; no HTTP.

    First of every customer once, when no view of theirs is kept; then of all of them again and again.
    """
    with open_rooms(read_folder(data), processes=True) as opened:
        gate, actor = opened.rooms.gate, opened.rooms.users.find("rm")
        assert actor is not None
        once, count, took = uvloop.run(_flat_out(gate, actor, customers, seconds))
    line(
        "views a second, each for the first time",
        "",
        f"{len(customers) / once:,.0f}",
        f"{len(customers):,} views, none kept of before",
    )
    line(
        "views a second, gate and audit, durable",
        f"≥ {VIEWS_FLAT_OUT:,}",
        f"{count / took:,.0f}",
        f"{count:,} views, {IN_FLIGHT} at a time, cut by {os.cpu_count()} processes",
        count / took >= VIEWS_FLAT_OUT,
    )


async def _flat_out(
    gate: Gate, actor: Actor, customers: list[bytes], seconds: float
) -> tuple[float, int, float]:
    """The seconds that each customer once took, and how many views within so many seconds after that."""
    order = random.Random(5).sample(customers, len(customers))
    count, until, started = 0, 0.0, 0.0

    async def look(number: int, channel: str) -> None:
        permit = gate.permit_at_once(actor, "show_customer", "servicing", channel)
        assert permit is not None
        assert await gate.view_soon(permit, order[number % len(order)])

    async def look_at_each(channel: str) -> float:
        numbers, started = iter(range(len(order))), time.perf_counter()

        async def some() -> None:
            for number in numbers:
                await look(number, channel)

        await asyncio.gather(*(some() for _ in range(IN_FLIGHT)))
        return time.perf_counter() - started

    async def look_on(number: int) -> None:
        nonlocal count
        while time.perf_counter() < until:
            number += IN_FLIGHT
            await look(number, "api")
            count += 1

    await look_at_each("console")  # Processes start, and their pages are read: under another permit.
    once = await look_at_each("api")
    for warm in (min(seconds, 3.0), seconds):
        started = time.perf_counter()
        count, until = 0, started + warm
        await asyncio.gather(*(look_on(it) for it in range(IN_FLIGHT)))
    return once, count, time.perf_counter() - started


def strangers(token: str, count: int) -> None:
    """How long it takes to be told that there is nobody: of another cell, and of an id that never was."""
    elsewhere = CellKey(bytes(32))
    took: dict[str, list[float]] = {"foreign": [], "never": []}
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}", cookies={"onefold_session": token}) as client:
        for number in range(count):
            ids = {
                "foreign": elsewhere.birth_id("core-banking", "party", f"{number}"),
                "never": os.urandom(16),
            }
            for kind, it in ids.items():
                started = time.perf_counter()
                assert client.get(f"/api/customers/{it.hex()}").status_code == 404
                took[kind].append((time.perf_counter() - started) * 1000)
    foreign, never = (sorted(it)[count // 2] for it in (took["foreign"], took["never"]))
    line(
        "a customer of another cell beside nobody, p50",
        "0.9 to 1.1",
        f"{foreign / never:.2f}",
        f"{foreign:.2f} and {never:.2f} ms, {count:,} of each in turns",
        0.9 <= foreign / never <= 1.1,
    )


def withdrawn(
    data: Path, customers: list[str], members: list[withdrawals.Member], app_key: str, count: int
) -> None:
    """Trials of withdrawals, and every release of the run judged again by code apart from the gate's."""
    started = time.monotonic()
    agent, marketer = token_of(PORT, "agent"), token_of(PORT, "marketer")
    trials = uvloop.run(withdrawals.run(PORT, customers, members, agent, marketer, app_key, count))
    withdrawals.report(trials, time.monotonic() - started)
    command = [sys.executable, "-m", "onefold", "prove", "consent", "--data", str(data)]
    proof = subprocess.run(command, capture_output=True, text=True, check=False)
    violations = next((it for it in proof.stdout.splitlines() if it.endswith(" violations")), proof.stderr)
    line(
        "`prove consent` over all of it",
        "0 violations",
        violations.removesuffix(" violations"),
        f"{trials.sent:,} customers sent to files meanwhile",
        # In a small bank nobody of the segment may be a customer whom two yeses open.
        proof.returncode == 0 and (trials.sent > 0 or count < 1_000),
    )


def main() -> None:
    """Runs everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("decisions", "audience", "served"))
    parser.add_argument("--people", type=int, default=0, help="customers of the audience")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    print(f"{machine()}, {os.cpu_count()} processors, cedarpy {version('cedarpy')}")
    print(f"load of the machine before this: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(dir=asked.folder) as made:
        folder = Path(made)
        if asked.only in (None, "decisions"):
            decisions(1_000 if asked.quick else 20_000)
        if asked.only in (None, "audience"):
            audience(folder / "state.db", asked.people or (20_000 if asked.quick else 1_000_000))
        if asked.only in (None, "served"):
            served(folder, *((500, 5.0, 400) if asked.quick else (5_000, 20.0, 10_000)))


if __name__ == "__main__":
    main()
