"""Too much at once: who sends it is told when to come again, and nobody else notices."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from onefold.app.house import LocalHouse
from tests.flow.server import Server
from tests.flow.streams import BANK, change, streaming

pytestmark = pytest.mark.xdist_group("streams")

RATE = {"eventsPerSecond": 2, "burst": 30}
FLOOD = 300


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with streaming(tmp_path_factory.mktemp("pressure") / "data", limited(tmp_path_factory)) as server:
        yield server


def limited(tmp_path_factory: Any) -> Path:
    """The bank's contract with a rate."""
    text = (BANK / "bank.yaml").read_text()
    before, found, after = text.partition("  - {property: trusted, value: true}\n")
    assert found
    path: Path = tmp_path_factory.mktemp("contract") / "bank.yaml"
    path.write_text(f"{before}{found}  - {{property: rateLimit, value: {json.dumps(RATE)}}}\n{after}")
    return path


def test_a_flood_is_told_to_wait_and_the_other_source_is_served(server: Server):
    users = LocalHouse().users(server.data)
    bank, digital = users.new_write_key("bank"), users.new_write_key("digital")
    told: Counter[int] = Counter()

    def flood(number: int) -> None:
        body = {"hello": number} if number % 2 else change("c", number, {"id": number, "full_name": "Flo Od"})
        answer = httpx.post(f"{server.url}/v1/changes", json=body, auth=(bank, ""), timeout=60)
        told[answer.status_code] += 1
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["code"] == "too_many_requests"

    def visit(number: int) -> httpx.Response:
        call = {"userId": "u", "messageId": f"p-{number}", "event": "step"}
        return httpx.post(f"{server.url}/v1/track", json=call, auth=(digital, ""), timeout=60)

    began = time.monotonic()
    with ThreadPoolExecutor(24) as pool:
        flooding = [pool.submit(flood, number) for number in range(FLOOD)]
        answers = [visit(number) for number in range(20)]
        for it in flooding:
            it.result()
    seconds = time.monotonic() - began
    assert {it.status_code for it in answers} == {200}
    assert {it.json()["counts"]["accepted"] for it in answers} == {1}
    assert set(told) == {200, 429}
    assert RATE["burst"] <= told[200] <= RATE["burst"] + RATE["eventsPerSecond"] * (seconds + 1)
    assert told[200] + told[429] == FLOOD
    time.sleep(2)
    again = httpx.post(
        f"{server.url}/v1/changes", json=change("c", 1, {"id": 1}), auth=(bank, ""), timeout=60
    )
    assert again.status_code == 200


def test_a_batch_counts_as_its_events_and_one_above_the_burst_is_served(server: Server):
    key = LocalHouse().users(server.data).new_write_key("bank")
    rows = [change("c", 1000 + number, {"id": 1000 + number}) for number in range(20 * RATE["burst"])]
    lines = "\n".join(json.dumps(it) for it in rows)

    def send() -> httpx.Response:
        kind = {"Content-Type": "application/x-ndjson"}
        return httpx.post(f"{server.url}/v1/changes", content=lines, headers=kind, auth=(key, ""), timeout=60)

    answer = send()
    while answer.status_code == 429:
        time.sleep(int(answer.headers["retry-after"]))
        answer = send()
    assert answer.json()["counts"]["offered"] == len(rows)
    told = send()
    assert (told.status_code, told.json()["code"]) == (429, "too_many_requests")
    assert int(told.headers["retry-after"]) >= 1
