"""Messages of topics as rows: JSON, Avro in Confluent's wire format, CloudEvents, changes of Debezium.

**What identifies a message.** A CloudEvent has its source and id, a change of Debezium its place in the
database's log: the same event over HTTP, in a file and in a topic is one event. Another row has the id that
the contract reads from it (`messageId`), else its place: topic, partition, offset and time, which are the
same in every redelivery. Then the offset is its order, too: rows of one key stand in one partition, and the
fold keeps the last of a millisecond as the topic does (ADR 0010).

**A tombstone** (a key without a value) says that the row of the key is gone. Debezium has said so before, in
a change of its own. Elsewhere the object's contract has to have a word for it, and the topic's settings have
to say which property the key is; else nobody could hear it, and it is held.
(CloudEvents: Kafka protocol binding 1.0.2. Wire format: a zero byte, the schema's id in four, the data.)
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from onefold.record.contracts.errors import Reason, RowFault
from onefold.record.contracts.model import ObjectContract
from onefold.record.intake.envelopes.cloudevents import parse_event
from onefold.record.intake.envelopes.debezium import TOMBSTONE
from onefold.record.intake.envelopes.debezium import unwrap as unwrap_change
from onefold.record.intake.envelopes.model import Unwrapped, faulty, message_id, read_message
from onefold.record.intake.model import MESSAGE_ID_CHARACTERS_MAX, ORDER_BYTES, Offered
from onefold.record.intake.topics import Message

VALUE_BYTES_MAX = 1 << 20
FRAME_BYTES = 5
"""A zero byte and the id of the schema."""

ReadAvro = Callable[[bytes], Any]
"""A framed value as what JSON can hold; `RowFault` where its schema is unknown or it is not of its schema."""

_ANY = msgspec.json.Decoder()
_MESSAGE_ID = "messageId"


class Form(StrEnum):
    """How the messages of a topic are written."""

    JSON = "json"
    AVRO = "avro"
    CLOUDEVENTS = "cloudevents"
    DEBEZIUM = "debezium"

    @property
    def is_enveloped(self) -> bool:
        """Whether messages say themselves which object they are of."""
        return self in {Form.CLOUDEVENTS, Form.DEBEZIUM}


def read_enveloped(message: Message, form: Form, read_avro: ReadAvro) -> Unwrapped:
    """A message that says which object it is of."""
    value, line = message.value, message.offset
    if value is not None and len(value) > VALUE_BYTES_MAX:
        return faulty(value, line, Reason.MESSAGE_TOO_LARGE)
    if form is Form.CLOUDEVENTS:
        headers = {name.lower(): raw.decode("utf-8", "replace") for name, raw in message.headers}
        return parse_event(headers, value, line)
    if value is None or value.strip() == b"null":
        return Unwrapped((), None, TOMBSTONE)
    change = _decoded(value, read_avro) if _is_framed(value) else read_message(value)
    if isinstance(change, Reason):
        return faulty(value, line, change)
    if change is None:
        return faulty(value, line, Reason.BAD_JSON)
    return unwrap_change(change, line) or faulty(value, line, Reason.BAD_ENVELOPE)


def read_row(message: Message, form: Form, item: ObjectContract, key: str, read_avro: ReadAvro) -> Offered:
    """A message of a topic of rows of one object; `key` is the property that its keys are, or empty."""
    value = message.value
    if value is None:
        return _gone(message, item, key, read_avro)
    if len(value) > VALUE_BYTES_MAX:
        return _held(value, message, Reason.MESSAGE_TOO_LARGE)
    if form is Form.AVRO:
        record = _decoded(value, read_avro)
        return _held(value, message, record) if isinstance(record, Reason) else _stated(record, message, item)
    # Confluent's serializer of JSON Schema puts the same frame around text.
    plain = value[FRAME_BYTES:] if _is_framed(value) else value
    row = read_message(plain)
    if row is None:
        return Offered(None, message.offset, fault=Reason.BAD_JSON, raw=plain)
    return _stated(row, message, item)


def _stated(row: dict[str, Any], message: Message, item: ObjectContract) -> Offered:
    own = row.get(_MESSAGE_ID) if any(it.path == _MESSAGE_ID for it in item.properties) else None
    if isinstance(own, str) and 0 < len(own) <= MESSAGE_ID_CHARACTERS_MAX:
        return Offered(row, message.offset, own)
    place = (message.topic, str(message.partition), str(message.offset), str(message.at_ms))
    order = message.offset.to_bytes(ORDER_BYTES, "big")
    return Offered(row, message.offset, message_id("topic", *place), order=order)


def _gone(message: Message, item: ObjectContract, key: str, read_avro: ReadAvro) -> Offered:
    """A tombstone as the row that says the same in the words of the contract."""
    raw = message.key or b""
    row = _keyed(raw, key, read_avro)
    if item.deleted is None or row is None:
        return _held(raw, message, Reason.TOMBSTONE_UNHEARD)
    *parents, last = [item.deleted.path] if item.flat else item.deleted.path.split(".")
    at = row
    for part in parents:
        inner = at.setdefault(part, {})
        if not isinstance(inner, dict):
            return _held(raw, message, Reason.TOMBSTONE_UNHEARD)
        at = inner
    at[last] = item.deleted.values[0]
    return _stated(row, message, item)


def _keyed(raw: bytes, key: str, read_avro: ReadAvro) -> dict[str, Any] | None:
    """What the key of a message says of its row; None when it cannot be read, or nobody said what it is."""
    if not raw or not key:
        return None
    found: Any
    try:
        if _is_framed(raw):
            found = read_avro(raw)
        else:
            try:
                found = _ANY.decode(raw)
            except (msgspec.DecodeError, RecursionError):
                found = raw.decode()
    except (RowFault, UnicodeDecodeError):
        return None
    if isinstance(found, dict):
        return {str(name): value for name, value in found.items()}
    return {key: found} if isinstance(found, str | int) and not isinstance(found, bool) else None


def _decoded(value: bytes, read_avro: ReadAvro) -> dict[str, Any] | Reason:
    """A record of Avro, or why it is none."""
    if not _is_framed(value):
        return Reason.BAD_ENVELOPE
    try:
        found = read_avro(value)
    except RowFault as fault:
        return fault.reason
    return found if isinstance(found, dict) else Reason.BAD_ENVELOPE


def _is_framed(value: bytes) -> bool:
    """No JSON begins with a zero byte."""
    return len(value) >= FRAME_BYTES and value[0] == 0


def _held(raw: bytes, message: Message, reason: Reason) -> Offered:
    found = faulty(raw, message.offset, reason).offered
    assert found is not None
    return found
