"""Excel workbooks: cells as what they stand for, and one clear line for what cannot be read."""

from __future__ import annotations

import datetime as dt
import tracemalloc
import zipfile

import openpyxl
import pytest

from onefold.adapters.files import sheets
from onefold.adapters.files.tables import open_table
from onefold.record.contracts.errors import Reason
from onefold.record.intake.errors import WrongFile
from tests.unit.record.contracts.sample import compiled, customers, prop, table

COLUMNS = ("id", "name", "born", "mobile")


def customer(**file):
    """The customer table as a workbook."""
    return compiled(customers(file={"name": "customers*.xlsx", "format": "xlsx", **file}))


def workbook(path, *rows, **others):
    """A workbook whose first sheet is `Data` with these rows; the others are empty."""
    book = openpyxl.Workbook()
    book.active.title = "Data"
    for row in rows:
        book.active.append(row)
    for name in others:
        book.create_sheet(name)
    book.save(path)
    return path


def read(path, found=None):
    """Every offered row as (line, row or fault)."""
    return [(it.line, it.row or it.fault) for it in open_table(path, found or customer())]


def wrong(path, found=None) -> str:
    """What is said of a file that is no such workbook."""
    with pytest.raises(WrongFile) as caught:
        read(path, found)
    return str(caught.value)


def compound(*names: str) -> bytes:
    """The beginning of a compound file with these names in its directory (MS-CFB 2.2 and 2.6)."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (0).to_bytes(4, "little")
    return bytes(header) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def test_cells_are_what_they_stand_for(tmp_path):
    path = workbook(
        tmp_path / "customers.xlsx",
        (None, None),
        COLUMNS,
        (1, "Anna", dt.datetime(1990, 1, 2), 0.1 + 0.2),
        (),
        ("2", " Bo ", dt.datetime(1990, 1, 2, 3, 4, 5), 998901234567.0),
        (3, "Cy"),
    )
    assert read(path) == [
        (3, {"id": 1, "name": "Anna", "born": "1990-01-02", "mobile": 0.3}),
        (5, {"id": "2", "name": " Bo ", "born": "1990-01-02T03:04:05", "mobile": 998901234567}),
        (6, {"id": 3, "name": "Cy", "born": None, "mobile": None}),
    ]


def test_a_cell_that_is_an_error_spoils_its_row_alone(tmp_path):
    path = workbook(tmp_path / "customers.xlsx", COLUMNS, (1, "#REF!", None, None), (2, "Bo", None, None))
    rows = read(path)
    assert rows[0] == (2, Reason.BAD_TYPE)
    assert rows[1][0] == 3


def test_the_sheet_is_the_one_that_the_contract_names(tmp_path):
    path = workbook(tmp_path / "customers.xlsx", COLUMNS, (1, "Anna", None, None), Notes=())
    assert len(read(path, customer(sheet="Data"))) == 1
    assert "has 2 sheets" in wrong(path)
    said = wrong(path, customer(sheet="Kunden"))
    assert "no sheet Kunden" in said
    assert "Notes" not in said, "names that the contract does not know are not repeated"


def test_columns_that_are_missing_are_named_before_a_row_is_given(tmp_path):
    path = workbook(tmp_path / "customers.xlsx", ("id", "name"), (1, "Anna"))
    assert "Missing: born, mobile" in wrong(path)


def test_a_workbook_with_a_password_and_an_old_one_are_told_apart(tmp_path):
    path = tmp_path / "customers.xlsx"
    path.write_bytes(compound("Root Entry", "EncryptedPackage", "EncryptionInfo"))
    assert "protected by a password" in wrong(path)
    path.write_bytes(compound("Root Entry", "Workbook"))
    assert "old format (.xls)" in wrong(path)


@pytest.mark.parametrize("content", [b"", b"id,name\n", b"PK\x03\x04 and no more"])
def test_what_is_no_workbook_is_told(tmp_path, content):
    path = tmp_path / "customers.xlsx"
    path.write_bytes(content)
    assert path.name in wrong(path)


def test_a_workbook_that_was_cut_off_or_damaged_is_told(tmp_path):
    rows = [(number, "Anna" * 20, None, None) for number in range(2000)]
    whole = workbook(tmp_path / "customers.xlsx", COLUMNS, *rows).read_bytes()
    path = tmp_path / "customers-cut.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    assert "not a whole Excel workbook" in wrong(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet>")
    assert "not a whole Excel workbook" in wrong(path)


def test_a_part_that_would_fill_the_memory_is_refused_unread(tmp_path, monkeypatch):
    path = workbook(tmp_path / "customers.xlsx", COLUMNS, (1, "Anna", None, None))
    monkeypatch.setattr(sheets, "HELD_BYTES_MAX", 10)
    assert "unpacks to more" in wrong(path)


def test_rows_are_read_one_by_one(tmp_path):
    rows = ((number, "x" * 30, None, None) for number in range(20_000))
    path = workbook(tmp_path / "customers.xlsx", COLUMNS, *rows)
    opened = open_table(path, customer())
    tracemalloc.start()
    count = sum(1 for _ in opened)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8 << 20
    assert opened.read_bytes == opened.size_bytes


def test_a_sheet_without_a_header_has_the_columns_of_the_contract(tmp_path):
    words = {"entity": "party", "delivers": "record", "key": "id", "map": {"full_name": "name"}}
    shape = {"name": "p*.xlsx", "format": "xlsx", "header": False}
    people = table("person", [prop("id"), prop("name", classification="pii")], file=shape, **words)
    path = workbook(tmp_path / "people.xlsx", (1, "Anna"), (2, "Bo"))
    assert read(path, compiled(people)) == [(1, {"id": 1, "name": "Anna"}), (2, {"id": 2, "name": "Bo"})]


def test_a_workbook_reaches_for_nothing_outside_itself(tmp_path):
    (tmp_path / "secret").write_text("canary")
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'.encode()
    whole = workbook(tmp_path / "customers.xlsx", COLUMNS, (1, "Anna", None, None))
    path = tmp_path / "customers-outside.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b"Anna" in part
                part = outside + part.replace(b"Anna", b"&e;")
            archive.writestr(name, part)
    assert "not a whole Excel workbook" in wrong(path)
