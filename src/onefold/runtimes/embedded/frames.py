"""Frames over a pipe: four bytes of length, then so many bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from onefold.kernel.waiting import can_read

LENGTH_BYTES = 4
READ_BYTES = 1 << 16
"""At once: what a pipe holds."""


def framed(frame: bytes) -> bytes:
    """The frame with its length before it."""
    return len(frame).to_bytes(LENGTH_BYTES, "big") + frame


def write_frame(sink: IO[bytes], frame: bytes) -> None:
    """Writes one frame whole."""
    rest = memoryview(framed(frame))
    while rest:
        rest = rest[sink.write(rest) :]


class Arriving:
    """What came through a pipe so far, taken apart into frames."""

    def __init__(self) -> None:
        self._parts = b""

    def frames(self, part: bytes) -> Iterator[bytes]:
        """The frames that are whole with this part; the rest is kept for the next."""
        found = self._parts + part if self._parts else part
        at = 0
        while len(found) - at >= LENGTH_BYTES:
            end = at + LENGTH_BYTES + int.from_bytes(found[at : at + LENGTH_BYTES], "big")
            if end > len(found):
                break
            yield found[at + LENGTH_BYTES : end]
            at = end
        self._parts = found[at:]


def read_frames(source: IO[bytes]) -> Iterator[bytes]:
    """Frame after frame, until the other side closes the pipe."""
    arriving = Arriving()
    while part := source.read(READ_BYTES):
        yield from arriving.frames(part)


def read_frame(source: IO[bytes], within_seconds: float) -> bytes | None:
    """One frame, of which nobody writes ahead; None at the end of the pipe, or where it takes too long.

    The source does not block: what was to be read another may have read meanwhile.
    """
    arriving = Arriving()
    while can_read(source.fileno(), within_seconds):
        part = source.read(READ_BYTES)
        if part == b"":
            break
        for frame in arriving.frames(part or b""):
            return frame
    return None
