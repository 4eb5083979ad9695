"""The bytes of a frame's header and of its bodies before sealing; no keys, no disk.

A header is the MessagePack array of `FrameHeader`: fields may be appended with a default, never moved or
removed (an older header then still decodes; upcasting.py says what else can happen). The plaintext of a
payload is the MessagePack array of the bodies, in the order of `FrameHeader.events`.
"""

from __future__ import annotations

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


encode_bodies = _ENCODER.encode
"""The plaintext of a payload: a sequence of bodies as one byte string."""


def decode_bodies(data: bytes) -> list[bytes]:
    """The bodies of an opened payload, in the order of the header's events."""
    try:
        return _BODIES.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged("The bodies of a frame cannot be read.", detail=str(error)) from error
