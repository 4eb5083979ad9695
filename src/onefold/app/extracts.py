"""Extracts in files as tables of text: CSV and its like, JSON Lines, Parquet, Excel; packed with gzip or not.

Nothing is left out in silence: what cannot be read whole is one error that says what to do and shows no
value.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from onefold.adapters.files.sheets import only_sheet
from onefold.kernel.errors import CallerError

UNPACKED_BYTES_MAX = 4 << 30
NAMES_MOST = 2_000
_CHUNK = 1 << 20
_QUOTED = re.compile('"[^"]*"')
_GZIP = b"\x1f\x8b"
_PARQUET = {".parquet", ".pq"}
_JSON_LINES = {".jsonl", ".ndjson"}
_PACKED = (b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
_PACKED_NAMES = {".zip", ".bz2", ".xz", ".zst", ".7z", ".xls", ".ods"}


def read_extract(path: Path) -> pa.Table:
    """A file of records; every column as text where the file has no types. `CallerError` where it is none."""
    try:
        table = _read(path)
    except FileNotFoundError as error:
        raise CallerError(f"There is no file {path}.") from error
    except UnicodeDecodeError as error:
        raise _no_utf8(path) from error
    except (pa.ArrowException, OSError, ValueError, EOFError, zlib.error) as error:
        raise CallerError(
            f"{path.name} cannot be read as a table.",
            hint="Give CSV with a header, TSV, JSON Lines, Parquet or .xlsx, in UTF-8.",
        ) from error
    return table.rename_columns([it.strip() for it in table.column_names])


def source_names(files: Sequence[Path]) -> list[str]:
    """What each file is called: its name without endings, or its whole path where two have one name."""
    stems = [Path(it.stem).stem if it.suffix.lower() == ".gz" else it.stem for it in files]
    return stems if len(set(stems)) == len(stems) else [str(it) for it in files]


def _read(path: Path) -> pa.Table:
    with path.open("rb") as file:
        begins = file.read(8)
    unpacked = _unpacked(path) if begins.startswith(_GZIP) else None
    endings = [it.lower() for it in path.suffixes[-2:]]
    kind = endings[0] if unpacked is not None and endings[-1:] == [".gz"] else (endings or [""])[-1]
    if kind == ".xlsx" and unpacked is None:
        return _texts_of(path.name, *_sheet(path))
    if (unpacked or begins).startswith(_PACKED) or kind in _PACKED_NAMES:
        raise CallerError(
            f"{path.name} is packed, or a workbook of an old kind.",
            hint="Unpack it, or save its sheet as .xlsx or as CSV in UTF-8.",
        )
    if kind in _PARQUET:
        return pq.read_table(path if unpacked is None else pa.BufferReader(unpacked))
    opened = path.open("rb") if unpacked is None else io.BytesIO(unpacked)
    with opened as file:
        if kind in _JSON_LINES or begins.lstrip().startswith(b'{"'):
            return _texts_of(path.name, *_json_lines(path, file))
        return _delimited(path, file)


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) as file:
        data = file.read(UNPACKED_BYTES_MAX + 1)
    if len(data) > UNPACKED_BYTES_MAX:
        raise CallerError(
            f"{path.name} unpacks to more than {UNPACKED_BYTES_MAX >> 30} GB.", hint="Unpack it first."
        )
    return data


def _no_utf8(path: Path) -> CallerError:
    return CallerError(
        f"{path.name} is not in UTF-8.", hint="Convert it first, such as with iconv -f CP1251 -t UTF-8."
    )


def _delimited(path: Path, file: BinaryIO) -> pa.Table:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    header = text.readline(_CHUNK)
    while header.count('"') % 2 and len(header) < _CHUNK and (more := text.readline(_CHUNK)):
        header += more
    if not header.strip():
        raise CallerError(
            f"{path.name} is empty and cannot be read as a table.", hint="Ask the source for the file again."
        )
    rest = header
    while rest:
        if "\0" in rest:
            raise _no_utf8(path)
        rest = text.read(_CHUNK)
    text.detach()
    delimiter = max("\t;|,", key=_QUOTED.sub("", header).count)
    parse = pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    file.seek(0)
    with pa_csv.open_csv(pa.PythonFile(file, mode="r"), parse_options=parse) as reader:
        names = reader.schema.names
    convert = pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    file.seek(0)
    return pa_csv.read_csv(pa.PythonFile(file, mode="r"), parse_options=parse, convert_options=convert)


def _json_lines(path: Path, file: BinaryIO) -> tuple[list[str], list[list[str]]]:
    """The names of every object's members, nested ones with a dot, and what each object has there."""
    rows: list[dict[str, str]] = []
    names: dict[str, None] = {}
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            rows.append(dict(_members(msgspec.json.decode(line, type=dict[str, Any]), "")))
        except (msgspec.DecodeError, RecursionError) as error:
            raise CallerError(
                f"Line {number:,} of {path.name} is no JSON object.",
                hint="Each line has to be one object; mend the line or ask the source for the file again.",
            ) from error
        names.update(dict.fromkeys(rows[-1]))
        if len(names) > NAMES_MOST:
            raise CallerError(
                f"The objects of {path.name} have more than {NAMES_MOST:,} members of different names.",
                hint="Some are keyed by data, such as by account: make lists of them, or leave them out.",
            )
    return list(names), [[it.get(name, "") for name in names] for it in rows]


def _members(value: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, it in value.items():
        if isinstance(it, dict):
            yield from _members(it, f"{before}{name}.")
        elif isinstance(it, str):
            yield f"{before}{name}", it
        else:
            yield f"{before}{name}", "" if it is None else msgspec.json.encode(it).decode()


def _sheet(path: Path) -> tuple[list[str], list[list[str]]]:
    """The first row of a workbook's one sheet, and the others."""
    rows = [["" if it is None else str(it) for it in cells] for cells in only_sheet(path)]
    if not rows:
        return [], []
    width = max(map(len, rows))
    every = [it + [""] * (width - len(it)) for it in rows]
    kept = [at for at in range(width) if any(it[at] for it in every)]
    header, *others = [[it[at] for at in kept] for it in every]
    if not all(header):
        raise CallerError(
            f"In {path.name} a column has no name.", hint="The first row must give each column a name."
        )
    return header, others


def _texts_of(file: str, names: list[str], rows: list[list[str]]) -> pa.Table:
    if not rows:
        raise CallerError(f"{file} has no records.", hint="Ask the source for the file again.")
    columns = [pa.array(it, pa.string()) for it in zip(*rows, strict=True)]
    return pa.Table.from_arrays(columns, names=names)
