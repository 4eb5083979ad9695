"""Tables in files, delimited text and JSON Lines, as offered rows: a line a row, each bad line on its own.

Opening looks at the first line: a file that is not what the contract says is one error (`WrongFile`) before
anything is logged. After that no line stops the file. A line is one row always, so a quote that is opened
and not closed spoils its own line and no other (RFC 4180 line breaks within quotes are not taken).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, Protocol

import msgspec

from onefold.adapters.files.documents import DocumentTable, folder_of
from onefold.adapters.files.enveloped import EnvelopedTable
from onefold.adapters.files.lines import Line, LineReader, LongLine
from onefold.adapters.files.resuming import ResumableLines
from onefold.adapters.files.shape import (
    check_columns,
    check_first_object,
    csv_columns,
    delimited,
    top_names,
)
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.model import FileShape
from onefold.record.contracts.rows import columns_of
from onefold.record.intake.documents.model import Folder
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered

Rows = Iterator[Offered]
_OBJECT: Callable[[bytes], dict[str, Any]] = msgspec.json.Decoder(dict[str, Any]).decode


class Table(Protocol):
    """An open file as rows; `read_bytes` of `size_bytes` tells how far it is."""

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        ...

    @property
    def read_bytes(self) -> int:
        """How much of it was read."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether it was read to an end that looks like one; False before that."""
        ...

    def end_of(self, line: int) -> int:
        """How many bytes of the file decide what rows up to a line are, asked when that row was given."""
        ...

    def begin_behind(self, line: int, offset: int) -> None:
        """Gives rows behind a line alone, which ended at that offset."""
        ...

    def digest_of(self, offset: int) -> str:
        """What tells the bytes up to an offset from others."""
        ...

    def __iter__(self) -> Rows: ...


def open_table(path: Path | Folder, compiled: CompiledObject) -> Table:
    """The table of an object in a file, or in documents; `WrongFile` says what to look at."""
    shape = compiled.item.file
    if shape is None:
        raise WrongFile(
            f"{compiled.source}/{compiled.name} does not come in files.",
            hint="Give the object a custom property `file` in its contract.",
        )
    if shape.documents is not None:
        return DocumentTable(folder_of(path), compiled)
    assert isinstance(path, Path)
    # What reads these is imported for them alone: it takes longer than most commands.
    if shape.format == "parquet":
        from onefold.adapters.files.columnar import ParquetTable

        return ParquetTable(path, compiled)
    if shape.format == "xlsx":
        from onefold.adapters.files.sheets import SheetTable

        return SheetTable(path, compiled)
    lines = LineReader(path, shape.line_limit_bytes)
    if not lines.size_bytes:
        raise WrongFile(
            f"{path.name} is empty.", hint="Nothing was loaded; ask the source for the file again."
        )
    if compiled.item.envelope is not None:
        return EnvelopedTable(path, compiled, shape, lines)
    if shape.is_delimited:
        return CsvTable(path, compiled, shape, lines)
    return JsonLinesTable(path, compiled, shape, lines)


class _LineTable(ResumableLines):
    """What CSV and JSON Lines share: blocks of lines, decoded; faults of single lines."""

    _keeps = False

    def __init__(self, path: Path, compiled: CompiledObject, shape: FileShape, lines: LineReader) -> None:
        self.path = path
        self.compiled = compiled
        self.shape = shape
        super().__init__(path, lines)

    def first_line(self) -> str:
        """The first line with anything in it; `WrongFile` when it is not text."""
        every = chain.from_iterable(lines for _, lines in self._lines)
        first = next((line for line in every if isinstance(line, LongLine) or line.strip()), None)
        if isinstance(first, bytes):
            return self._text(first)
        raise WrongFile(
            f"{self.path.name} has no first line that can be read.",
            detail=f"No text within {self.shape.line_limit_bytes} bytes.",
            hint="Is it the right file? Is it compressed?",
        )

    def _bad(self, number: int, fault: Reason, line: Line) -> Offered:
        if isinstance(line, LongLine):
            return Offered(None, number, fault=fault, digest=line.digest)
        if not self._keeps:
            return Offered(None, number, fault=fault, digest=sha256(line).digest())
        return Offered(None, number, fault=fault, raw=line)

    def _text(self, line: bytes) -> str:
        try:
            return line.decode(self.shape.encoding)
        except UnicodeDecodeError:
            raise WrongFile(
                f"{self.path.name} is not text in {self.shape.encoding}.",
                hint="Mend file.encoding in the contract, or ask the source for another encoding.",
            ) from None


