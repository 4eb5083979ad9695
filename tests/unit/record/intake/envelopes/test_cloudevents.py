"""CloudEvents: what the SDK of the project sends is read in every mode; what is none is told from what is."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import Reason
from onefold.record.intake.envelopes.cloudevents import (
    BATCH_EVENTS_MAX,
    EVENT_BYTES_MAX,
    parse_request,
    unwrap,
)
from onefold.record.intake.errors import WrongEnvelope

BATCH = {"content-type": "application/cloudevents-batch+json"}
EVENT = {"specversion": "1.0", "id": "e-1", "source": "/core", "type": "uz.sardoba.opened"}
AT = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)


def made(data=None, **more) -> CloudEvent:
    """An event as the SDK makes it."""
    attributes = {
        "id": "e-1",
        "source": "/core",
        "type": "uz.sardoba.opened",
        "time": AT,
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes | more, {"account": "A1"} if data is None else data)


def sent(message) -> tuple[dict[str, str], bytes]:
    """Header names as a server sees them."""
    return {name.lower(): value for name, value in message.headers.items()}, message.body


@pytest.mark.parametrize("to_http", [to_binary_event, to_structured_event], ids=["binary", "structured"])
def test_what_the_sdk_sends_is_one_row_in_either_mode(to_http):
    (found,) = parse_request(*sent(to_http(made(subject="Анна Ким 100%"))))
    assert found.names == ("uz.sardoba.opened",)
    row = found.offered.row
    assert row["data"] == {"account": "A1"}
    assert row["subject"] == "Анна Ким 100%"
    assert datetime.fromisoformat(row["time"]) == AT


def test_both_modes_and_a_batch_give_one_id():
    structured = to_structured_event(made())
    batched = b"[" + structured.body + b"]"
    ids = {
        found[0].offered.message_id
        for found in (
            parse_request(*sent(to_binary_event(made()))),
            parse_request(*sent(structured)),
            parse_request(BATCH, batched),
        )
    }
    assert len(ids) == 1


def test_an_id_is_of_its_source():
    def of(source, identity):
        return unwrap(EVENT | {"source": source, "id": identity}, 1).offered.message_id

    assert len({of("/a", "1"), of("/b", "1"), of("/a/", "1"), of("/a", "/1"), of("/", "a1")}) == 5


def test_a_bad_event_of_a_batch_costs_no_other():
    items = [
        json.dumps(EVENT),
        "7",
        json.dumps({"id": "x", "source": "/a", "type": "t"}),
        json.dumps(EVENT | {"id": ""}),
        json.dumps(EVENT | {"data": "x" * EVENT_BYTES_MAX}),
        json.dumps(EVENT | {"data_base64": "=="}),
        json.dumps(EVENT | {"data_base64": base64.b64encode(b"{").decode()}),
        json.dumps(EVENT | {"id": "e-2"}),
    ]
    found = parse_request(BATCH, f"[{','.join(items)}]".encode())
    assert [it.offered.fault for it in found] == [
        None,
        Reason.BAD_JSON,
        Reason.BAD_ENVELOPE,
        Reason.BAD_ENVELOPE,
        Reason.MESSAGE_TOO_LARGE,
        Reason.BAD_ENVELOPE,
        Reason.BAD_ENVELOPE,
        None,
    ]
    assert [it.offered.line for it in found] == list(range(1, 9))


@pytest.mark.parametrize(
    ("kind", "raw", "data"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/vnd.bank+json; charset=utf-8", b"[1]", [1]),
        ("text/plain", "Анна".encode(), "Анна"),
        ("application/octet-stream", b"\xff\x00", base64.b64encode(b"\xff\x00").decode()),
    ],
)
def test_data_is_read_by_its_content_type(kind, raw, data):
    headers = {f"ce-{name}": value for name, value in EVENT.items()} | {"content-type": kind}
    (binary,) = parse_request(headers, raw)
    packed = EVENT | {"datacontenttype": kind, "data_base64": base64.b64encode(raw).decode()}
    structured = unwrap(packed, 1)
    assert structured is not None
    assert binary.offered.row["data"] == structured.offered.row["data"] == data


@pytest.mark.parametrize(
    ("header", "value"),
    [("a%20b", "a b"), ('"a \\"b\\""', 'a "b"'), ("%e2%82%ac", "€"), ("%41", "A"), ("100%", "100%")],
)
def test_headers_are_decoded_as_the_binding_says(header, value):
    headers = {f"ce-{name}": text for name, text in EVENT.items()} | {"ce-subject": header}
    (found,) = parse_request(headers, b"")
    assert found.offered.row["subject"] == value


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({"content-type": "application/json"}, b'{"hello": "world"}'),
        ({"content-type": "application/cloudevents+json"}, b"[]"),
        (
            {"content-type": "application/cloudevents+json"},
            json.dumps(EVENT | {"specversion": "0.3"}).encode(),
        ),
        ({"content-type": "application/cloudevents+avro"}, b""),
        ({"content-type": "application/cloudevents-batch+avro"}, b""),
        (BATCH, b"{}"),
        (BATCH, b"\xff"),
        (BATCH, b"[" + b",".join([b"{}"] * (BATCH_EVENTS_MAX + 1)) + b"]"),
        ({f"ce-{name}": value for name, value in EVENT.items()} | {"ce-subject": "%C0%A0"}, b""),
        ({f"ce-{name}": value for name, value in EVENT.items()} | {"content-type": "text/json"}, b"{"),
        ({f"ce-{name}": value for name, value in EVENT.items()} | {"ce-datacontenttype": "text/plain"}, b""),
    ],
)
def test_what_is_no_request_of_cloudevents_is_an_error_of_the_sender(headers, body):
    with pytest.raises((CallerError, WrongEnvelope)) as told:
        parse_request(headers, body)
    assert told.value.status == 400


def test_an_empty_batch_is_a_batch():
    assert parse_request(BATCH, b"[]") == []
