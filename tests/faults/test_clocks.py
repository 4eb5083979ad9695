"""A server whose clock jumps an hour back and forth: what is said later counts as later, all the same."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.app.demo import PASSWORD
from onefold.app.folder import read_folder
from onefold.app.house import LocalHouse
from onefold.record.log.frames import decode_header
from tests.faults.processes import until
from tests.faults.truth import logged_events
from tests.flow.server import Server, make_folder

HOUR_MS = 3_600_000
PROGRAM = str(Path(__file__).with_name("jumping.py"))
SAID = {"purpose": "marketing", "channel": "any", "evidence": "said at the counter"}


class Jumping(Server):
    """A server that is told a wrong time."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.offset = data.parent / "offset"
        self.jump(0)
        self.program = [sys.executable, PROGRAM, str(self.offset)]

    def jump(self, hours: int) -> None:
        """Sets the clock."""
        fresh = self.offset.with_suffix(".new")
        fresh.write_text(str(hours * HOUR_MS))
        fresh.rename(self.offset)


@pytest.fixture
def jumping(tmp_path):
    make_folder(tmp_path / "data")
    with Jumping(tmp_path / "data") as server:
        yield server


def identify(server: Server, key: str, number: int, name: str) -> dict[str, int]:
    call = {"type": "identify", "messageId": f"m-{number}", "userId": "u", "traits": {"firstName": name}}
    answer = server.send("/v1/batch", {"batch": [call]}, key)
    assert answer.status_code == 200, answer.text
    return answer.json()["counts"]


def caught_up(agent) -> None:
    until(lambda: not agent.get("/api/health").json()["behind"], 60, "the state catches up")


@pytest.mark.parametrize("restarts", [False, True])
def test_order_consent_sessions_and_duplicates_do_not_depend_on_the_clock(jumping, tmp_path, restarts):
    server, data = jumping, jumping.data
    house = LocalHouse()
    key = house.users(data).new_write_key("digital")
    identify(server, key, 0, "Una")
    with server.signed_in("agent") as agent:
        caught_up(agent)
        customer = agent.get("/api/customers", params={"q": "Una"}).json()["items"][0]["customer"]
        look = f"/api/customers/{customer}"

        def standing() -> str:
            found = agent.get(look)
            assert found.status_code == 200, found.text
            return next(it["state"] for it in found.json()["consents"] if it["purpose"] == "marketing")

        def say(word: str) -> None:
            answer = agent.post(f"{look}/consents", json=SAID | {"fact": word})
            assert answer.status_code == 200, answer.text

        for number, (before, after) in enumerate([(0, -1), (0, 1), (0, -1)], 1):
            server.jump(before)
            say("granted")
            assert standing() == "granted"
            identify(server, key, 2 * number, f"Before {number}")
            server.jump(after)
            if restarts:
                server.kill()
                server.start()
            if after > before:
                # An hour ahead is longer than a session may be idle: it ends, on the safe side.
                assert agent.get(look).status_code == 401
                said = agent.post("/api/session", json={"login": "agent", "password": PASSWORD})
                agent.headers["X-CSRF"] = said.json()["csrf"]
            say("withdrawn")
            assert identify(server, key, 2 * number + 1, f"After {number}")["accepted"] == 1
            assert identify(server, key, 2 * number, f"Before {number}")["duplicate"] == 1
            server.jump(0)
            if restarts:
                server.kill()
                server.start()
            caught_up(agent)
            # As if an hour had gone by since, and the clock was right again.
            assert standing() == "withdrawn"
            assert f"After {number}" in agent.get(look).text
    assert server.stop() == 0

    reader = FileSegmentReader(read_folder(data).log("log"))
    recorded = [decode_header(it.header).recorded_at for it in reader.scan()]
    assert all(one <= other for one, other in pairwise(recorded)), "the log's order is that of its instants"
    assert set(logged_events(data).values()) == {1}
    assert house.verify(data).sound
    assert house.replay(data, tmp_path / "replayed", lambda *_: None).same
