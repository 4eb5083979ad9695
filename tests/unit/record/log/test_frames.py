"""Headers and bodies as bytes."""

from __future__ import annotations

import os
import zlib

import msgspec
import pytest

from onefold.kernel.errors import Damaged
from onefold.record.log.frames import (
    DEFLATED_FROM,
    DEFLATED_TO_MAX,
    decode_bodies,
    decode_header,
    encode_bodies,
    encode_header,
)
from onefold.record.log.model import EventHeader, EventKind, FrameHeader

EVENT = EventHeader(b"e" * 16, b"f" * 16, EventKind.PATCH, 1_700_000_000_000, b"d" * 16, 12)
HEADER = FrameHeader(
    cell="demo/uz",
    source="core",
    object="customers",
    contract="1.2.0",
    entity="party",
    subject_id=b"s" * 16,
    recorded_at=1_700_000_000_001,
    nonce=b"n" * 12,
    events=(EVENT, EVENT),
)


def test_a_header_comes_back_as_it_was():
    assert decode_header(encode_header(HEADER)) == HEADER


def test_equal_headers_have_equal_bytes():
    assert encode_header(HEADER) == encode_header(msgspec.structs.replace(HEADER))


def test_a_header_is_an_array_so_that_no_field_name_is_stored():
    values = msgspec.msgpack.decode(encode_header(HEADER))
    assert values[:6] == ["demo/uz", "core", "customers", "1.2.0", "party", b"s" * 16]
    assert values[8][0][2] == "patch"


def test_a_header_with_a_field_that_is_not_known_yet_is_still_read():
    later = msgspec.msgpack.encode([*msgspec.msgpack.decode(encode_header(HEADER)), "new"])
    assert decode_header(later) == HEADER


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x90", encode_header(HEADER)[:-1]])
def test_bytes_that_are_no_header_are_damage(data):
    with pytest.raises(Damaged):
        decode_header(data)


def test_bodies_come_back_in_their_order():
    assert decode_bodies(encode_bodies([b'{"a":1}', b"", bytes(300)])) == [b'{"a":1}', b"", bytes(300)]


def test_a_long_frame_takes_less_room_and_comes_back():
    bodies = [b'{"number":%d,"currency":"UZS"}' % it for it in range(1000)]
    stored = encode_bodies(bodies)
    assert len(stored) < sum(map(len, bodies)) / 4
    assert decode_bodies(stored) == bodies


@pytest.mark.parametrize(
    "bodies", [[b"x" * 40] * 3, [os.urandom(4 * DEFLATED_FROM)]], ids=["short", "random"]
)
def test_what_gets_no_smaller_is_stored_as_it_is(bodies: list[bytes]):
    assert encode_bodies(bodies) == msgspec.msgpack.encode(bodies)
    assert decode_bodies(encode_bodies(bodies)) == bodies


def test_a_frame_of_an_earlier_version_is_read():
    long = [b'{"number":1}' * 200] * 3
    assert decode_bodies(msgspec.msgpack.encode(long)) == long


def test_no_array_begins_as_a_deflated_stream_does():
    starts = {msgspec.msgpack.encode([b""] * size)[:1] for size in (0, 1, 15, 16, 65_535, 65_536)}
    assert zlib.compress(b"", 3)[:1] not in starts


@pytest.mark.parametrize(
    "data",
    [
        zlib.compress(msgspec.msgpack.encode([b"body"]))[:-1],
        zlib.compress(msgspec.msgpack.encode([b"body"])) + b"x",
        zlib.compress(b"\x91\x01"),
        zlib.compress(msgspec.msgpack.encode([bytes(DEFLATED_TO_MAX)])),
        b"\x78",
    ],
    ids=["cut", "more behind it", "no bodies", "too long", "nothing"],
)
def test_a_deflated_stream_that_cannot_be_is_damage(data: bytes):
    with pytest.raises(Damaged):
        decode_bodies(data)


@pytest.mark.parametrize("data", [b"", b"\x01", b"\x91\x01"])
def test_bytes_that_are_no_bodies_are_damage(data):
    with pytest.raises(Damaged):
        decode_bodies(data)


@pytest.mark.parametrize("read", [decode_header, decode_bodies])
@pytest.mark.parametrize(
    "data", [b"\xa1\xff", b"\x91\xa1\xff", b"\x91" * 5000], ids=["text", "inner text", "deep"]
)
def test_bytes_that_are_no_text_or_too_deep_are_damage(read, data):
    with pytest.raises(Damaged):
        read(data)
