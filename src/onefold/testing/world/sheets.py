"""The files of the world and their rows while a block is made, and how a few rows are spoiled on purpose."""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from onefold.testing.world.draws import below
from onefold.testing.world.figures import figure


class Spoil(NamedTuple):
    """One way a row goes bad: `column` (a name, or a dotted path in JSON) gets `value` (None: nothing)."""

    fault: str
    column: str
    value: str | int | None


class Sheet(NamedTuple):
    """One file: CSV with columns, JSON Lines without, or Parquet with a schema.

    `key` is the column that a spoiled copy of a row must not share with it.
    """

    path: str
    columns: tuple[str, ...] = ()
    delimiter: str = ""
    encoding: str = "utf-8"
    schema: pa.Schema | None = None
    key: str = ""
    spoils: tuple[Spoil, ...] = ()

    @property
    def header(self) -> str:
        """The first line of a CSV file, with its line end; nothing for the other formats."""
        return self.delimiter.join(self.columns) + "\n" if self.delimiter else ""


class BadRow(NamedTuple):
    """A row that must end in quarantine: the file, its key there (may be empty), what is wrong."""

    source: str
    file: str
    key: str
    fault: str


class Pages:
    """The rows of one block by file: texts without line ends, or tuples for Parquet."""

    __slots__ = ("rows",)

    def __init__(self, sheets: tuple[Sheet, ...]) -> None:
        self.rows: dict[str, list[Any]] = {sheet.path: [] for sheet in sheets}

    def of(self, sheet: Sheet) -> list[Any]:
        """The rows of one file so far; append to it."""
        return self.rows[sheet.path]


def quoted(text: str, delimiter: str) -> str:
    """A CSV field, in quotes only where it needs them."""
    if '"' in text or delimiter in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def spoil_some(rng: Random, sheet: Sheet, rows: list[Any], serial: int) -> list[BadRow]:
    """Adds bad copies of rows to a file at the fixed rate and answers what was added."""
    if not sheet.spoils:
        return []
    bad, good = [], len(rows)
    for at in range(int(good * figure("bad.rows") + rng.random())):
        spoil = sheet.spoils[below(rng, len(sheet.spoils))]
        key = f"X{serial:06d}{at}"
        row = _spoiled(sheet, rows[below(rng, good)], spoil, key)
        if row is not None:
            rows.append(row)
            bad.append(
                BadRow(
                    sheet.path.partition("/")[0],
                    sheet.path,
                    key if spoil.column != sheet.key else "",
                    spoil.fault,
                )
            )
    return bad


def _spoiled(sheet: Sheet, row: Any, spoil: Spoil, key: str) -> Any:
    """A copy of the row under a key of its own with one thing wrong; None where the row has quotes."""
    if sheet.schema is not None:
        values = dict(zip(sheet.schema.names, row, strict=True)) | {sheet.key: key}
        values[spoil.column] = spoil.value
        return tuple(values.values())
    if not sheet.delimiter:
        document = msgspec.json.decode(row)
        _put(document, sheet.key, key)
        _put(document, spoil.column, spoil.value)
        return msgspec.json.encode(document).decode()
    if '"' in row:
        return None
    cells = dict(zip(sheet.columns, row.split(sheet.delimiter), strict=True)) | {sheet.key: key}
    if spoil.fault == "broken_line":
        return sheet.delimiter.join(list(cells.values())[: len(cells) // 2])
    cells[spoil.column] = str(spoil.value or "")
    return sheet.delimiter.join(cells.values())


def _put(document: dict[str, Any], path: str, value: str | int | None) -> None:
    *folders, name = path.split(".")
    for folder in folders:
        document = document.setdefault(folder, {})
    if value is None:
        document.pop(name, None)
    else:
        document[name] = value
