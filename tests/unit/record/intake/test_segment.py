"""Calls in the Segment format: limits, retries, one bad message among good ones."""

from __future__ import annotations

import gzip
import json

import pytest

from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY
from onefold.record.contracts.errors import Reason
from onefold.record.intake.errors import TooLarge
from onefold.record.intake.model import Tally
from onefold.record.intake.segment import (
    MESSAGE_BYTES_MAX,
    REQUEST_BYTES_MAX,
    inflate,
    parse_batch,
    parse_call,
)
from onefold.testing.intake import MemoryIntake
from tests.unit.record.contracts.sample import contract, prop, table

IDENTIFY = table(
    "identify",
    [
        *(prop(name) for name in ("messageId", "userId", "timestamp")),
        prop("traits.email", classification="pii"),
        prop("context.consent", logicalType="object"),
    ],
    entity="party",
    delivers="event",
    kind="patch",
    key="userId",
    also=["device"],
    occurredAt={"from": "timestamp", "as": "instant"},
    map={"email": {"from": "traits.email", "as": "email"}},
)
DEVICE = table(
    "device",
    ["anonymousId", "userId", "timestamp"],
    entity="device",
    delivers="event",
    kind="patch",
    key="anonymousId",
    occurredAt={"from": "timestamp", "as": "instant"},
    map={"party": {"from": "userId", "as": "ref", "object": "identify"}},
)
TRACK = table(
    "track",
    ["messageId", "userId", "anonymousId", "event"],
    entity="interaction",
    delivers="event",
    key="messageId",
    subject=[{"entity": "party", "key": "userId"}, {"entity": "device", "key": "anonymousId"}],
    map={"channel": {"value": "app"}, "action": "event", "happened_at": {"event": "occurredAt"}},
)


@pytest.fixture
def intake():
    """An app's source."""
    return MemoryIntake(contract(IDENTIFY, DEVICE, TRACK, id="app"))


def batch(*messages: dict, **top) -> bytes:
    """The body of `POST /v1/batch`."""
    return json.dumps({"batch": list(messages), **top}).encode()


def identify(number: int, **more) -> dict:
    """One identify call."""
    return {
        "type": "identify",
        "messageId": f"m{number}",
        "userId": "u1",
        "timestamp": "2025-01-01T00:00:00Z",
        **more,
    }


def test_a_retry_of_a_batch_is_one_effect(intake):
    body = batch(identify(1, traits={"email": "a@b.uz"}), identify(2), sentAt="2025-01-01T00:00:01Z")
    again = batch(identify(1, traits={"email": "a@b.uz"}), identify(2), sentAt="2025-01-01T00:10:00Z")
    assert intake.door.offer_calls("app", parse_batch(body)).tally == Tally(offered=2, accepted=2)
    assert intake.door.offer_calls("app", parse_batch(again)).tally == Tally(offered=2, duplicate=2)


def test_a_retry_of_an_undated_call_is_found_days_later(intake):
    call = {"messageId": "m1", "userId": "u1", "event": "Opened"}
    body = json.dumps(call).encode()
    assert intake.door.offer_calls("app", [parse_call("track", body)]).tally.accepted == 1
    intake.clock.advance(3 * MS_PER_DAY)
    assert intake.door.offer_calls("app", [parse_call("track", body)]).tally.duplicate == 1


def test_an_undated_call_that_states_a_part_of_somebody_is_taken_too(intake):
    call = {"type": "identify", "messageId": "m-7", "userId": "u1", "traits": {"email": "a@x.org"}}
    assert intake.door.offer_calls("app", parse_batch(batch(call))).tally.accepted == 1


def test_one_call_can_state_a_person_and_a_device(intake):
    receipt = intake.door.offer_calls("app", parse_batch(batch(identify(1, anonymousId="d1"))))
    assert receipt.tally == Tally(offered=1, accepted=1)
    entities = [header.entity for _, header, _ in intake.frames()]
    assert sorted(entities) == ["device", "party"]
    assert len(receipt.event_ids) == 2


