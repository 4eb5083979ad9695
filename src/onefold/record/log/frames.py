"""The bytes of a frame's header and of its bodies before sealing; no keys, no disk.

A header is the MessagePack array of `FrameHeader`: fields may be appended with a default, never moved or
removed (an older header then still decodes; upcasting.py says what else can happen). The plaintext of a
payload is the MessagePack array of the bodies, in the order of `FrameHeader.events`. A long one is deflated
before it is sealed (RFC 1950): the rows of one account say the same names and words over and over. Which it
is, its first byte tells: no array begins as a deflated stream does.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import msgspec

from onefold.kernel.errors import Damaged
from onefold.record.log.model import FrameHeader
from onefold.record.log.upcasting import header_fields

_ENCODER = msgspec.msgpack.Encoder()
_HEADERS = msgspec.msgpack.Decoder(FrameHeader)
_BODIES = msgspec.msgpack.Decoder(list[bytes])

encode_header = _ENCODER.encode
"""The stored bytes of a `FrameHeader`; bound as it is because it runs once a frame."""


def decode_header(data: bytes) -> FrameHeader:
    """The header of stored bytes; `Damaged` when they are not one."""
    try:
        return _HEADERS.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        fields = header_fields(data)
    try:
        return msgspec.convert(fields, FrameHeader)
    except msgspec.MsgspecError as error:
        raise Damaged("A frame header cannot be read.", detail=str(error)) from error


DEFLATED_FROM = 1024
"""Bytes of a plaintext below which deflating costs more time than it saves room."""
DEFLATED_TO_MAX = 64 * 1024 * 1024
"""A frame holds about a mebibyte; one that says more is not followed."""
_LEVEL = 3
_DEFLATED = b"\x78"


def encode_bodies(bodies: Sequence[bytes]) -> bytes:
    """The plaintext of a payload: a sequence of bodies as one byte string."""
    plain = _ENCODER.encode(bodies)
    if len(plain) < DEFLATED_FROM:
        return plain
    return min(zlib.compress(plain, _LEVEL), plain, key=len)


def decode_bodies(data: bytes) -> list[bytes]:
    """The bodies of an opened payload, in the order of the header's events; `Damaged` when it is none."""
    try:
        return _BODIES.decode(_inflated(data) if data[:1] == _DEFLATED else data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, zlib.error) as error:
        raise Damaged("The bodies of a frame cannot be read.", detail=str(error)) from error


def _inflated(data: bytes) -> bytes:
    """The whole of a deflated stream that ends where the bytes do."""
    stream = zlib.decompressobj()
    plain = stream.decompress(data, DEFLATED_TO_MAX)
    if not stream.eof or stream.unused_data:
        raise zlib.error("It does not end where it should.")
    return plain
