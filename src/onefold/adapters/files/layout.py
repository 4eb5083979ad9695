"""The bytes of a segment file: encode and parse, nothing else. No file is opened here.

    segment  = header · record*
    header   = magic "ONEFOLD1" · log digest (32 bytes) · first sequence u64 · previous chain root (32 bytes)
               · CRC32C of the above u32                                                (84 bytes)
    record   = prefix · body
    prefix   = sequence u64 · place in group u32 · body length u32 · header length u32 · flags u32
               · CRC32C of the body u32 · CRC32C of the prefix so far u32               (32 bytes)
    body     = header · payload, or header · SHA-256 of the payload where flag 1 is set

Integers are little-endian. Flag 1: the payload was compacted to its digest. Flag 2: last of its group, a
group being what one append wrote. The prefix has its own checksum so that a length can be trusted before it
is followed; with sequence and place in group, a record says by itself where it belongs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import google_crc32c

from onefold.kernel.errors import CallerError
from onefold.record.log.merkle import HASH_BYTES, leaf_hash
from onefold.record.log.model import Record

MAGIC = b"ONEFOLD1"
COMPACTED = 1
LAST_OF_GROUP = 2
RECORD_BYTES_MAX = 64 * 1024 * 1024
"""A record above this is refused; it is more than ten times the largest row a door lets in."""

_HEAD = struct.Struct("<8s32sQ32s")
_CRC = struct.Struct("<I")
_PREFIX = struct.Struct("<QIIIII")
_WHOLE_PREFIX = struct.Struct("<QIIIIII")
HEAD_BYTES = _HEAD.size + _CRC.size
PREFIX_BYTES = _WHOLE_PREFIX.size

_crc = google_crc32c.value
_crc_more = google_crc32c.extend


class Head(NamedTuple):
    """What a segment file says about itself before its first record."""

    log: bytes
    first: int
    chain: bytes


class Fault(NamedTuple):
    """Where parsing stopped and why: `short` (the bytes end first), `prefix`, `body` or `order`.

    `end` is where the record would end by its own length, 0 where that is not known.
    """

    kind: str
    offset: int
    sequence: int
    end: int


Entry = tuple[Record, int, int, int]
"""A record, its place in its group, its flags, and the offset where it ends."""


def segment_name(first: int) -> str:
    """The file name of the segment that starts at a sequence."""
    return f"{first:016d}.seg"


def encode_head(head: Head) -> bytes:
    """The header of a new segment file."""
    plain = _HEAD.pack(MAGIC, head.log, head.first, head.chain)
    return plain + _CRC.pack(_crc(plain))


def decode_head(data: bytes) -> Head | None:
    """The header of a segment file; None when it is cut or was changed."""
    if len(data) < HEAD_BYTES:
        return None
    plain = data[: _HEAD.size]
    magic, log, first, chain = _HEAD.unpack(plain)
    if magic != MAGIC or _CRC.unpack_from(data, _HEAD.size)[0] != _crc(plain):
        return None
    return Head(log, first, chain)


def encode_record(sequence: int, place: int, flags: int, header: bytes, rest: bytes) -> bytes:
    """One record; `rest` is the payload, or its digest where the flags say compacted."""
    body = header + rest
    plain = _PREFIX.pack(sequence, place, len(body), len(header), flags, _crc(body))
    return plain + _CRC.pack(_crc(plain)) + body


def encode_group(first: int, entries: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, list[bytes]]:
    """The bytes of one append, and the leaf hash of each of its records."""
    last = len(entries) - 1
    parts: list[bytes] = []
    leaves: list[bytes] = []
    pack, pack_crc = _PREFIX.pack, _CRC.pack
    for place, (header, payload) in enumerate(entries):
        size = len(header) + len(payload)
        if size > RECORD_BYTES_MAX:
            raise CallerError("A record of the log may have 64 MiB.", detail=f"This one has {size} bytes.")
        flags = LAST_OF_GROUP if place == last else 0
        plain = pack(first + place, place, size, len(header), flags, _crc_more(_crc(header), payload))
        parts += (plain, pack_crc(_crc(plain)), header, payload)
        leaves.append(leaf_hash(header, sha256(payload).digest()))
    return b"".join(parts), leaves


def parse(data: bytes, offset: int, sequence: int, most: int) -> tuple[list[Entry], Fault | None]:
    """Up to `most` records from an offset where the record `sequence` should start.

    Stops at the first fault; bytes that end exactly at a record's end are no fault. `offset`, and the
    offsets that come back, count from the start of `data`.
    """
    entries: list[Entry] = []
    unpack = _WHOLE_PREFIX.unpack_from
    size = len(data)
    while len(entries) < most and offset < size:
        start = offset + PREFIX_BYTES
        if start > size:
            return entries, Fault("short", offset, sequence, 0)
        found, place, length, header_length, flags, body_crc, prefix_crc = unpack(data, offset)
        if _crc(data[offset : start - 4]) != prefix_crc:
            return entries, Fault("prefix", offset, sequence, 0)
        end = start + length
        if found != sequence:
            return entries, Fault("order", offset, sequence, end)
        if end > size:
            return entries, Fault("short", offset, sequence, end)
        body = data[start:end]
        if _crc(body) != body_crc or not _well_formed(length, header_length, flags):
            return entries, Fault("body", offset, sequence, end)
        rest = body[header_length:]
        if flags & COMPACTED:
            record = Record(sequence, body[:header_length], None, rest)
        else:
            record = Record(sequence, body[:header_length], rest, sha256(rest).digest())
        entries.append((record, place, flags, end))
        sequence += 1
        offset = end
    return entries, None


def skip(data: bytes, offset: int, sequence: int, until: int) -> tuple[int, int, Fault | None]:
    """Hops over records by their prefixes, without reading bodies, up to the record `until`.

    Returns the offset and sequence where it stopped, and why if before `until`.
    """
    unpack = _WHOLE_PREFIX.unpack_from
    size = len(data)
    while sequence < until:
        if offset + PREFIX_BYTES > size:
            return offset, sequence, Fault("short", offset, sequence, 0)
        found, _, length, _, _, _, prefix_crc = unpack(data, offset)
        if _crc(data[offset : offset + PREFIX_BYTES - 4]) != prefix_crc:
            return offset, sequence, Fault("prefix", offset, sequence, 0)
        end = offset + PREFIX_BYTES + length
        if found != sequence:
            return offset, sequence, Fault("order", offset, sequence, end)
        if end > size:
            return offset, sequence, Fault("short", offset, sequence, end)
        offset = end
        sequence += 1
    return offset, sequence, None


def group_of(data: bytes, offset: int) -> tuple[int, int] | None:
    """Sequence, and first sequence of its group, of a whole and valid record that starts here, if any."""
    if offset + PREFIX_BYTES > len(data):
        return None
    plain = data[offset : offset + _PREFIX.size]
    if _crc(plain) != _CRC.unpack_from(data, offset + _PREFIX.size)[0]:
        return None
    sequence, place, length, _, _, body_crc = _PREFIX.unpack(plain)
    body = data[offset + PREFIX_BYTES : offset + PREFIX_BYTES + length]
    if len(body) != length or _crc(body) != body_crc:
        return None
    return sequence, sequence - place


def _well_formed(length: int, header_length: int, flags: int) -> bool:
    if flags & ~(COMPACTED | LAST_OF_GROUP) or header_length > length:
        return False
    return not flags & COMPACTED or length - header_length == HASH_BYTES
