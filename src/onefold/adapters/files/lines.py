"""Lines of a file in bounded memory, whatever the file holds: a line without an end is hashed, not held."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from onefold.record.intake.errors import WrongFile

BLOCK_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"


class LongLine:
    """A line above the limit: its SHA-256 and its length, without its bytes."""

    __slots__ = ("digest", "size")

    def __init__(self, digest: bytes, size: int) -> None:
        self.digest = digest
        self.size = size


Line = bytes | LongLine


class LineReader:
    """Gives (number of the first line, lines) in blocks; `read_bytes` says how far it is."""

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self._path = path
        self._limit = limit_bytes
        self.read_bytes = 0
        try:
            self.size_bytes = path.stat().st_size
        except OSError as error:
            raise WrongFile(f"{path.name} cannot be read.", detail=error.strerror or "") from error

    def __iter__(self) -> Iterator[tuple[int, list[Line]]]:
        try:
            with self._path.open("rb", buffering=0) as file:
                yield from self._blocks(iter(lambda: file.read(BLOCK_BYTES), b""))
        except OSError as error:
            raise WrongFile(f"{self._path.name} cannot be read.", detail=error.strerror or "") from error

    def _blocks(self, blocks: Iterator[bytes]) -> Iterator[tuple[int, list[Line]]]:
        number = 1
        rest = b""
        for block in blocks:
            if not self.read_bytes:
                block = block.removeprefix(_BOM)
            self.read_bytes += len(block)
            first, more, tail = block.partition(b"\n")
            if not more:
                rest += first
                if len(rest) > self._limit:
                    long, rest = self._skip(rest, blocks)
                    yield number, [long]
                    number += 1
                continue
            lines: list[Line] = [self._line(it) for it in (rest + first, *tail.split(b"\n"))]
            last = lines.pop()
            # A long last piece is not known to be a whole line yet: its end may be in the next block.
            rest = tail.rpartition(b"\n")[2] if isinstance(last, LongLine) else last
            yield number, lines
            number += len(lines)
        if rest:
            yield number, [self._line(rest)]

    def _skip(self, start: bytes, blocks: Iterator[bytes]) -> tuple[LongLine, bytes]:
        """Reads on to the end of a long line; answers it and what follows within the last block."""
        digest = sha256(start)
        size = len(start)
        for block in blocks:
            self.read_bytes += len(block)
            piece, end, rest = block.partition(b"\n")
            digest.update(piece)
            size += len(piece)
            if end:
                return LongLine(digest.digest(), size), rest
        return LongLine(digest.digest(), size), b""

    def _line(self, line: bytes) -> Line:
        if len(line) > self._limit:
            return LongLine(sha256(line).digest(), len(line))
        return line[:-1] if line.endswith(b"\r") else line
