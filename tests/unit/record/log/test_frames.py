"""Headers and bodies as bytes."""

from __future__ import annotations

import msgspec
import pytest

from onefold.kernel.errors import Damaged
from onefold.record.log.frames import decode_bodies, decode_header, encode_bodies, encode_header
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
