"""Consent stamped on calls: heard on each of them where it takes away, a grant only where somebody chose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import CALLS
from onefold.record.contracts.parse import parse_contract
from onefold.record.intake.model import Offered
from onefold.record.intake.segment import parse_batch, parse_call
from onefold.testing.intake import MemoryIntake

DIGITAL = Path(__file__).parents[4] / "contracts" / "world" / "digital.yaml"
AT = "2025-06-01T10:00:00Z"
AT_MS = 1_748_772_000_000


@pytest.fixture
def intake() -> MemoryIntake:
    return MemoryIntake(parse_contract(DIGITAL.read_bytes(), "digital.yaml"))


def message(kind: str, choice: object, **more: Any) -> dict[str, Any]:
    """A whole call of any kind with a stamp about advertising."""
    return {
        "type": kind, "messageId": f"{kind}-1", "userId": "u", "anonymousId": "a", "timestamp": AT,
        "event": "Opened", "name": "home", "previousId": "a", "groupId": "g",
        "context": {"consent": {"categoryPreferences": {"Advertising": choice}}},
    } | more  # fmt: skip


def facts(intake: MemoryIntake) -> list[dict[str, Any]]:
    """What the log says of consents, as it is mapped after it."""
    found = []
    for _, frame, bodies in intake.frames():
        if frame.entity != "consent":
            continue
        item = intake.contracts.object("digital", frame.contract, frame.object)
        found += [item.read(body, AT_MS)[1] for body in bodies or ()]
    return found


def send(intake: MemoryIntake, *messages: dict[str, Any]):
    return intake.door.offer_calls("digital", parse_batch(json.dumps({"batch": messages}).encode()))


@pytest.mark.parametrize("kind", CALLS)
def test_a_stamp_that_says_no_withdraws_on_every_call(intake, kind):
    receipt = send(intake, message(kind, False))
    assert (receipt.tally.accepted, receipt.turned) == (1, [])
    (fact,) = facts(intake)
    assert (fact["fact"], fact["purpose"], fact["channel"]) == ("withdrawn", "marketing", "app")
    assert (fact["given_at"], fact["evidence"]) == (AT_MS, f"{kind}/{kind}-1")


@pytest.mark.parametrize("kind", CALLS)
def test_a_stamp_that_says_yes_grants_only_where_somebody_chose(intake, kind):
    assert send(intake, message(kind, True)).tally.accepted == 1
    assert [it["fact"] for it in facts(intake)] == (["granted"] if kind == "identify" else [])


def test_the_event_that_says_that_somebody_chose_grants_with_its_own_instant_and_evidence(intake):
    send(intake, message("track", True, event="Segment Consent Preference Updated"))
    (fact,) = facts(intake)
    assert (fact["fact"], fact["given_at"], fact["evidence"]) == ("granted", AT_MS, "track/track-1")


def test_a_call_without_a_stamp_or_without_a_user_says_nothing_of_consent(intake):
    bare, nobody = message("page", False), message("screen", False)
    bare["context"] = {}
    del nobody["userId"]
    assert send(intake, bare, nobody).tally.accepted == 2
    assert facts(intake) == []


def test_a_single_call_is_evidence_by_the_kind_in_its_address(intake):
    body = message("group", False)
    del body["type"]
    intake.door.offer_calls("digital", [parse_call("group", json.dumps(body).encode())])
    assert [it["evidence"] for it in facts(intake)] == ["group/group-1"]


def test_a_call_that_the_contract_does_not_know_withdraws_all_the_same():
    text = DIGITAL.read_text().replace("  - name: screen\n", "  - name: track:Screen Seen\n")
    intake = MemoryIntake(parse_contract(text.encode(), "digital.yaml"))
    receipt = send(intake, message("screen", False), message("screen", True, messageId="screen-2"))
    assert receipt.tally.reasons == {Reason.UNKNOWN_CALL: 2}
    assert [it["fact"] for it in facts(intake)] == ["withdrawn"]


def test_a_call_without_its_key_is_held_and_its_withdrawal_heard(intake):
    call = message("alias", False)
    del call["previousId"]
    receipt = send(intake, call)
    assert receipt.tally.quarantined == 1
    assert [it["fact"] for it in facts(intake)] == ["withdrawn"]


def test_a_stamp_that_cannot_be_read_is_told_on_every_call(intake):
    receipt = send(intake, *(message(kind, "perhaps") for kind in CALLS), message("dance", "perhaps"))
    assert receipt.unheard == len(CALLS)
    assert {it.object for it in receipt.turned if it.unheard} == {"advertising_consent"}


def test_a_call_sent_again_is_one_withdrawal(intake):
    send(intake, message("track", False))
    assert send(intake, message("track", False)).tally.duplicate == 1
    assert len(facts(intake)) == 1


def test_files_of_calls_say_what_calls_over_http_say(intake):
    intake.door.offer("digital", "track", [Offered(message("track", False), 1, "track-1")])
    assert send(intake, message("track", False)).tally.duplicate == 1
    assert [it["evidence"] for it in facts(intake)] == ["track/track-1"]
