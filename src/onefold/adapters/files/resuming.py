"""Going on in a file where an earlier load was interrupted: where that was, and that it is the same file."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from onefold.adapters.files.lines import LineReader
from onefold.record.intake.errors import WrongFile

_BLOCK_BYTES = 1 << 20


class Resumable:
    """What tables share: files of lines begin at an offset, others are read again and give only the rest.

    What decides the rows up to a line are the bytes up to its end, or for other files all of them.
    """

    def __init__(self, path: Path, lines: LineReader | None = None) -> None:
        self.behind_line = 0
        self._file = path
        self._by_line = lines
        self._hashed = sha256()
        self._hashed_bytes = 0

    @property
    def is_resumed(self) -> bool:
        """Whether it begins behind its beginning."""
        return self.behind_line > 0

    def end_of(self, line: int) -> int:
        """How many bytes of the file decide what rows up to a line are, asked when that row was given."""
        return self._by_line.end_of(line) if self._by_line else self._file.stat().st_size

    def begin_behind(self, line: int, offset: int) -> None:
        """Gives rows behind a line alone, which ended at that offset."""
        self.behind_line = line
        if self._by_line is not None:
            self._by_line.begin_behind(line, offset)

    def digest_of(self, offset: int) -> str:
        """The SHA-256 of the bytes up to an offset; going forward, each byte is read once."""
        if offset < self._hashed_bytes:
            self._hashed, self._hashed_bytes = sha256(), 0
        try:
            with self._file.open("rb") as file:
                file.seek(self._hashed_bytes)
                while self._hashed_bytes < offset:
                    block = file.read(min(_BLOCK_BYTES, offset - self._hashed_bytes))
                    if not block:
                        break
                    self._hashed.update(block)
                    self._hashed_bytes += len(block)
        except OSError as error:
            raise WrongFile(f"{self._file.name} cannot be read.", detail=error.strerror or "") from error
        return self._hashed.hexdigest()


class ResumableLines(Resumable):
    """What tables share that are read line by line."""

    def __init__(self, path: Path, lines: LineReader) -> None:
        super().__init__(path, lines)
        self._lines = lines

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        return self._lines.size_bytes

    @property
    def read_bytes(self) -> int:
        """How much of it was read."""
        return self._lines.read_bytes

    @property
    def is_whole(self) -> bool:
        """Whether it was read to an end that looks like one."""
        return self._lines.is_whole
