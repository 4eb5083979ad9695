"""The withdrawal barrier under load: what is released after an acknowledged withdrawal has read it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from onefold.app.house import LocalHouse
from tests.flow.server import Server

pytestmark = pytest.mark.xdist_group("api")

TRIALS = 15
LOOKERS = 4


class Look(NamedTuple):
    """One look of a marketer: when it was asked for, when it was answered, and whether anything was shown."""

    asked: float
    answered: float
    shown: bool


def look_on(server: Server, customer: str, looks: list[Look], stopping: threading.Event) -> None:
    with server.signed_in("marketer") as marketer:
        while not stopping.is_set():
            asked = time.monotonic()
            answer = marketer.get(f"/api/customers/{customer}", params={"purpose": "marketing"})
            assert answer.status_code in (200, 403), answer.text
            looks.append(Look(asked, time.monotonic(), answer.status_code == 200))


def a_while(looks: list[Look]) -> tuple[float, float]:
    """Until somebody has asked and was answered, however slow the machine is: from when to when it was."""
    since = time.monotonic()
    while not any(it.asked > since for it in looks[-2 * LOOKERS :]):
        assert time.monotonic() < since + 30, "nobody is answered"
        time.sleep(0.01)
    return since, time.monotonic()


def test_nothing_is_shown_that_was_asked_for_after_a_withdrawal_was_acknowledged(server):
    said = {"purpose": "marketing", "channel": "any", "evidence": "said at the counter"}
    closed: list[tuple[float, float]] = []
    looks: list[Look] = []
    stopping = threading.Event()
    with server.signed_in("agent") as agent, ThreadPoolExecutor(LOOKERS) as pool:
        customer = agent.get("/api/customers", params={"q": "Yusupov"}).json()["items"][0]["customer"]
        path = f"/api/customers/{customer}/consents"
        looking = [pool.submit(look_on, server, customer, looks, stopping) for _ in range(LOOKERS)]
        try:
            for _ in range(TRIALS):
                assert agent.post(path, json=said | {"fact": "withdrawn"}).status_code == 200
                closed.append(a_while(looks))
                assert agent.post(path, json=said | {"fact": "granted"}).status_code == 200
                a_while(looks)
        finally:
            stopping.set()
        for each in looking:
            each.result(30)

    leaked = [
        it
        for it in looks
        if it.shown and any(start < it.asked and it.answered < end for start, end in closed)
    ]
    assert not leaked
    inside = [it for it in looks if any(start < it.asked and it.answered < end for start, end in closed)]
    assert inside, "nobody looked while it was closed"
    assert any(it.shown for it in looks), "a grant never opened anything"


def test_a_withdrawal_that_cannot_be_read_is_told_to_its_sender(server):
    def choice(number: int, said: object) -> dict[str, object]:
        return {
            "type": "identify",
            "messageId": f"unheard-{number}",
            "userId": "unheard",
            "context": {"consent": {"categoryPreferences": {"Advertising": said}}},
        }

    key = LocalHouse().users(server.data).new_write_key("digital")
    answer = server.send("/v1/batch", {"batch": [choice(1, False), choice(2, "perhaps")]}, key)
    assert answer.status_code == 200
    assert answer.json()["success"] is False
    (fault,) = answer.json()["faults"]
    assert (fault["item"], fault["object"], fault["unheard"]) == (2, "advertising_consent", True)
    mended = server.send("/v1/identify", choice(3, False), key)
    assert (mended.json()["success"], mended.json()["faults"]) == (True, [])


def test_consent_that_calls_carry_opens_and_closes_what_may_be_seen(server):
    def call(number: int, kind: str, said: bool, **more: object) -> dict[str, object]:
        consent = {"categoryPreferences": {"Advertising": said}}
        moment = f"2026-01-31T10:00:0{number}Z"
        told = {"type": kind, "messageId": f"stamp-{number}", "userId": "stamped", "timestamp": moment}
        return told | {"context": {"consent": consent}} | more

    key = LocalHouse().users(server.data).new_write_key("digital")
    seen = {"purpose": "marketing"}
    traits = {"traits": {"email": "stamped@post.example", "firstName": "Stamped"}}
    chosen = {"event": "Segment Consent Preference Updated"}
    with server.signed_in("marketer") as marketer, server.signed_in("agent") as agent:

        def send(*calls: dict[str, object]) -> None:
            answer = server.send("/v1/batch", {"batch": calls}, key)
            assert (answer.json()["success"], answer.json()["faults"]) == (True, [])

        def look() -> int:
            return marketer.get(f"/api/customers/{customer}", params=seen).status_code

        send(call(1, "identify", False, **traits))
        items = agent.get("/api/customers", params={"q": "stamped@post.example"}).json()["items"]
        customer = items[0]["customer"]
        assert look() == 403
        # What withdraws waits until it is in force, and with it all that stands before it in the log.
        send(call(2, "track", True, event="Opened"), call(3, "track", True, **chosen))
        send(call(1, "group", False, groupId="g", messageId="old"))
        assert look() == 200, "an older refusal does not undo a newer choice"
        send(call(4, "page", False))
        assert look() == 403
        send(call(5, "screen", True), call(6, "page", True), call(0, "alias", False, previousId="d"))
        assert look() == 403, "a stamp that is only repeated grants nothing"
