"""Sheets of Excel workbooks (.xlsx) as offered rows, read row by row.

A workbook is a zip archive of XML. What cannot be one is told by its first bytes: a workbook with a password
and one of the format before 2007 (.xls) are both compound files (MS-CFB), which their directory tells apart.
Only the table of shared texts is held in memory, so its size is bounded before it is read.
"""

from __future__ import annotations

import datetime as dt
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import msgspec
import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from onefold.adapters.files.resuming import Resumable
from onefold.adapters.files.shape import check_columns
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import Reason
from onefold.record.contracts.rows import columns_of
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered

HELD_BYTES_MAX = 256 << 20
PART_BYTES_MAX = 16 << 30
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_SHEETS = "xl/worksheets/"
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_DIGITS = 15
"""What Excel keeps of a number: the rest is how a binary fraction is spelled."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, EOFError, IndexError, KeyError,
    NotImplementedError, TypeError, ValueError,
)  # fmt: skip
"""What the reader raises for a workbook that is none, or damaged; nothing of ours raises these there."""


class SheetTable(Resumable):
    """Rows of one sheet: numbers as numbers, dates as ISO texts, whatever a formula came to last."""

    def __init__(self, path: Path, compiled: CompiledObject) -> None:
        self._path = path
        super().__init__(path)
        try:
            self.size_bytes = path.stat().st_size
            with path.open("rb") as file:
                _refuse_other_kinds(path.name, file.read(1 << 20), self.size_bytes)
        except OSError as error:
            raise WrongFile(f"{path.name} cannot be read.", detail=error.strerror or "") from error
        _refuse_what_is_too_large(path)
        shape = compiled.item.file
        assert shape is not None
        self._sheet = shape.sheet
        self._has_header = shape.header
        self._height = 0
        self._given = 0
        self.is_whole = False
        declared, _ = columns_of(compiled.item)
        columns = self._first_row() if shape.header else list(declared)
        if shape.header:
            check_columns(path.name, compiled, columns, shape)
        self._width = len(columns)
        self._places = tuple((name, columns.index(name)) for name in declared if name in columns)
        self._keeps = {it for it in columns if it} <= set(declared)

    @property
    def read_bytes(self) -> int:
        """How much of it was read, told from the rows given."""
        if not self._height:
            return 0
        return min(self.size_bytes, self.size_bytes * self._given // self._height)

    def __iter__(self) -> Iterator[Offered]:
        to_skip = self._has_header
        for number, cells in self._rows():
            self._given = number
            if not any(cell is not None and cell != "" for cell in cells):
                continue
            if to_skip:
                to_skip = False
            elif number > self.behind_line:
                yield self._offered(number, cells)
        self.is_whole = True

    def _offered(self, number: int, cells: Sequence[Any]) -> Offered:
        there = len(cells)
        row = {name: _plain(cells[place]) if place < there else None for name, place in self._places}
        if any(value in _ERRORS for value in row.values() if type(value) is str):
            raw = msgspec.json.encode(row)
            if self._keeps:
                return Offered(None, number, fault=Reason.BAD_TYPE, raw=raw)
            return Offered(None, number, fault=Reason.BAD_TYPE, digest=sha256(raw).digest())
        return Offered(row, number)

    def _first_row(self) -> list[str]:
        for _, cells in self._rows():
            names = [str(cell).strip() if cell is not None else "" for cell in cells]
            if any(names):
                return names
        raise WrongFile(
            f"The sheet of {self._path.name} is empty.",
            hint="Nothing was loaded; ask the source for the file again.",
        )

    def _rows(self) -> Iterator[tuple[int, Sequence[Any]]]:
        def tall(rows: int) -> None:
            self._height = rows

        return _rows_of(self._path, self._sheet, "Say in the contract which one counts: file.sheet.", tall)


def only_sheet(path: Path) -> Iterator[list[Any]]:
    """The rows of a workbook's one sheet as plain values, those with nothing in them left out.

    `WrongFile` where the file is no workbook, is damaged, or has several sheets.
    """
    with path.open("rb") as file:
        _refuse_other_kinds(path.name, file.read(1 << 20), path.stat().st_size)
    _refuse_what_is_too_large(path)
    for _, cells in _rows_of(path, "", "Save the one that counts as a file of its own.", lambda _: None):
        if any(cell is not None and cell != "" for cell in cells):
            yield [_plain(cell) for cell in cells]


def _rows_of(
    path: Path, name: str, several: str, tall: Callable[[int], None]
) -> Iterator[tuple[int, Sequence[Any]]]:
    """(row number from 1, cells); a damaged part is told where it is met.

    `tall` hears how many rows there may be.
    """
    number = 0
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = _chosen(book, path, name, several)
            tall(sheet.max_row or 0)
            # What a writer says of the sheet's size is often wrong, and would cut rows off.
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                yield number, cells
        finally:
            book.close()
    except OSError as error:
        raise WrongFile(f"{path.name} cannot be read.", detail=error.strerror or "") from error
    except _BROKEN as error:
        raise WrongFile(
            f"{path.name} is not a whole Excel workbook.",
            detail=f"It is damaged behind row {number}; rows before it were taken." if number else "",
            hint="Ask the source for the file again.",
        ) from error


def _chosen(book: Any, path: Path, name: str, several: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name in sheets:
        return sheets[name]
    if name:
        raise WrongFile(
            f"{path.name} has no sheet {name}.",
            detail=f"It has {len(sheets)} of other names.",
            hint="Mend file.sheet in the contract, or ask the source for the file again.",
        )
    if len(sheets) != 1:
        raise WrongFile(f"{path.name} has {len(sheets)} sheets.", hint=several)
    return next(iter(sheets.values()))


def _refuse_other_kinds(name: str, start: bytes, size: int) -> None:
    """`WrongFile` for everything that is no workbook of this kind."""
    if not size:
        raise WrongFile(f"{name} is empty.", hint="Nothing was loaded; ask the source for the file again.")
    if start.startswith(_COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in _directory(start):
            raise WrongFile(
                f"{name} is protected by a password.", hint="Ask the source for the file without one."
            )
        raise WrongFile(
            f"{name} is a workbook of the old format (.xls).",
            hint="Save it as .xlsx, or ask the source for CSV.",
        )
    if not start.startswith(b"PK"):
        raise WrongFile(f"{name} is not an Excel workbook (.xlsx).", hint="Is it the right file?")


def _refuse_what_is_too_large(path: Path) -> None:
    """`WrongFile` when a part of the archive says that it unpacks to more than may be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {it.filename: it.file_size for it in archive.infolist()}
    except (zipfile.BadZipFile, OSError):
        raise WrongFile(
            f"{path.name} is not a whole Excel workbook.", hint="Ask the source for the file again."
        ) from None
    # Sheets are read as they unpack; every other part, the shared texts above all, is held whole.
    held = max((size for name, size in parts.items() if not name.startswith(_SHEETS)), default=0)
    if held > HELD_BYTES_MAX or max(parts.values(), default=0) > PART_BYTES_MAX:
        raise WrongFile(
            f"{path.name} unpacks to more than can be read.",
            detail=f"At most {HELD_BYTES_MAX} bytes of shared texts.",
            hint="Ask the source for CSV or Parquet.",
        )


def _directory(start: bytes) -> bytes:
    """The first names in the directory of a compound file (MS-CFB 2.2)."""
    sector_bytes = 1 << min(int.from_bytes(start[30:32], "little"), 16)
    at = (int.from_bytes(start[48:52], "little") + 1) * sector_bytes
    return start[at : at + 8 * 128] or start


def _plain(value: Any) -> Any:
    """A cell as what JSON can hold and a contract reads."""
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = float(format(value, f".{_DIGITS}g"))
        return int(value) if value.is_integer() and abs(value) < 10**_DIGITS else value
    return value
