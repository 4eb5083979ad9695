"""JSON Lines whose lines are envelopes: CloudEvents or changes of Debezium, one a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from onefold.adapters.files.lines import LineReader, LongLine
from onefold.adapters.files.resuming import ResumableLines
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import FileShape
from onefold.record.intake.envelopes.codec import read_of
from onefold.record.intake.model import Offered


class EnvelopedTable(ResumableLines):
    """One message a line; `ignored` counts what holds no row by design, by what it is."""

    def __init__(self, path: Path, compiled: CompiledObject, shape: FileShape, lines: LineReader) -> None:
        self.path = path
        self.ignored: Counter[str] = Counter()
        self._item = compiled.item
        self._encoding = shape.encoding
        super().__init__(path, lines)

    def __iter__(self) -> Iterator[Offered]:
        for number, lines in self._lines:
            for at, line in enumerate(lines, number):
                if isinstance(line, LongLine):
                    yield Offered(None, at, fault=Reason.LINE_TOO_LONG, digest=line.digest)
                elif line.strip():
                    found = read_of(self._item, self._utf8(line), at)
                    if found.offered is not None:
                        yield found.offered
                    else:
                        self.ignored[found.ignored] += 1

    def _utf8(self, line: bytes) -> bytes:
        """The line in UTF-8; bytes that are not of the stated encoding make it no JSON."""
        if self._encoding == "utf-8":
            return line
        return line.decode(self._encoding, "replace").encode()
