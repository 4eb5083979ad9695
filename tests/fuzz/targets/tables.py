"""Files: lines, delimited text, JSON Lines, envelopes, Parquet, Excel. What is read in two ways agrees."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from onefold.adapters.files import lines as lines_module
from onefold.adapters.files.columnar import ParquetTable
from onefold.adapters.files.enveloped import EnvelopedTable
from onefold.adapters.files.lines import LineReader, LongLine
from onefold.adapters.files.sheets import SheetTable
from onefold.adapters.files.tables import CsvTable, JsonLinesTable
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.model import FileShape
from onefold.record.intake.envelopes.codec import read_of
from onefold.record.intake.errors import WrongFile
from onefold.record.intake.model import Offered
from tests.fuzz import hostile
from tests.fuzz.bank import compiled, offer_rows, rows_equal
from tests.fuzz.draws import Draws
from tests.fuzz.target import Target, says_nothing_personal

_FOLDER = Path(tempfile.mkdtemp(prefix="onefold-fuzz-"))
_WHOLE_BLOCK = lines_module.BLOCK_BYTES


def _placed(data: bytes, suffix: str) -> Path:
    path = _FOLDER / f"{os.getpid()}{suffix}"
    path.write_bytes(data)
    return path


def run_lines(data: bytes) -> None:
    """Blocks of any size give the lines that there are, and where each ends."""
    draws = Draws(data)
    limit = draws.number(1, 60)
    size = draws.number(3, 40)
    body = draws.rest()
    path = _placed(body, ".txt")
    lines_module.BLOCK_BYTES = size
    try:
        reader = LineReader(path, limit)
        found: list[tuple[int, Any, int]] = []
        for first, block in reader:
            found += [(number, it, reader.end_of(number)) for number, it in enumerate(block, first)]
    finally:
        lines_module.BLOCK_BYTES = _WHOLE_BLOCK
    start = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    plain = body[start:].split(b"\n")
    plain = plain if plain[-1] else plain[:-1]
    assert [number for number, _, _ in found] == list(range(1, len(plain) + 1))
    at = start
    for (_, seen, end), line in zip(found, plain, strict=True):
        at = min(len(body), at + len(line) + 1)
        assert end == at
        if isinstance(seen, LongLine):
            assert seen.size == len(line) > limit
        else:
            assert seen == (line[:-1] if line.endswith(b"\r") else line)
    assert reader.is_whole == body.endswith(b"\n")


_DELIMITERS = (";", ",", "\t", "|")
_ENCODINGS = ("utf-8", "latin-1", "cp1251", "utf-8", "shift_jis")


def _shape(draws: Draws, found: CompiledObject) -> FileShape:
    shape = found.item.file
    assert shape is not None
    return msgspec.structs.replace(
        shape,
        delimiter=draws.choice(_DELIMITERS),
        encoding=draws.choice(_ENCODINGS),
        quote=draws.choice(('"', '"', "", "'")),
        header=draws.number(0, 3) > 0,
        line_limit_bytes=draws.choice((1 << 20, 60, 200)),
    )


_FIELDS = (
    *tuple(raw for raw in hostile.TEXTS if len(raw) < 400),
    b'"',
    b'""',
    b'"a',
    b'a"b',
    b'"a\nb"',
    b'"a\r\nb"',
    b"\r",
    b"a\rb",
    b'"a"b',
    b";",
    b",",
    b"'",
    b"\xfe\xff",
    b"\x81",
    b"\xd0\x90",
    b"12.50",
    b"2024-05-01",
    b"C",
    b"\n",
    b"\r\n",
    b"\x0b",
    b"\x1c",
    b"\x85",
    "\u2028".encode(),
)


def _delimited(draws: Draws, found: CompiledObject, shape: FileShape) -> bytes:
    columns = [it.path.encode() for it in found.item.properties]
    mark = shape.delimiter.encode()
    rows = [mark.join(columns)] if shape.header else []
    for _ in range(draws.number(0, 6)):
        width = len(columns) + (draws.number(-1, 1) if draws.number(0, 5) == 0 else 0)
        fields = [draws.choice(_FIELDS) if draws.number(0, 2) == 0 else b"1" for _ in range(width)]
        rows.append(mark.join(fields))
    body = draws.choice((b"\n", b"\r\n", b"\n", b"\r")).join(rows) + draws.choice((b"\n", b"", b"\x00"))
    kind = draws.number(0, 11)
    if kind == 0:
        return body.decode("latin-1").encode("utf-16")
    return b"\xef\xbb\xbf" + body if kind == 1 else body


def run_delimited(data: bytes) -> None:
    """A file of text in columns: every line one row or one fault, in blocks and alone, from any line on."""
    draws = Draws(data)
    found = compiled("core", draws.choice(("customer", "movement")))
    shape = _shape(draws, found)
    body = _delimited(draws, found, shape) if draws.number(0, 3) else draws.rest()
    path = _placed(body, ".csv")
    rows = _read(lambda: CsvTable(path, found, shape, LineReader(path, shape.line_limit_bytes)))
    if rows is None:
        return
    numbers = [it.line for it in rows]
    assert numbers == sorted(set(numbers)), "a line gave two rows, or rows out of order"
    _accounted_by_line(body, shape, rows)
    lines_module.BLOCK_BYTES = draws.number(3, 64)
    try:
        again = _read(lambda: CsvTable(path, found, shape, LineReader(path, shape.line_limit_bytes)))
        assert again is not None
        assert rows_equal(rows, again), "the size of a block made a difference"
    finally:
        lines_module.BLOCK_BYTES = _WHOLE_BLOCK
    if rows:
        _resumed(path, found, shape, rows, draws)
    offer_rows(found.source, found.name, rows)


def _accounted_by_line(body: bytes, shape: FileShape, rows: list[Offered]) -> None:
    """Each line with anything in it is offered; those before the header and it are not rows."""
    start = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    lines = [number for number, it in enumerate(body[start:].split(b"\n"), 1) if it.removesuffix(b"\r")]
    given = {it.line for it in rows}
    silent = [number for number in lines if number not in given]
    if shape.header:
        assert silent, "the header is a row"
        silent = [number for number in silent if number > min(silent)]
        blank = [number for number in silent if body[start:].split(b"\n")[number - 1].strip()]
        first = [number for number in lines if body[start:].split(b"\n")[number - 1].strip()][:1]
        silent = [number for number in blank if number not in first]
    assert not silent, f"lines {silent} came to nothing"


def _resumed(path: Path, found: CompiledObject, shape: FileShape, rows: list[Offered], draws: Draws) -> None:
    """Going on behind a line gives what comes behind it."""
    table = CsvTable(path, found, shape, LineReader(path, shape.line_limit_bytes))
    place = draws.number(0, len(rows) - 1)
    offset = 0
    for at, offered in enumerate(table):
        if at == place:
            offset = table.end_of(offered.line)
            break
    again = CsvTable(path, found, shape, LineReader(path, shape.line_limit_bytes))
    again.begin_behind(rows[place].line, offset)
    assert rows_equal(list(again), rows[place + 1 :]), "what follows a line depends on where reading began"


def _read(opened: Any) -> list[Offered] | None:
    """The rows of a table; None where the file is not one."""
    try:
        rows = list(opened())
    except WrongFile as error:
        says_nothing_personal(error)
        return None
    for it in rows:
        assert (it.row is None) == (it.fault is not None)
    return rows


_WRITTEN = ("a", "", "7", "a b", "é", "a;b", 'a"b', "'", "NULL", "2024-05-01", "\u00a0", "x" * 90)


def run_written(data: bytes) -> None:
    """What a writer of CSV writes without line breaks comes back as it was."""
    draws = Draws(data)
    found = compiled("core", "customer")
    shape = found.item.file
    assert shape is not None
    rows = [
        [draws.choice(_WRITTEN) if draws.flag() else _one_line(draws) for _ in range(4)] for _ in range(4)
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator=draws.choice(("\n", "\r\n"))).writerows(
        [[it.path for it in found.item.properties], *rows]
    )
    path = _placed(text.getvalue().encode(), ".csv")
    read = _read(lambda: CsvTable(path, found, shape, LineReader(path, shape.line_limit_bytes)))
    assert read is not None
    assert [list(it.row.values()) if it.row else None for it in read] == rows


def _one_line(draws: Draws) -> str:
    return draws.text(12).replace("\n", "").replace("\r", "")


def run_json_lines(data: bytes) -> None:
    """JSON Lines, with envelopes or without: as live decoding reads each line."""
    draws = Draws(data)
    names = [b"id", b"who", b"account", b"at", b"amount", b"specversion", b"source", b"type", b"data"]
    source, name = draws.choice(
        (("core", "payment"), ("core", "client"), ("bank", "visit"), ("core", "chat"))
    )
    found = compiled(source, name)
    shape = found.item.file
    assert shape is not None
    if draws.number(0, 3):
        right = {it.path.split(".")[0].encode(): b'"1"' for it in found.item.properties}
        rows = [
            hostile.filled(draws, right) if draws.flag() else hostile.mapping(draws, (*names,))
            for _ in range(4)
        ]
        body = b'{"id":"1"}\n' + draws.choice((b"\n", b"\r\n")).join(rows)
    else:
        body = draws.rest()
    path = _placed(body, ".jsonl")
    reader = LineReader(path, shape.line_limit_bytes)
    if found.item.envelope is None:
        read = _read(lambda: JsonLinesTable(path, found, shape, reader))
    else:
        read = _read(lambda: EnvelopedTable(path, found, shape, reader))
        if read is not None:
            live = [read_of(found.item, raw, number).offered for number, raw in _plain_lines(body)]
            assert rows_equal(read, [it for it in live if it is not None]), (
                "a file says what a request does not"
            )
    if read is not None:
        offer_rows(source, name, read)


def _plain_lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line.removesuffix(b"\r")


_COLUMNS: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (pa.string(), ("1", "", "Anna", None, "\x00", "é", "=1+1", "x" * 3000)),
    (pa.int64(), (1, -(2**63), 2**63 - 1, None)),
    (pa.uint64(), (0, 2**64 - 1, None)),
    (pa.float64(), (1.0, float("nan"), float("inf"), -0.0, 5e-324, 1e308, None)),
    (pa.decimal128(38, 4), (None,)),
    (pa.bool_(), (True, False, None)),
    (pa.date32(), (0, -719162, 2932896, None)),
    (pa.timestamp("ns", "UTC"), (0, -(2**63) + 1, 2**63 - 1, None)),
    (pa.timestamp("ms"), (0, 253402300799999, -62135596800000, 2**62, None)),
    (pa.time64("us"), (0, 86_399_999_999, None)),
    (pa.duration("s"), (0, 10**9, 10**14, None)),
    (pa.binary(), (b"\xff", b"", None)),
    (pa.list_(pa.string()), (["a"], [], None)),
    (pa.struct([("a", pa.int64())]), ({"a": 1}, None)),
    (pa.null(), (None,)),
    (pa.dictionary(pa.int8(), pa.string()), ("a", None)),
)


def run_parquet(data: bytes) -> None:
    """A table of any types, or one whose bytes were changed."""
    draws = Draws(data)
    found = compiled("core", "customer")
    shape = msgspec.structs.replace(found.item, file=FileShape("*.parquet", "parquet"))
    found = _as(found, shape)
    size = draws.number(0, 3)
    columns = {}
    for name in ("id", "name", "born", "mobile"):
        kind, values = draws.choice(_COLUMNS)
        columns[name] = pa.array([draws.choice(values) for _ in range(size)], kind)
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, compression=draws.choice(("NONE", "snappy", "gzip")))
    body = bytearray(sink.getvalue())
    for _ in range(draws.number(0, 3)):
        body[draws.number(0, len(body) - 1)] = draws.byte()
    path = _placed(bytes(body[: draws.number(0, len(body))] if draws.number(0, 5) == 0 else body), ".parquet")
    rows = _read(lambda: ParquetTable(path, found))
    if rows is not None:
        offer_rows("core", "customer", rows)


def _as(found: CompiledObject, item: Any) -> CompiledObject:
    """The object as if its contract said that it comes in other files."""
    from tests.fuzz.bank import contracts

    return CompiledObject(found.contract, item, contracts().ids)


_CELLS: tuple[Any, ...] = (
    "1",
    "Anna",
    "",
    None,
    7,
    12.5,
    1e308,
    True,
    "=1+1",
    "=cmd|' /C calc'!A0",
    "#REF!",
    "@x",
    "é",
    "x" * 3000,
    45000,
    "2024-05-01",
)
_PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
)


def run_sheet(data: bytes) -> None:
    """A workbook of any cells, or one whose parts, or the archive of which, were changed."""
    draws = Draws(data)
    found = compiled("core", "customer")
    found = _as(found, msgspec.structs.replace(found.item, file=FileShape("*.xlsx", "xlsx")))
    body = draws.rest() if draws.number(0, 7) == 0 else _workbook(draws)
    path = _placed(body, ".xlsx")
    rows = _read(lambda: SheetTable(path, found))
    if rows is not None:
        offer_rows("core", "customer", rows)


def _workbook(draws: Draws) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["id", "name", "born", "mobile"])
    for _ in range(draws.number(0, 3)):
        book.active.append([draws.choice(_CELLS) for _ in range(draws.number(0, 5))])
    plain = io.BytesIO()
    book.save(plain)
    if draws.flag():
        body = bytearray(plain.getvalue())
        for _ in range(draws.number(0, 3)):
            body[draws.number(0, len(body) - 1)] = draws.byte()
        return bytes(body)
    changed = draws.choice(_PARTS)
    sink = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == changed:
                at = draws.number(0, len(part))
                part[at : at + draws.number(0, 9)] = draws.take(30)
            new.writestr(name, bytes(part))
    return sink.getvalue()


_CSV = b"id;name;born;mobile\n1;Anna;1990-01-02;+998901234567\n"
_SEEDS = tuple(bytes([number]) + bytes(range(number, number + 99)) for number in range(0, 100, 7))
_MARKS = (b'"', b'""', b"\r\n", b";", b"\xef\xbb\xbf", b"\x00", b"\n\n")

TARGETS = (
    Target("tables-lines", run_lines, (b"\x05\x03a\nbb\r\n\nccc", b"\x01\x01" + b"a" * 99), _MARKS, share=50),
    Target("tables-delimited", run_delimited, (b"\0\0\0\0\1\0\0" + _CSV, *_SEEDS), _MARKS, share=5),
    Target("tables-written", run_written, _SEEDS, _MARKS, share=5),
    Target(
        "tables-json",
        run_json_lines,
        (b"\0\0" + b'{"id":"1"}\n{"id":7}', *_SEEDS),
        (b'"id"', b"1e400"),
        share=3,
    ),
    Target("tables-parquet", run_parquet, _SEEDS, (b"PAR1",), share=2),
    Target("tables-sheet", run_sheet, _SEEDS, (b"<c", b"<v>", b"</row>", b"PK"), share=1),
)
