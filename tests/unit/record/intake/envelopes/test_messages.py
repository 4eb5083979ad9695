"""Messages of topics as rows: what identifies them, what is held, and what a key without a value says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.model import ObjectContract
from onefold.record.intake.envelopes.cloudevents import parse_request
from onefold.record.intake.envelopes.debezium import parse_change
from onefold.record.intake.envelopes.messages import VALUE_BYTES_MAX, Form, read_enveloped, read_row
from onefold.record.intake.model import Offered
from onefold.record.intake.topics import Message
from tests.unit.record.contracts.sample import compiled, prop, table

AT = 1_769_853_600_000
FRAME = b"\x00\x00\x00\x00\x07"


def read_avro(framed: bytes) -> Any:
    """A stand-in for Avro: what follows the frame is JSON, schema 9 is unknown, Z is not of its schema."""
    if framed[4] == 9:
        raise RowFault(Reason.UNKNOWN_SCHEMA)
    if framed[5:] == b"Z":
        raise RowFault(Reason.BAD_ENVELOPE)
    return json.loads(framed[5:])


def said(value: bytes | None, offset: int = 5, **more: Any) -> Message:
    place: dict[str, Any] = {"topic": "t", "partition": 0, "at_ms": AT, "key": None} | more
    return Message(offset=offset, value=value, **place)


def item(*names: str, **words: Any) -> ObjectContract:
    properties = [prop("id", required=True), prop("name", classification="pii"), *map(prop, names)]
    words = {"entity": "party", "delivers": "record", "key": "id", "map": {"full_name": "name"}} | words
    return compiled(table("person", properties, **words)).item


PERSON = item()
MORTAL = item("gone", deletedWhen={"from": "gone", "values": ["yes", "so"]})


def row(message: Message, form: Form = Form.JSON, of: ObjectContract = PERSON, key: str = "") -> Offered:
    return read_row(message, form, of, key, read_avro)


# ------------------------------------------------------------------ ids


def test_a_bare_row_is_known_by_its_place_and_time():
    first = row(said(b'{"id": "1"}'))
    assert first == row(said(b'{"id": "1"}'))
    assert first.row == {"id": "1"}
    others = [
        said(b'{"id": "1"}', 6),
        said(b'{"id": "1"}', partition=1),
        said(b'{"id": "1"}', topic="u"),
        said(b'{"id": "1"}', at_ms=AT + 1),
    ]
    ids = {first.message_id, *(row(it).message_id for it in others)}
    assert len(ids) == 5, "a topic that is made anew has the same offsets, at another time"


def test_what_was_said_later_in_a_topic_is_later_within_a_millisecond():
    assert row(said(b"{}", 9)).order < row(said(b"{}", 10)).order < row(said(b"{}", 1 << 40)).order


def test_an_id_that_the_contract_reads_goes_before_the_place():
    named = item("messageId")
    one, two = (row(said(b'{"id": "1", "messageId": "m"}', at), of=named) for at in (1, 2))
    assert (one.message_id, one.order) == (two.message_id, two.order) == ("m", b"")
    assert row(said(b'{"id": "1", "messageId": "m"}')).message_id != "m", "this contract does not read it"
    for without in (
        b'{"id": "1"}',
        b'{"messageId": ""}',
        b'{"messageId": 7}',
        b'{"messageId": "%s"}' % (b"x" * 201),
    ):
        assert row(said(without), of=named).message_id.startswith("topic:")


def test_the_same_event_is_one_over_http_and_in_a_topic():
    event = {"specversion": "1.0", "id": "v-1", "source": "/7", "type": "visited", "data": {"n": 1}}
    raw = json.dumps(event).encode()
    (over_http,) = parse_request({"content-type": "application/cloudevents+json"}, raw)
    headers = [("content-type", b"application/cloudevents+json; charset=utf-8")]
    structured = read_enveloped(said(raw, headers=tuple(headers)), Form.CLOUDEVENTS, read_avro)
    attributes = [
        (f"ce_{name}", str(event[name]).encode()) for name in ("specversion", "id", "source", "type")
    ]
    binary = read_enveloped(said(b'{"n": 1}', headers=tuple(attributes)), Form.CLOUDEVENTS, read_avro)
    found = [it.offered for it in (over_http, structured, binary)]
    assert {it.message_id for it in found if it} == {over_http.offered and over_http.offered.message_id}
    assert [it and it.row for it in found] == [event] * 3


def test_the_same_change_is_one_over_http_and_in_a_topic():
    change = {"op": "c", "after": {"id": 1}, "source": {"table": "customers", "ts_ms": AT, "lsn": 7}}
    raw = json.dumps(change).encode()
    over_http = parse_change(raw, 1).offered
    assert over_http is not None
    for value in (raw, FRAME + raw, json.dumps({"schema": {}, "payload": change}).encode()):
        found = read_enveloped(said(value), Form.DEBEZIUM, read_avro)
        assert found.names == ("customers",)
        assert found.offered is not None
        assert (found.offered.message_id, found.offered.order) == (over_http.message_id, over_http.order)


# ------------------------------------------------------------------ bytes


def test_a_frame_around_json_is_taken_off():
    assert row(said(FRAME + b'{"id": "1"}')).row == {"id": "1"}


def test_avro_is_read_by_its_schema():
    assert row(said(FRAME + b'{"id": "1"}'), Form.AVRO).row == {"id": "1"}


@pytest.mark.parametrize(
    ("form", "value", "reason"),
    [
        (Form.JSON, b"{no", Reason.BAD_JSON),
        (Form.JSON, b"[1]", Reason.BAD_JSON),
        (Form.JSON, b"", Reason.BAD_JSON),
        (Form.JSON, b"\xff" * 9, Reason.BAD_JSON),
        (Form.JSON, b"[" * 100_000, Reason.BAD_JSON),
        (Form.JSON, b"{" + b" " * VALUE_BYTES_MAX, Reason.MESSAGE_TOO_LARGE),
        (Form.JSON, None, Reason.TOMBSTONE_UNHEARD),
        (Form.AVRO, b'{"id": "1"}', Reason.BAD_ENVELOPE),
        (Form.AVRO, b"\x00\x00", Reason.BAD_ENVELOPE),
        (Form.AVRO, b"\x00\x00\x00\x00\x09{}", Reason.UNKNOWN_SCHEMA),
        (Form.AVRO, FRAME + b"Z", Reason.BAD_ENVELOPE),
        (Form.AVRO, FRAME + b"7", Reason.BAD_ENVELOPE),
        (Form.AVRO, None, Reason.TOMBSTONE_UNHEARD),
    ],
)
def test_what_cannot_be_read_is_held_with_its_reason_and_its_offset(form, value, reason):
    found = row(said(value), form)
    assert (found.row, found.fault, found.line) == (None, reason, 5)
    assert found.raw or found.digest or value == b""


@pytest.mark.parametrize(
    ("form", "value", "headers", "reason"),
    [
        (Form.DEBEZIUM, b"{no", {}, Reason.BAD_JSON),
        (Form.DEBEZIUM, b'{"op": "c"}', {}, Reason.BAD_ENVELOPE),
        (Form.DEBEZIUM, b"\x00\x00\x00\x00\x09{}", {}, Reason.UNKNOWN_SCHEMA),
        (Form.DEBEZIUM, b"x" * (VALUE_BYTES_MAX + 1), {}, Reason.MESSAGE_TOO_LARGE),
        (Form.CLOUDEVENTS, b"{}", {}, Reason.BAD_ENVELOPE),
        (Form.CLOUDEVENTS, None, {}, Reason.BAD_ENVELOPE),
        (Form.CLOUDEVENTS, b"{no", {"content-type": b"application/cloudevents+json"}, Reason.BAD_JSON),
        (Form.CLOUDEVENTS, b"[]", {"content-type": b"application/cloudevents-batch"}, Reason.BAD_ENVELOPE),
        (Form.CLOUDEVENTS, b"{}", {"content-type": b"application/cloudevents+avro"}, Reason.BAD_ENVELOPE),
    ],
)  # fmt: skip
def test_an_envelope_that_cannot_be_read_is_held_with_its_reason(form, value, headers, reason):
    found = read_enveloped(said(value, headers=tuple(headers.items())), form, read_avro).offered
    assert found is not None
    assert (found.row, found.fault, found.line, len(found.digest)) == (None, reason, 5, 32)


def test_data_that_is_not_what_its_content_type_says_is_held():
    headers = {"ce_specversion": b"1.0", "ce_id": b"1", "ce_source": b"/", "ce_type": b"t"}

    def data(value: bytes | None, **more: bytes) -> Any:
        every = headers | {name.replace("_", "-"): it for name, it in more.items()}
        found = read_enveloped(said(value, headers=tuple(every.items())), Form.CLOUDEVENTS, read_avro).offered
        assert found is not None
        return found.fault or (found.row or {}).get("data")

    assert data(b"{no", content_type=b"application/json") is Reason.BAD_ENVELOPE
    assert data(b"{no", content_type=b"text/plain") == "{no"
    assert data(b"7") == 7, "without a content type it is JSON"
    assert data(None) is None


@pytest.mark.parametrize("value", [None, b"null", b" null ", b'{"schema": {}, "payload": null}'])
def test_a_tombstone_of_debezium_holds_no_row(value):
    found = read_enveloped(said(value), Form.DEBEZIUM, read_avro)
    assert (found.offered, found.ignored) == (None, "tombstone")


@given(
    st.sampled_from(Form),
    st.none() | st.binary(max_size=200),
    st.none() | st.binary(max_size=20),
    st.lists(st.tuples(st.sampled_from(["content-type", "ce_id", "ce_data", "x"]), st.binary(max_size=30))),
)
def test_no_bytes_are_more_than_held(form, value, key, headers):
    message = said(value, key=key, headers=tuple(headers))

    def anything(framed: bytes) -> Any:
        raise RowFault(Reason.BAD_ENVELOPE)

    if form.is_enveloped:
        found = read_enveloped(message, form, anything)
        assert found.offered is not None or found.ignored
    else:
        read = read_row(message, form, MORTAL, "id", anything)
        assert (read.row is None) == (read.fault is not None)


# ------------------------------------------------------------------ tombstones


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        (b"17", {"id": 17}),
        (b"abc", {"id": "abc"}),
        (b'"17"', {"id": "17"}),
        (b'{"id": 17, "region": "uz"}', {"id": 17, "region": "uz"}),
        (FRAME + b'{"id": 17}', {"id": 17}),
        (FRAME + b"17", {"id": 17}),
    ],
)
def test_a_key_without_a_value_is_the_row_that_says_it_is_gone(key, kept):
    found = row(said(None, key=key), of=MORTAL, key="id")
    assert found.row == kept | {"gone": "yes"}
    assert found.message_id.startswith("topic:")


@pytest.mark.parametrize(
    ("key", "of", "name"),
    [
        (b"17", MORTAL, ""),
        (b"17", PERSON, "id"),
        (None, MORTAL, "id"),
        (b"", MORTAL, "id"),
        (b"[17]", MORTAL, "id"),
        (b"true", MORTAL, "id"),
        (b"1.5", MORTAL, "id"),
        (b"\xff", MORTAL, "id"),
        (b"\x00\x00\x00\x00\x09", MORTAL, "id"),
    ],
)
def test_a_key_that_says_nothing_of_a_row_is_held(key, of, name):
    assert row(said(None, key=key), of=of, key=name).fault is Reason.TOMBSTONE_UNHEARD


def test_a_key_in_which_the_word_has_no_place_is_held():
    nested = item("meta.state", deletedWhen={"from": "meta.state", "values": ["gone"]})
    assert row(said(None, key=b'{"id":1,"meta":7}'), of=nested, key="id").fault is Reason.TOMBSTONE_UNHEARD


def test_where_rows_are_nested_the_word_stands_where_the_contract_says():
    nested = item("meta.state", deletedWhen={"from": "meta.state", "values": ["gone"]})
    assert row(said(None, key=b"1"), of=nested, key="id").row == {"id": 1, "meta": {"state": "gone"}}
