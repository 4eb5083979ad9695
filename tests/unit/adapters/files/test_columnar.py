"""Parquet files: what Arrow holds and Python's types do not is a value, or the fault of its row alone."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onefold.adapters.files.columnar import ParquetTable
from onefold.record.contracts.errors import Reason
from onefold.record.intake.errors import WrongFile
from tests.unit.record.contracts.sample import compiled, customers

NS, MS = pa.timestamp("ns", "UTC"), pa.timestamp("ms")


@pytest.fixture
def read(tmp_path):
    """The rows of a file whose column `born` is of any type."""

    def go(*born: Any, kind: Any):
        columns: dict[str, Any] = {"id": [str(it) for it in range(len(born))]}
        columns |= dict.fromkeys(("name", "mobile"), columns["id"])
        made = kind if isinstance(kind, pa.Array) else pa.array(born, kind)
        path = tmp_path / "customers.parquet"
        pq.write_table(pa.table(columns | {"born": made}), path)
        found = compiled(customers(file={"name": "customers*.parquet", "format": "parquet"}))
        return list(ParquetTable(path, found))

    return go


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (NS, 1_700_000_000_000_000_001, "2023-11-14T22:13:20+00:00"),
        (NS, 1_700_000_000_123_456_789, "2023-11-14T22:13:20.123456+00:00"),
        (MS, 1 << 62, str(1 << 62)),
        (pa.time64("ns"), 1_001, "00:00:00.000001"),
        (pa.duration("s"), 10**14, str(10**14)),
        (pa.date32(), 1 << 30, str(1 << 30)),
    ],
    ids=["nanosecond", "microseconds", "year 146 million", "time", "duration", "date"],
)
def test_a_time_that_python_has_not_is_cut_or_told_by_its_number(read, kind, value, said):
    first, second = read(0, value, kind=kind)
    assert first.fault is None
    assert second.row is not None
    assert second.row["born"] == said


def test_a_text_that_is_none_is_the_fault_of_its_row(read):
    texts = pa.array([b"ok", b"\xff"], pa.binary()).view(pa.string())
    first, second = read(0, 1, kind=texts)
    assert first.row is not None
    assert first.row["born"] == "ok"
    assert (second.row, second.fault, len(second.digest)) == (None, Reason.BAD_TEXT, 32)


def test_a_file_whose_names_are_no_text_is_told(read, tmp_path):
    read(1, kind=pa.int64())
    path = tmp_path / "customers.parquet"
    path.write_bytes(path.read_bytes().replace(b"mobile", b"mobil\x91"))
    with pytest.raises(WrongFile, match="not a Parquet file"):
        ParquetTable(path, compiled(customers(file={"name": "c*.parquet", "format": "parquet"})))