class CsvTable(_LineTable):
    """Lines of fields. Columns are found by name; those the contract does not know are not read."""

    def __init__(self, path: Path, compiled: CompiledObject, shape: FileShape, lines: LineReader) -> None:
        super().__init__(path, compiled, shape, lines)
        declared, _ = columns_of(compiled.item)
        if shape.header:
            columns = csv_columns(self.first_line(), shape)
            check_columns(path.name, compiled, columns, shape)
        else:
            self.first_line()
            columns = list(declared)
        self._width = len(columns)
        self._names = tuple(name for name in declared if name in columns)
        # A bad line is kept as it came only if the contract would have kept everything in it.
        self._keeps = set(columns) <= set(declared)
        places = [columns.index(name) for name in self._names]
        self._pick: Callable[[Sequence[str]], Sequence[str]]
        if places == list(range(self._width)):
            self._pick = lambda fields: fields
        elif len(places) == 1:
            self._pick = lambda fields: (fields[places[0]],)
        else:
            self._pick = itemgetter(*places)

    def __iter__(self) -> Rows:
        to_skip = 1 if self.shape.header and not self.is_resumed else 0
        for number, lines in self._lines:
            header = (at for at, it in enumerate(lines) if isinstance(it, LongLine) or it.strip())
            if to_skip and (first := next(header, None)) is not None:
                lines = lines[first + 1 :]
                number += first + 1
                to_skip = 0
            if lines:
                yield from self._block(number, lines)

    def _block(self, number: int, lines: list[Line]) -> Rows:
        """The fast way where every line is one good row, else each line alone."""
        plain = [line for line in lines if isinstance(line, bytes)]
        try:
            texts = b"\n".join(plain).decode(self.shape.encoding).split("\n")
            rows = list(self._parser(texts, strict=True))
        except (UnicodeDecodeError, csv.Error):
            rows = []
        if not len(rows) == len(plain) == len(lines):
            yield from chain.from_iterable(self._alone(number + at, line) for at, line in enumerate(lines))
            return
        names, pick, width = self._names, self._pick, self._width
        for at, fields in enumerate(rows, number):
            if len(fields) == width:
                yield Offered(dict(zip(names, pick(fields), strict=True)), at)
            elif fields:
                yield self._bad(at, Reason.RAGGED_ROW, lines[at - number])

    def _alone(self, number: int, line: Line) -> Rows:
        if isinstance(line, LongLine):
            yield self._bad(number, Reason.LINE_TOO_LONG, line)
            return
        if not line:
            return
        fields: list[str] = []
        fault: Reason | None = None
        try:
            text = line.decode(self.shape.encoding)
            fields, fault = self._fields(text)
        except UnicodeDecodeError:
            fault = Reason.BAD_TEXT
        if fault is None and len(fields) != self._width:
            fault = Reason.RAGGED_ROW
        if fault is None:
            yield Offered(dict(zip(self._names, self._pick(fields), strict=True)), number)
        else:
            yield self._bad(number, fault, line)

    def _fields(self, text: str) -> tuple[list[str], Reason | None]:
        try:
            return next(self._parser([text], strict=True)), None
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                return [], Reason.OPEN_QUOTE
            if "field larger" in str(error):
                return [], Reason.TOO_LONG
        try:
            # Text behind a closing quote is not RFC 4180, but it can be read in one way only.
            return next(self._parser([text], strict=False)), None
        except csv.Error:
            return [], Reason.BAD_TEXT

    def _parser(self, texts: list[str], *, strict: bool) -> Any:
        return delimited(texts, self.shape, strict=strict)


class JsonLinesTable(_LineTable):
    """One JSON object a line."""

    def __init__(self, path: Path, compiled: CompiledObject, shape: FileShape, lines: LineReader) -> None:
        super().__init__(path, compiled, shape, lines)
        row, fault = self._object(self.first_line().encode())
        if row is None:
            raise WrongFile(
                f"The first line of {path.name} is not a JSON object.",
                detail=fault.about if fault else "",
                hint="The contract says JSON Lines: one object a line.",
            )
        check_first_object(path.name, compiled, list(row))
        self._keeps = set(row) <= top_names(compiled)

    def __iter__(self) -> Rows:
        for number, lines in self._lines:
            for at, line in enumerate(lines, number):
                if isinstance(line, LongLine):
                    yield self._bad(at, Reason.LINE_TOO_LONG, line)
                elif line.strip():
                    row, fault = self._object(line)
                    yield Offered(row, at) if fault is None else self._bad(at, fault, line)

    def _object(self, line: bytes) -> tuple[dict[str, Any] | None, Reason | None]:
        try:
            if self.shape.encoding != "utf-8":
                line = line.decode(self.shape.encoding).encode()
            return _OBJECT(line), None
        except UnicodeDecodeError:
            return None, Reason.BAD_TEXT
        except (msgspec.DecodeError, RecursionError):
            return None, Reason.BAD_JSON
