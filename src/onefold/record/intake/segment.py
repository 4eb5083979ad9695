"""Calls in the format of the Segment tracking API, as rows of the objects of the same names.

A message is taken as it is; the contract of the source says what of it is kept and what it means. Limits
are Segment's: 500 KB a request, 32 KB a message. `messageId` makes a retry the same event. When something
happened is `timestamp` as the client wrote it: correcting it by `sentAt` would change it with every retry.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import Any

import msgspec

from onefold.kernel.errors import CallerError
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import CALLS
from onefold.record.intake.errors import TooLarge
from onefold.record.intake.model import MESSAGE_ID_CHARACTERS_MAX, Offered

_WITH_TRAITS = ("identify", "group")
REQUEST_BYTES_MAX = 500_000
MESSAGE_BYTES_MAX = 32_000
_DEFLATED_MAX_WINDOW = 47

Call = tuple[str, str, Offered]
"""(call, event name of a track, row): what `Door.offer_calls` takes."""


class _Batch(msgspec.Struct):
    batch: list[msgspec.Raw]
    context: dict[str, Any] | None = None


_BATCH = msgspec.json.Decoder(_Batch)
_MESSAGE = msgspec.json.Decoder(dict[str, Any])


def inflate(body: bytes, encoding: str) -> bytes:
    """The body without its `Content-Encoding` (gzip, deflate, none), never larger than a request may be."""
    if encoding in {"", "identity"}:
        plain = body
    elif encoding in {"gzip", "deflate"}:
        unpacker = zlib.decompressobj(_DEFLATED_MAX_WINDOW)
        try:
            plain = unpacker.decompress(body, REQUEST_BYTES_MAX + 1)
        except zlib.error:
            raise CallerError(f"The body is not {encoding}.", hint="Check Content-Encoding.") from None
        if not unpacker.eof and len(plain) <= REQUEST_BYTES_MAX:
            raise CallerError(f"The body is not whole {encoding}.", hint="Send it again.")
    else:
        raise CallerError("That Content-Encoding is not taken.", hint="Send gzip, or none.")
    if len(plain) > REQUEST_BYTES_MAX:
        raise TooLarge(
            "The request is too large.",
            detail=f"At most {REQUEST_BYTES_MAX} bytes, after unpacking.",
            hint="Send smaller batches.",
        )
    return plain


def parse_batch(body: bytes) -> list[Call]:
    """The calls of a batch in order; `CallerError` when it is not a batch at all.

    What is wrong with one message is that message's fault. A `context` of the batch is under that of each.
    """
    _limit(body)
    try:
        batch = _BATCH.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CallerError(
            "The body is not a batch.", hint='Send JSON such as {"batch": [{"type": "track", …}]}.'
        ) from None
    calls = []
    for number, raw in enumerate(batch.batch, 1):
        call = _call(bytes(raw), "", number)
        row = call[2].row
        if batch.context and row is not None:
            own = row.get("context")
            row["context"] = {**batch.context, **own} if isinstance(own, dict) else own or batch.context
        calls.append(call)
    return calls


def parse_call(kind: str, body: bytes) -> Call:
    """The one call of `POST /v1/<kind>`; `CallerError` when it is not a JSON object."""
    _limit(body)
    call = _call(body, kind, 1)
    if call[2].fault is Reason.BAD_JSON:
        raise CallerError("The body is not a JSON object.", hint=f"Send the {kind} call as JSON.")
    return call


def _limit(body: bytes) -> None:
    if len(body) > REQUEST_BYTES_MAX:
        raise TooLarge("The request is too large.", detail=f"At most {REQUEST_BYTES_MAX} bytes.")


def _call(raw: bytes, kind: str, number: int) -> Call:
    if len(raw) > MESSAGE_BYTES_MAX:
        return _faulty(raw, kind, number, Reason.MESSAGE_TOO_LARGE)
    try:
        message = _MESSAGE.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _faulty(raw, kind, number, Reason.BAD_JSON)
    named = kind or message.get("type")
    if named in _WITH_TRAITS and "traits" not in message:
        _lift_traits(message)
    if kind:
        message["type"] = kind
    event = message.get("event")
    return (
        named if named in CALLS else "unknown",
        event if isinstance(event, str) else "",
        Offered(message, number, _message_id(message.get("messageId"))),
    )


def _lift_traits(message: dict[str, Any]) -> None:
    """RudderStack's libraries put the traits of these calls into the context, where no contract looks."""
    context = message.get("context")
    if isinstance(context, dict) and isinstance(context.get("traits"), dict):
        message["traits"] = context["traits"]


def _faulty(raw: bytes, kind: str, number: int, reason: Reason) -> Call:
    """Without a row nothing can be left out of it, so only the digest goes on."""
    return kind or "unknown", "", Offered(None, number, fault=reason, digest=sha256(raw).digest())


def _message_id(value: Any) -> str:
    """Ids of other types or beyond all length are no ids: such an event is known by its row."""
    return value if isinstance(value, str) and len(value) <= MESSAGE_ID_CHARACTERS_MAX else ""
