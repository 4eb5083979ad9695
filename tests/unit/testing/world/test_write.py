"""Blocks to files."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from onefold.testing.world import write
from onefold.testing.world.sheets import Sheet
from onefold.testing.world.write import Files, encode

TEXT = Sheet("a/t.csv", ("X", "Y"), ";", "cp1251")
TABLE = Sheet("a/t.parquet", schema=pa.schema([("n", pa.int64())]))
SHEETS = (TEXT, TABLE)


def test_texts_are_appended_in_the_encoding_of_the_sheet(tmp_path):
    with Files(tmp_path, SHEETS) as files:
        files.add(encode(SHEETS, {TEXT.path: ["1;да"], TABLE.path: []}))
        files.add(encode(SHEETS, {TEXT.path: ["2;нет"], TABLE.path: []}))
    assert (tmp_path / TEXT.path).read_bytes() == "X;Y\n1;да\n2;нет\n".encode("cp1251")
    assert files.rows == {TEXT.path: 2, TABLE.path: 0}


def test_parquet_rows_wait_for_a_full_group(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "ROW_GROUP", 4)
    with Files(tmp_path, SHEETS) as files:
        for at in range(7):
            files.add(encode(SHEETS, {TEXT.path: [], TABLE.path: [(at,)]}))
    found = pq.ParquetFile(tmp_path / TABLE.path)
    assert found.num_row_groups == 2
    assert found.read().column("n").to_pylist() == list(range(7))


def test_a_sheet_without_rows_is_an_empty_file_with_its_header(tmp_path):
    with Files(tmp_path, SHEETS):
        pass
    assert (tmp_path / TEXT.path).read_text() == "X;Y\n"
    assert pq.read_table(tmp_path / TABLE.path).num_rows == 0