def test_an_anonymous_call_states_the_device_alone(intake):
    call = {"type": "identify", "messageId": "m", "anonymousId": "d1", "timestamp": "2025-01-01T00:00:00Z"}
    assert intake.door.offer_calls("app", parse_batch(batch(call))).tally.accepted == 1
    assert [header.entity for _, header, _ in intake.frames()] == ["device"]


def test_a_call_about_nobody_is_quarantined(intake):
    call = {"type": "identify", "messageId": "m", "timestamp": "2025-01-01T00:00:00Z"}
    assert intake.door.offer_calls("app", parse_batch(batch(call))).tally.reasons == {"key_missing": 1}


def test_one_bad_message_does_not_cost_the_batch(intake):
    large = identify(3, traits={"email": "x" * MESSAGE_BYTES_MAX})
    unknown = {"type": "screen", "messageId": "m4", "secret": "4000 1234"}
    odd = {"type": ["track"], "messageId": "m5"}
    receipt = intake.door.offer_calls(
        "app", parse_batch(batch(identify(1), large, unknown, odd, identify(2)))
    )
    assert receipt.tally.accepted == 2
    assert receipt.tally.reasons == {"message_too_large": 1, "unknown_call": 2}
    assert [intake.quarantine.read(number)[1] for number in (1, 2, 3)] == [b"", b"", b""]


def test_the_consent_of_the_context_is_kept_and_the_batch_context_counts(intake):
    consent = {"categoryPreferences": {"Advertising": False}}
    body = batch(identify(1, context={"ip": "::1"}), context={"consent": consent, "ip": "::2"})
    intake.door.offer_calls("app", parse_batch(body))
    (kept,) = intake.bodies()
    assert json.loads(kept)["context"] == {"consent": consent}


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"batch": 1}', b'{"batch": [1', b"\xff", b'{"events": []}']
)
def test_what_is_no_batch_is_an_error_of_the_caller(body):
    with pytest.raises(CallerError):
        parse_batch(body)


def test_a_message_that_is_no_object_is_its_own_fault():
    ((_, _, offered),) = parse_batch(b'{"batch": [7]}')
    assert offered.fault is Reason.BAD_JSON
    with pytest.raises(CallerError):
        parse_call("track", b"7")


def test_a_request_is_bounded_even_when_packed():
    with pytest.raises(TooLarge):
        parse_batch(b" " * (REQUEST_BYTES_MAX + 1))
    with pytest.raises(TooLarge):
        inflate(gzip.compress(b" " * (50 * REQUEST_BYTES_MAX)), "gzip")


def test_a_packed_body_is_unpacked_or_told():
    packed = gzip.compress(b'{"batch": []}')
    assert inflate(packed, "gzip") == b'{"batch": []}' == inflate(b'{"batch": []}', "")
    for broken, encoding in ((b"plain", "gzip"), (packed[:-9], "gzip"), (packed, "br")):
        with pytest.raises(CallerError):
            inflate(broken, encoding)


def test_an_id_of_another_type_is_no_id():
    assert parse_call("track", b'{"messageId": 7}')[2].message_id == ""
    assert parse_call("track", json.dumps({"messageId": "m" * 999}).encode())[2].message_id == ""
    assert parse_call("track", b'{"messageId": "m"}')[2].message_id == "m"


def test_traits_in_the_context_are_those_of_the_call(intake):
    call = identify(1, context={"traits": {"email": "a@b.uz"}})
    intake.door.offer_calls("app", parse_batch(batch(call)))
    (kept,) = intake.bodies()
    assert json.loads(kept)["traits"] == {"email": "a@b.uz"}
    own = identify(2, traits={"email": "own@b.uz"}, context={"traits": {"email": "other@b.uz"}})
    intake.door.offer_calls("app", parse_batch(batch(own)))
    assert json.loads(intake.bodies()[1])["traits"] == {"email": "own@b.uz"}
