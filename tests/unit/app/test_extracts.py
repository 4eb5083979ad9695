"""Extracts in every kind of file give the same table; what is none is one error that shows no value."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.app import extracts
from onefold.app.extracts import read_extract, source_names
from onefold.kernel.errors import CallerError, OnefoldError

ROWS = [["Ann Lee", "1985-04-03"], ["Боб Мосс", ""], ['Cid "C" Hill', "1990-12-31"]]
WANTED = {"name": [it[0] for it in ROWS], "born": [it[1] for it in ROWS]}
CSV = 'name,born\nAnn Lee,1985-04-03\nБоб Мосс,\n"Cid ""C"" Hill",1990-12-31\n'.encode()


def lines():
    """The rows as JSON Lines, an empty line among them; what is null is not said."""
    rows = [{"name": name, "born": born or None} for name, born in ROWS]
    return "\n\n".join(json.dumps(it, ensure_ascii=False) for it in rows).encode()


def workbook(path, rows):
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for it in rows:
        book.active.append(it)
    book.save(path)
    return path


def put(path, data):
    """A file of bytes."""
    path.write_bytes(data)
    return path


def test_every_kind_of_file_gives_the_same_table(tmp_path):
    parquet = tmp_path / "a.parquet"
    pq.write_table(pa.table(WANTED), parquet)
    files = [
        put(tmp_path / "a.csv", CSV),
        put(tmp_path / "bom.csv", b"\xef\xbb\xbf" + CSV),
        put(tmp_path / "a.tsv", CSV.replace(b",", b"\t")),
        put(tmp_path / "a.csv.gz", gzip.compress(CSV, mtime=0)),
        put(tmp_path / "named_plain.csv", gzip.compress(CSV, mtime=0)),
        put(tmp_path / "a.jsonl", lines()),
        put(tmp_path / "a.jsonl.gz", gzip.compress(lines(), mtime=0)),
        put(tmp_path / "a.parquet.gz", gzip.compress(parquet.read_bytes(), mtime=0)),
        parquet,
        workbook(tmp_path / "a.xlsx", [["name", "born"], *ROWS]),
    ]
    for it in files:
        found = read_extract(it).to_pydict()
        assert found == WANTED, it.name


def test_dates_and_numbers_of_a_workbook_are_texts_and_empty_rows_and_columns_are_left_out(tmp_path):
    rows = [
        ["born", None, "phone"],
        [date(1985, 4, 3), None, 998971165824],
        [None, None, None],
        ["", None, 5.5],
    ]
    assert read_extract(workbook(tmp_path / "a.xlsx", rows)).to_pydict() == {
        "born": ["1985-04-03", ""], "phone": ["998971165824", "5.5"],
    }  # fmt: skip


def test_members_of_nested_objects_have_a_name_with_dots(tmp_path):
    file = put(
        tmp_path / "a.jsonl", b'{"name": {"first": "Ann"}, "tags": [1, 2], "ok": true}\n{"name": null}\n'
    )
    found = read_extract(file).to_pydict()
    assert found == {"name.first": ["Ann", ""], "tags": ["[1,2]", ""], "ok": ["true", ""], "name": ["", ""]}


def test_objects_that_are_keyed_by_data_are_refused_and_no_key_is_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(extracts, "NAMES_MOST", 5)
    lines = [json.dumps({"name": "Ann", "of": {f"4081{at}": 1}}) for at in range(5)]
    file = put(tmp_path / "a.jsonl", "\n".join(lines[:4]).encode())
    assert read_extract(file).num_columns == 5
    with pytest.raises(OnefoldError, match="more than 5 members") as error:
        read_extract(put(tmp_path / "b.jsonl", "\n".join(lines).encode()))
    assert "4081" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n", "is empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("a.csv.gz", gzip.compress(CSV, mtime=0)[:-12], "cannot be read"),
        ("a.jsonl", b'{"name": "Secret"}\n["Secret"]\n', "Line 2 of a.jsonl is no JSON object"),
        ("a.jsonl", b"", "has no records"),
        ("a.jsonl", b'{"name": "' + "Ж".encode("cp1251") + b'"}', "is not in UTF-8"),
        ("a.xlsx", b"Secret", "not an Excel workbook"),
        ("a.xlsx", b"", "is empty"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1"), "workbook of an old kind"),
        ("a.zip", b"PK\x03\x04Secret", "is packed"),
        ("a.csv", "name\nСекрет\n".encode("cp1251"), "is not in UTF-8"),
        ("a.parquet", b"PAR1Secret", "cannot be read"),
    ],
)
def test_what_is_no_table_is_one_error_that_shows_no_value(tmp_path, name, data, what):
    with pytest.raises(OnefoldError) as error:
        read_extract(put(tmp_path / name, data))
    assert what in str(error.value)
    assert "Secret" not in str(error.value)
    assert error.value.hint


def test_a_workbook_needs_one_sheet_and_a_name_for_each_column(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("another")
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(OnefoldError, match=r"has 2 sheets\. Save the one that counts"):
        read_extract(tmp_path / "two.xlsx")
    with pytest.raises(CallerError, match="a column has no name"):
        read_extract(workbook(tmp_path / "a.xlsx", [["name", None], ["Ann", "x"]]))


def test_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(extracts, "UNPACKED_BYTES_MAX", 10)
    with pytest.raises(CallerError, match="Unpack it first"):
        read_extract(put(tmp_path / "a.csv.gz", gzip.compress(CSV, mtime=0)))


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CallerError, match=r"There is no file nowhere\.csv"):
        read_extract(Path("nowhere.csv"))


def test_sources_have_the_names_of_their_files_or_their_whole_paths():
    assert source_names([Path("a/crm.csv.gz"), Path("a/shop.jsonl")]) == ["crm", "shop"]
    assert source_names([Path("a/crm.csv"), Path("b/crm.jsonl.gz")]) == ["a/crm.csv", "b/crm.jsonl.gz"]
