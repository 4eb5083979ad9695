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
    """Gives (number of the first line, lines) in blocks; `read_bytes` says how far it is.

    `is_whole` once it was read to an end that looks like one: the last line ends, and the size stayed.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        self._path = path
        self._limit = limit_bytes
        self.read_bytes = 0
        self.is_whole = False
        self._begin = (0, 1)
        self._placed: tuple[int, int, list[int]] = (1, 0, [])
        try:
            self.size_bytes = path.stat().st_size
        except OSError as error:
            raise WrongFile(f"{path.name} cannot be read.", detail=error.strerror or "") from error

    def begin_behind(self, line: int, offset: int) -> None:
        """Reads from an offset on, at which the line with that number has ended."""
        self._begin = (offset, line + 1)

    def end_of(self, line: int) -> int:
        """The offset behind a line of the block that was given last."""
        first, offset, lengths = self._placed
        return min(self.size_bytes, offset + sum(length + 1 for length in lengths[: line - first + 1]))

    def __iter__(self) -> Iterator[tuple[int, list[Line]]]:
        self.read_bytes = self._begin[0]
        self.is_whole = False
        try:
            with self._path.open("rb", buffering=0) as file:
                file.seek(self._begin[0])
                yield from self._blocks(iter(lambda: file.read(BLOCK_BYTES), b""))
                end = file.tell()
                file.seek(max(0, end - 1))
                self.is_whole = file.read(2) == b"\n" and end == self.size_bytes
        except OSError as error:
            raise WrongFile(f"{self._path.name} cannot be read.", detail=error.strerror or "") from error

    def _blocks(self, blocks: Iterator[bytes]) -> Iterator[tuple[int, list[Line]]]:
        offset, number = self._begin
        rest = b""
        skipped = sha256()
        skipped_bytes = 0
        for block in blocks:
            self.read_bytes += len(block)
            if self.read_bytes == len(block) and block.startswith(_BOM):
                block = block.removeprefix(_BOM)
                offset = len(_BOM)
            if skipped_bytes:
                piece, end, block = block.partition(b"\n")
                skipped.update(piece)
                skipped_bytes += len(piece)
                if not end:
                    continue
                self._placed = (number, offset, [skipped_bytes])
                yield number, [LongLine(skipped.digest(), skipped_bytes)]
                number += 1
                offset += skipped_bytes + 1
                skipped_bytes = 0
            *pieces, rest = (rest + block).split(b"\n")
            if pieces:
                self._placed = (number, offset, [len(piece) for piece in pieces])
                yield number, [self._line(piece) for piece in pieces]
                number += len(pieces)
                offset += sum(self._placed[2]) + len(pieces)
            if len(rest) > self._limit:
                skipped, skipped_bytes, rest = sha256(rest), len(rest), b""
        self._placed = (number, offset, [skipped_bytes or len(rest)])
        if skipped_bytes:
            yield number, [LongLine(skipped.digest(), skipped_bytes)]
        elif rest:
            yield number, [self._line(rest)]

    def _line(self, line: bytes) -> Line:
        if len(line) > self._limit:
            return LongLine(sha256(line).digest(), len(line))
        return line[:-1] if line.endswith(b"\r") else line
