"""Calls of the tracking API: batches, single calls, packed bodies."""

from __future__ import annotations

import gzip
import json
import zlib

from onefold.kernel.errors import CallerError
from onefold.record.contracts.model import CALLS
from onefold.record.intake.depth import DEPTH_MAX
from onefold.record.intake.segment import (
    MESSAGE_BYTES_MAX,
    REQUEST_BYTES_MAX,
    inflate,
    parse_batch,
    parse_call,
)
from tests.fuzz import hostile
from tests.fuzz.bank import Call, offer_calls
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal

SOURCES = ("digital", "marketing")
_CALL = {
    b"type": b'"identify"',
    b"messageId": b'"m-1"',
    b"userId": b'"u-1"',
    b"anonymousId": b'"a-1"',
    b"timestamp": b'"2025-05-01T10:00:00Z"',
    b"event": b'"Order Completed"',
    b"traits": b'{"firstName":"Anna","email":"anna@bank.uz","phone":"+998901234567","birthday":"1990-01-02"}',
    b"properties": b'{"amount":12.5}',
    b"context": b'{"device":{"type":"ios"},"consent":{"categoryPreferences":{"Advertising":true}}}',
}
_KINDS = (*(b'"' + it.encode() + b'"' for it in CALLS), b'"dance"', b"7")


def _message(draws: Draws) -> bytes:
    return hostile.filled(draws, _CALL | {b"type": draws.choice(_KINDS)})


def _batch_body(data: bytes) -> bytes:
    """As it is, or made of what follows."""
    draws = Draws(data)
    if draws.number(0, 3) == 0:
        return draws.rest()
    items = b",".join(draws.many(lambda: _message(draws), 5))
    context = b',"context":' + _CALL[b"context"] if draws.flag() else b""
    return b'{"batch":[' + items + b"]" + context + b"}"


def run_batch(data: bytes) -> None:
    """A batch, from its bytes to the state; each of its items is one call, wherever it stands."""
    body = _batch_body(data)
    try:
        calls = parse_batch(body)
    except CallerError as error:
        says_nothing_personal(error)
        return
    assert [it[2].line for it in calls] == list(range(1, len(calls) + 1))
    for name, event, offered in calls:
        assert name in (*CALLS, "unknown")
        assert isinstance(event, str)
        assert (offered.row is None) == (offered.fault is not None)
    for source in SOURCES:
        offer_calls(source, calls)


def run_call(data: bytes) -> None:
    """One call means what it means as the only one of a batch."""
    draws = Draws(data)
    kind = draws.choice(CALLS)
    body = draws.rest() if draws.number(0, 3) == 0 else _message(draws)
    try:
        one = parse_call(kind, body)
    except CallerError as error:
        says_nothing_personal(error)
        return
    _agrees(kind, body, one)
    offer_calls("digital", [one])


def _agrees(kind: str, body: bytes, one: Call) -> None:
    (name, event, offered) = one
    assert name == kind
    assert (len(body) > MESSAGE_BYTES_MAX) == (offered.row is None)
    if body.count(b"[") + body.count(b"{") > DEPTH_MAX:
        return  # Two levels more may be beyond what is read, also where a key that stands twice hides them.
    (other,) = parse_batch(b'{"batch":[' + body + b"]}")
    if offered.row is not None and other[0] == kind:  # In a batch a call says itself what it is.
        assert (name, event, repr(offered.row)) == (other[0], other[1], repr(other[2].row))


def run_inflate(data: bytes) -> None:
    """What is unpacked is what the standard library unpacks, within the bound; the rest is turned away."""
    draws = Draws(data)
    encoding = draws.choice(("gzip", "deflate", "", "identity", "br", "x" * 99))
    plain = draws.take(4000) if draws.flag() else b"x" * draws.number(0, 600_000)
    body = hostile.packed(draws, plain) if draws.number(0, 4) else draws.rest()
    try:
        found = inflate(body, encoding)
    except CallerError as error:
        says_nothing_personal(error)
        return
    assert len(found) <= REQUEST_BYTES_MAX
    if encoding in ("", "identity"):
        assert found == body
    else:
        assert found == _first_member(body)


def _first_member(body: bytes) -> bytes:
    return zlib.decompressobj(47).decompress(body)


_WHOLE = json.dumps(
    {"batch": [{"type": "identify", "messageId": "1", "userId": "u", "traits": {"name": "Anna"}}]}
)
_WORDS = (
    *(b'"' + it.encode() + b'"' for it in (*CALLS, "batch", "type", "userId", "traits")),
    b"\\u0000",
    b"1e400",
)

TARGETS = (
    Target(
        "tracking-batch", run_batch, (b"\0" + _WHOLE.encode(), b"\1\4" + bytes(range(200))), _WORDS, share=3
    ),
    Target(
        "tracking-call",
        run_call,
        (b"\0\0" + b'{"userId":"u","messageId":"1"}', b"\0\1" + bytes(80)),
        _WORDS,
        3,
    ),
    Target(
        "tracking-packed",
        run_inflate,
        (b"\0\1\7payload" + gzip.compress(b"payload", mtime=0), b"\1\0\0\1"),
        (),
    ),
)
