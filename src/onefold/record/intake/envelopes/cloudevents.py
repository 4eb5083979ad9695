"""CloudEvents 1.0 over HTTP and in topics, in every mode, as rows of the objects of their types.

A row is the event in the JSON format, so a contract reads `subject`, `time` or `data.email` in whatever mode
it came. `source` and `id` name an event for ever, as the specification says: a redelivery is the same event.
(CloudEvents 1.0.2: HTTP and Kafka protocol bindings, JSON event format.)
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import Reason
from onefold.record.intake.envelopes.model import Unwrapped, faulty, message_id, read_items, read_message
from onefold.record.intake.errors import WrongEnvelope
from onefold.record.intake.model import Offered

EVENT_BYTES_MAX = 64 << 10
"""What consumers of CloudEvents are to take at least."""
BATCH_EVENTS_MAX = 2_500

_STRUCTURED = "application/cloudevents"
_BATCHED = "application/cloudevents-batch"
_REQUIRED = ("id", "source", "type")
_VERSION = "1.0"
_JSON_KIND = re.compile(r"[\w.+-]+/([\w.+-]+\+)?json")
_ATTRIBUTE = re.compile(r"[a-z0-9]{1,64}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ANY = msgspec.json.Decoder()


def parse_request(headers: Mapping[str, str], body: bytes) -> list[Unwrapped]:
    """The events of one request, unpacked already; `CallerError` when it is no request of CloudEvents.

    In a batch each event is judged by itself; a single one that is no CloudEvent is the sender's mistake.
    """
    kind = _media_type(headers.get("content-type", ""))
    if kind.startswith(_BATCHED):
        _only_json(kind, _BATCHED)
        return _batch(body)
    if kind.startswith(_STRUCTURED):
        _only_json(kind, _STRUCTURED)
        event = read_message(body)
        if event is None:
            raise CallerError("The body is not a JSON object.", hint="Send the event in the JSON format.")
    else:
        event = _binary(headers, body, kind)
    if len(body) > EVENT_BYTES_MAX:
        return [faulty(body, 1, Reason.MESSAGE_TOO_LARGE)]
    found = unwrap(event, 1)
    if found is None:
        raise WrongEnvelope(
            "That is not a CloudEvent of version 1.0.",
            detail="It needs specversion 1.0 and id, source and type, none of them empty.",
            hint="Send ce-… headers, or Content-Type application/cloudevents+json.",
        )
    return [found]


def parse_event(headers: Mapping[str, str], value: bytes | None, line: int) -> Unwrapped:
    """One event of a topic; one that is none is held, since sending it again would not mend it.

    Binary mode has its attributes in `ce_` headers, as they are; data without a content type is JSON.
    """
    raw, kind = value or b"", _media_type(headers.get("content-type", ""))
    if kind.startswith(_STRUCTURED):
        event = read_message(raw) if kind in {_STRUCTURED, f"{_STRUCTURED}+json"} else {}
        if event is None:
            return faulty(raw, line, Reason.BAD_JSON)
        return unwrap(event, line) or faulty(raw, line, Reason.BAD_ENVELOPE)
    named = ((name.removeprefix("ce_"), name, text) for name, text in headers.items())
    event = {attribute: text for attribute, name, text in named if attribute != name}
    event.pop("datacontenttype", None)
    if kind:
        event["datacontenttype"] = headers["content-type"]
    if raw:
        try:
            event["data"] = _data(raw, kind or "application/json")
        except WrongEnvelope:
            return faulty(raw, line, Reason.BAD_ENVELOPE)
    return unwrap(event, line) or faulty(raw, line, Reason.BAD_ENVELOPE)


def unwrap(event: dict[str, Any], line: int) -> Unwrapped | None:
    """One event in the JSON format as a row; None when it is no CloudEvent."""
    needed = [event.get(name) for name in _REQUIRED]
    if event.get("specversion") != _VERSION or not all(isinstance(it, str) and it for it in needed):
        return None
    identity, source, kind = (str(it) for it in needed)
    row = event
    if "data_base64" in event:
        row = {name: value for name, value in event.items() if name != "data_base64"}
        try:
            data = base64.b64decode(event["data_base64"], validate=True)
            row["data"] = _data(data, _media_type(event.get("datacontenttype") or "application/json"))
        except (binascii.Error, ValueError, TypeError, WrongEnvelope):
            return None
    return Unwrapped((kind,), Offered(row, line, message_id("cloudevents", source, identity)))


def _batch(body: bytes) -> list[Unwrapped]:
    items = read_items(body)
    if items is None:
        raise CallerError("The body is not a batch.", hint="Send a JSON array of events.")
    if len(items) > BATCH_EVENTS_MAX:
        raise CallerError(f"The batch has more than {BATCH_EVENTS_MAX} events.", hint="Send smaller batches.")
    return [_item(raw, number) for number, raw in enumerate(items, 1)]


def _item(raw: bytes, number: int) -> Unwrapped:
    if len(raw) > EVENT_BYTES_MAX:
        return faulty(raw, number, Reason.MESSAGE_TOO_LARGE)
    event = read_message(raw)
    if event is None:
        return faulty(raw, number, Reason.BAD_JSON)
    return unwrap(event, number) or faulty(raw, number, Reason.BAD_ENVELOPE)


def _binary(headers: Mapping[str, str], body: bytes, kind: str) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for name, value in headers.items():
        attribute = name.lower().removeprefix("ce-")
        if attribute != name.lower() and _ATTRIBUTE.fullmatch(attribute):
            event[attribute] = _header_value(value)
    if "datacontenttype" in event:
        raise CallerError("ce-datacontenttype is not a header.", hint="Send it as Content-Type.")
    if kind:
        event["datacontenttype"] = headers["content-type"]
    if body:
        event["data"] = _data(body, kind)
    return event


def _data(raw: bytes, kind: str) -> Any:
    """The data as a value: decoded where it is JSON, text where it is text, else in base64."""
    if _JSON_KIND.fullmatch(kind):
        try:
            return _ANY.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise WrongEnvelope("The data is not the JSON that its content type says.") from None
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode()


def _header_value(value: str) -> str:
    """A header as the attribute it stands for: quotes undone, then one round of percent-decoding."""
    quoted = _QUOTED.fullmatch(value)
    if quoted:
        value = re.sub(r"\\(.)", r"\1", quoted.group(1))
    try:
        return unquote_to_bytes(value.encode("latin-1")).decode()
    except UnicodeError:
        raise CallerError("A ce- header is not percent-encoded UTF-8.") from None


def _media_type(value: Any) -> str:
    return value.partition(";")[0].strip().lower() if isinstance(value, str) else ""


def _only_json(kind: str, prefix: str) -> None:
    if kind not in {prefix, f"{prefix}+json"}:
        raise CallerError("Only the JSON format of CloudEvents is taken.", hint=f"Send {prefix}+json.")
