"""The durable mark: how far readers of a log may read. Sixteen-odd bytes that are rewritten in place.

Never synced: after a power failure it may be old, never ahead. Opening the log sets it right.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import NamedTuple

import google_crc32c

_MARK = struct.Struct("<QQQ")
_CRC = struct.Struct("<I")
MARK_BYTES = _MARK.size + _CRC.size
_TRIES = 100


class Mark(NamedTuple):
    """The last durable sequence, the first sequence of the segment it is in, and where its record ends."""

    sequence: int
    segment: int
    end: int


def write_mark(descriptor: int, mark: Mark) -> None:
    """Replaces the mark; a failure is the system's (`OSError`)."""
    plain = _MARK.pack(*mark)
    os.pwrite(descriptor, plain + _CRC.pack(google_crc32c.value(plain)), 0)


def read_mark(descriptor: int) -> Mark | None:
    """The mark; None when there is none or it was damaged. A write that is seen half is read again."""
    for _ in range(_TRIES):
        data = os.pread(descriptor, MARK_BYTES, 0)
        if len(data) != MARK_BYTES:
            return None
        plain = data[: _MARK.size]
        if _CRC.unpack_from(data, _MARK.size)[0] == google_crc32c.value(plain):
            return Mark(*_MARK.unpack(plain))
    return None


def stored_mark(folder: Path) -> Mark | None:
    """The mark of a log's folder, if it has one."""
    try:
        descriptor = os.open(folder / "durable", os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return read_mark(descriptor)
    finally:
        os.close(descriptor)


def has_mark(folder: Path) -> bool:
    """Whether the folder has a mark, good or not; an empty file is none yet."""
    try:
        return (folder / "durable").stat().st_size > 0
    except FileNotFoundError:
        return False
