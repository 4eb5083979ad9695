"""Tracking calls wait for the barrier exactly when one of them can take something away."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from onefold.gate.model import Actor, Permit
from onefold.kernel.errors import Refused, Unauthenticated
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.parse import parse_contract
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.model import Receipt, Tally, Turned
from onefold.record.intake.runs import Way
from onefold.record.intake.skew import Skews
from onefold.usecases.ingest import admit, ingest_batch, ingest_call
from onefold.usecases.limits import Limits
from tests.unit.gate.bank import CELL, KEY

DIGITAL = Path(__file__).parents[3] / "contracts" / "world" / "digital.yaml"


class Recorder:
    """Rooms of which only the door, the barrier and the gate are there, and what was asked of them."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.turned: list[Turned] = []
        contracts = Contracts(KEY, [parse_contract(DIGITAL.read_bytes(), "digital.yaml")])
        self.rooms: Any = SimpleNamespace(
            contracts=contracts,
            door=SimpleNamespace(offer_calls=self.offer),
            barrier=SimpleNamespace(wake=lambda: self.told.append("wake"), wait_for=self.wait_for),
            gate=SimpleNamespace(settle=lambda seconds: self.told.append("settle"), admit=self.admit),
            clock=SimpleNamespace(now_ms=lambda: 0),
            limits=Limits(),
            skews=Skews(),
            users=SimpleNamespace(source_of=lambda key: "digital" if key == "good" else None),
        )

    def offer(self, source, calls, *, way):
        assert way is Way.MESSAGES
        self.told.append(f"offer {len(calls)} to {source}")
        tally = Tally(offered=len(calls), accepted=len(calls))
        return Receipt(tally, 7, turned=self.turned, unheard=sum(it.unheard for it in self.turned))

    def wait_for(self, sequence, seconds):
        self.told.append(f"wait for {sequence}")

    def admit(self, source, channel):
        return Permit(Actor(source, ("source",), CELL), "source", "", channel, "ingest", "v", {})


@pytest.fixture
def recorder():
    return Recorder()


def send(recorder: Recorder, *calls: dict[str, Any]) -> list[str]:
    permit = admit(recorder.rooms, "good")
    ingest_batch(permit, recorder.rooms, json.dumps({"batch": list(calls)}).encode(), "")
    return recorder.told


CHOICE = {"context": {"consent": {"categoryPreferences": {"Advertising": False}}}}


def test_what_somebody_did_is_acknowledged_when_it_is_logged(recorder):
    told = send(recorder, {"type": "track", "userId": "u", "event": "x"}, {"type": "identify", "userId": "u"})
    assert told == ["offer 2 to digital", "wake"]


def test_a_choice_about_consent_is_acknowledged_when_it_is_in_force(recorder):
    told = send(
        recorder, {"type": "track", "userId": "u", "event": "x"}, {"type": "identify", "userId": "u"} | CHOICE
    )
    assert told == ["offer 2 to digital", "wake", "wait for 7", "settle"]


@pytest.mark.parametrize(
    "call",
    [
        {"type": "dance"},
        {"type": "identify", "userId": "u" * 600, **CHOICE},
        {"type": "identify", "userId": {"not": "text"}, **CHOICE},
        7,
    ],
    ids=["unknown", "long", "nested", "number"],
)
def test_a_faulty_call_holds_up_nothing(recorder, call):
    assert send(recorder, call) == ["offer 1 to digital", "wake"]


def test_a_single_call_is_a_batch_of_one(recorder):
    permit = admit(recorder.rooms, "good")
    done = ingest_call(permit, recorder.rooms, "track", b'{"userId": "u", "event": "x"}', "")
    assert (done.success, done.counts.accepted) == (True, 1)


def test_a_key_that_is_none_of_ours_gets_no_permit(recorder):
    with pytest.raises(Unauthenticated):
        admit(recorder.rooms, "bad")


def test_a_permit_for_something_else_takes_nothing_in(recorder):
    other = Permit(Actor("rm", ("agent",), CELL), "agent", "servicing", "api", "show_customer", "v", {})
    with pytest.raises(Refused, match="something else"):
        ingest_batch(other, recorder.rooms, b'{"batch": []}', "")
    assert recorder.told == []


@pytest.mark.parametrize("unheard", [True, False])
def test_the_sender_is_told_what_was_not_let_in_and_whether_a_restriction_may_be_lost(recorder, unheard):
    recorder.turned = [Turned(2, "advertising_consent", Reason.UNKNOWN_VALUE, "choice", unheard)]
    permit = admit(recorder.rooms, "good")
    done = ingest_batch(permit, recorder.rooms, b'{"batch": []}', "")
    assert done.success is not unheard
    (fault,) = done.faults
    assert (fault.item, fault.object, fault.field) == (2, "advertising_consent", "choice")
    assert (fault.reason, fault.unheard) == ("unknown_value", unheard)
    assert "contract" in fault.about
