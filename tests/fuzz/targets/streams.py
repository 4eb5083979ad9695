"""Envelopes of other systems: CloudEvents, Debezium, webhooks, messages of topics."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from typing import Any

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.contracts.model import Envelope, Signature, Webhook
from onefold.record.intake.envelopes import cloudevents, debezium
from onefold.record.intake.envelopes.codec import read_of
from onefold.record.intake.envelopes.messages import Form, read_enveloped, read_row
from onefold.record.intake.envelopes.model import Unwrapped, read_message
from onefold.record.intake.envelopes.signatures import read_signed, verify
from onefold.record.intake.envelopes.webhooks import parse_webhook
from onefold.record.intake.model import ORDER_BYTES, Offered
from onefold.record.intake.topics import Message
from tests.fuzz import hostile
from tests.fuzz.bank import compiled, contracts, offer_calls, offer_rows, rows_equal
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal

_EVENT = {
    b"specversion": b'"1.0"',
    b"id": b'"e-1"',
    b"source": b'"/app"',
    b"type": b'"uz.sardoba.visited"',
    b"subject": b'"C-1"',
    b"time": b'"2025-05-01T10:00:00Z"',
    b"data": b'{"channel":"app","topic":"loans"}',
}
_DATA = (b'"eyJhIjoxfQ=="', b'"e30"', b'"\\u0000"', b"7", b'"////"', b'"' + b"W1tb" * 300 + b'"')
_ROW = {b"id": b"7", b"full_name": b'"Anna"', b"email": b'"anna@bank.uz"', b"phone": b'"+998901234567"'}
_SOURCE = {
    b"connector": b'"postgresql"',
    b"db": b'"core"',
    b"schema": b'"public"',
    b"table": b'"customers"',
    b"ts_ms": b"1746093600000",
    b"lsn": b"17",
    b"pos": b"4",
    b"file": b'"bin.000003"',
    b"change_lsn": b'"00000027:00000ac0:0002"',
    b"scn": b'"99"',
}
_TICKET = {
    b"id": b'"t-1"',
    b"type": b'"ticket.created"',
    b"timestamp": b'"2025-05-01T10:00:00Z"',
    b"data": b'{"customer":"C-1","subject":"card"}',
}
_HEADERS = (
    "content-type",
    "ce-id",
    "ce-source",
    "ce-type",
    "ce-specversion",
    "ce-subject",
    "ce-time",
    "ce-é",
    "ce-",
    "CE-Extra",
    "ce-datacontenttype",
    "content-encoding",
)
_TYPES = (
    "application/cloudevents+json",
    "application/cloudevents-batch+json",
    "application/cloudevents+xml",
    "application/cloudevents",
    "application/json; charset=utf-8",
    "text/plain",
    "",
    "application/x+json",
    "\x00",
)


def _taken(source: str, envelope: Envelope, found: Sequence[Unwrapped]) -> None:
    """Messages as the calls that they are, the whole way, as the use case takes them."""
    contract = contracts().latest(source)
    calls = []
    for it in found:
        if it.offered is not None:
            assert len(it.offered.message_id) <= 200
            assert len(it.offered.order) in (0, ORDER_BYTES)
            known = (name for name in it.names if contract.call(envelope, name) is not None)
            calls.append((envelope.value, next(known, ""), it.offered))
    offer_calls(source, calls)


def _event(draws: Draws) -> bytes:
    template = dict(_EVENT)
    if draws.number(0, 3) == 0:
        template.pop(b"data")
        template[b"data_base64"] = draws.choice(_DATA)
    return hostile.filled(draws, template)


def _headers(draws: Draws) -> dict[str, str]:
    found = {"content-type": draws.choice(_TYPES)}
    if draws.flag():
        found |= {"ce-id": "e-1", "ce-source": "/app", "ce-type": "client", "ce-specversion": "1.0"}
    for _ in range(draws.number(0, 3)):
        found[draws.choice(_HEADERS)] = (
            draws.choice(_TYPES) if draws.flag() else draws.take(20).decode("latin-1")
        )
    return found


def run_cloudevents(data: bytes) -> None:
    """A request in any mode; a structured event means what it means in a file and in a topic."""
    draws = Draws(data)
    headers = _headers(draws)
    kind = draws.number(0, 3)
    if kind == 0:
        body = draws.rest()
    elif kind == 1:
        body = b"[" + b",".join(draws.many(lambda: _event(draws), 4)) + b"]"
    else:
        body = _event(draws)
    try:
        found = cloudevents.parse_request(headers, body)
    except CallerError as error:
        says_nothing_personal(error)
        return
    _taken("bank", Envelope.CLOUDEVENTS, found)
    if headers["content-type"] == "application/cloudevents+json" and len(body) <= cloudevents.EVENT_BYTES_MAX:
        _agrees(body, found[0])


def _agrees(body: bytes, live: Unwrapped) -> None:
    from_file = read_of(compiled("bank", "visit").item, body, 1)
    kinds = ((b"application/cloudevents+json", body),)
    message = Message("t", 0, 1, 0, None, body, tuple(("content-type", it) for it, _ in kinds))
    from_topic = read_enveloped(message, Form.CLOUDEVENTS, _no_avro)
    assert live.offered is not None
    assert from_topic.offered is not None
    assert rows_equal([live.offered], [from_topic.offered])
    if from_file.offered is not None and from_file.offered.row is not None:
        assert rows_equal([live.offered], [from_file.offered])


def _no_avro(framed: bytes) -> Any:
    return {"id": framed.hex()}


def _change(draws: Draws) -> bytes:
    row = hostile.filled(draws, _ROW)
    change = hostile.filled(
        draws,
        {
            b"op": draws.choice((b'"c"', b'"u"', b'"r"', b'"d"', b'"t"', b'"m"', b"7")),
            b"before": row,
            b"after": row,
            b"source": hostile.filled(draws, _SOURCE),
            b"ts_ms": b"1746093600040",
        },
    )
    return change if draws.flag() else b'{"schema":{},"payload":' + change + b"}"


def run_debezium(data: bytes) -> None:
    """Changes as an array, as lines or one by one, with a schema or without: the same rows."""
    draws = Draws(data)
    if draws.number(0, 3) == 0:
        body = draws.rest()
        try:
            found = debezium.parse_changes(body)
        except CallerError as error:
            says_nothing_personal(error)
            return
        _taken("bank", Envelope.DEBEZIUM, found)
        return
    changes = [_change(draws) for _ in range(draws.number(1, 4))]
    alone = [debezium.parse_change(it, number) for number, it in enumerate(changes, 1)]
    listed = b"[" + b",".join(changes) + b"]"
    forms = [listed] if any(b"\n" in it for it in changes) else [listed, b"\n".join(changes)]
    for body in forms:
        try:
            found = debezium.parse_changes(body)
        except CallerError:
            assert any(read_message(it) is None for it in changes), "whole changes make a body that is none"
            continue
        assert [it.ignored for it in found] == [it.ignored for it in alone]
        assert rows_equal(_offered(found), _offered(alone))
    _taken("bank", Envelope.DEBEZIUM, alone)
    for raw, it in zip(changes, alone, strict=True):
        bare = read_message(raw)
        if (
            bare is not None
            and it.offered is not None
            and it.offered.row is not None
            and "schema" not in bare
        ):
            wrapped = debezium.unwrap({"schema": None, "payload": bare}, it.offered.line)
            assert wrapped is not None
            assert wrapped.offered is not None
            assert rows_equal([wrapped.offered], [it.offered])


def _offered(found: Sequence[Unwrapped]) -> list[Offered]:
    return [it.offered for it in found if it.offered is not None]


_SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
_AT = 1_750_000_000
_SIGNED_BY = (
    "stripe-signature",
    "x-hub-signature-256",
    "webhook-signature",
    "webhook-id",
    "webhook-timestamp",
)


def run_webhook(data: bytes) -> None:
    """Headers of anybody prove nothing, those of who has the secret do; the body is a row or has a reason."""
    draws = Draws(data)
    signature = draws.choice(tuple(Signature))
    webhook = Webhook(
        signature, draws.choice(("type", "data.type", "", "a." * 40)), draws.choice(("id", "", "data"))
    )
    body = draws.rest() if draws.number(0, 4) == 0 else hostile.filled(draws, _TICKET)
    forged = {
        it: draws.choice(("v1,", "t=1,v1=", "sha256=", "", "1")) + draws.take(30).decode("latin-1")
        for it in _SIGNED_BY
    }
    signed = read_signed(webhook, forged, body)
    assert signed is None or not verify(webhook, signed, [_SECRET], _AT * 1000), "a signature nobody made"
    proven = read_signed(webhook, _sign(signature, body), body)
    assert proven is not None
    assert verify(webhook, proven, ["other", _SECRET], _AT * 1000), "the right signature is not taken"
    assert signature is Signature.GITHUB or not verify(webhook, proven, [_SECRET], (_AT + 301) * 1000)
    found = parse_webhook(webhook, body, proven.message_id)
    _taken("bank", Envelope.WEBHOOK, [found])


def _sign(signature: Signature, body: bytes) -> dict[str, str]:
    if signature is Signature.GITHUB:
        return {"x-hub-signature-256": "sha256=" + hmac.digest(_SECRET.encode(), body, "sha256").hex()}
    if signature is Signature.STRIPE:
        made = hmac.digest(_SECRET.encode(), f"{_AT}.".encode() + body, "sha256").hex()
        return {"stripe-signature": f"t={_AT},v1={made}"}
    made = base64.b64encode(hmac.digest(b"k" * 24, f"m-1.{_AT}.".encode() + body, "sha256")).decode()
    return {"webhook-id": "m-1", "webhook-timestamp": str(_AT), "webhook-signature": f"v1,{made}"}


def run_topic(data: bytes) -> None:
    """A message of a topic in every form: key, value and headers of anybody."""
    draws = Draws(data)
    form = draws.choice(tuple(Form))
    makes = (lambda: hostile.filled(draws, _ROW), lambda: _change(draws), lambda: _event(draws), draws.rest)
    value = None if draws.number(0, 6) == 0 else draws.choice(makes)()
    if value is not None and draws.number(0, 4) == 0:
        value = b"\0\0\0\0\1" + value
    key = None if draws.flag() else hostile.value(draws)
    headers = tuple((f"ce_{it.removeprefix('ce-')}", text.encode()) for it, text in _headers(draws).items())
    message = Message("t", 0, draws.number(0, 1 << 40), draws.number(0, 1 << 41), key, value, headers)
    if form.is_enveloped:
        envelope = Envelope.DEBEZIUM if form is Form.DEBEZIUM else Envelope.CLOUDEVENTS
        _taken("bank", envelope, [read_enveloped(message, form, _no_avro)])
        return
    for source, name in (("core", "client"), ("core", "payment")):
        item = compiled(source, name).item
        for column in ("id", "", "traits"):
            offered = read_row(message, form, item, column, _no_avro)
            assert (offered.row is None) == (offered.fault is not None)
            offer_rows(source, name, [offered])


def _json(of: dict[bytes, bytes]) -> bytes:
    return b"{" + b",".join(b'"' + name + b'":' + value for name, value in of.items()) + b"}"


_CHANGE = json.dumps(
    {"op": "c", "before": None, "after": {"id": 1}, "source": {"table": "customers", "ts_ms": 1}, "ts_ms": 2}
).encode()
_EVENTS = (b"\0\0\0\0" + _json(_EVENT), b"\1\0\0\1\2" + bytes(60), b"\4\1\0\3" + bytes(range(90)))
_ANY_WORDS = (
    b'"payload":',
    b'"schema":',
    b'"op":"u"',
    b"null",
    b'"data_base64":',
    b"%ff",
    b"1e400",
    b"\\ud800",
)

TARGETS = (
    Target("streams-cloudevents", run_cloudevents, _EVENTS, _ANY_WORDS, share=3),
    Target(
        "streams-debezium",
        run_debezium,
        (b"\0" + _CHANGE, b"\0[" + _CHANGE + b"]", bytes(range(1, 120))),
        _ANY_WORDS,
        3,
    ),
    Target(
        "streams-webhook",
        run_webhook,
        (b"\2\0\0\0" + _json(_TICKET), b"\1\1\1\1", bytes(range(99))),
        _ANY_WORDS,
        3,
    ),
    Target(
        "streams-topic",
        run_topic,
        (b"\0\1\0" + bytes(50), b"\3\1\1" + bytes(80), b"\2\1\3\0" + _CHANGE),
        _ANY_WORDS,
        3,
    ),
)

assert msgspec.json.decode(_CHANGE)
