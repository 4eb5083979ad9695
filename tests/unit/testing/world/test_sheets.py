"""Spoiled rows."""

from __future__ import annotations

from random import Random

import msgspec
import pyarrow as pa
import pytest

from onefold.testing.world import sheets
from onefold.testing.world.sheets import Sheet, Spoil, quoted, spoil_some

CSV = Sheet("s/t.csv", ("ID", "DAY"), ";", key="ID", spoils=(Spoil("bad_date", "DAY", "x"),))
JSON = Sheet("s/t.jsonl", key="id", spoils=(Spoil("unknown_code", "a.b", "??"),))
PARQUET = Sheet(
    "s/t.parquet",
    key="id",
    schema=pa.schema([("id", pa.string()), ("n", pa.int64())]),
    spoils=(Spoil("missing_amount", "n", None),),
)


@pytest.fixture(autouse=True)
def _every_row(monkeypatch):
    monkeypatch.setattr(sheets, "figure", lambda _: 1.0)


def test_a_bad_csv_row_is_a_copy_under_a_key_of_its_own():
    rows = ["1;2026-01-01"]
    bad = spoil_some(Random(1), CSV, rows, 7)
    assert rows == ["1;2026-01-01", "X0000070;x"]
    assert [(it.source, it.file, it.key, it.fault) for it in bad] == [
        ("s", "s/t.csv", "X0000070", "bad_date")
    ]


def test_a_bad_json_row_is_bent_inside():
    rows = ['{"id":"1","a":{"b":"ok"}}']
    spoil_some(Random(1), JSON, rows, 7)
    assert msgspec.json.decode(rows[1]) == {"id": "X0000070", "a": {"b": "??"}}


def test_a_bad_parquet_row_lacks_a_value():
    rows: list[tuple[str, int | None]] = [("1", 5)]
    spoil_some(Random(1), PARQUET, rows, 7)
    assert rows[1] == ("X0000070", None)


def test_a_bad_row_is_never_spoiled_again():
    """A copy of a line that broke off has too few columns to be spoiled; only large worlds ever drew one."""
    broken = CSV._replace(spoils=(Spoil("broken_line", "DAY", None),))
    for seed in range(200):
        rows = ["1;2026-01-01", "2;2026-01-02"]
        bad = spoil_some(Random(seed), broken, rows, 7)
        assert len(bad) == 2
        assert rows[2:] == [it.key for it in bad]


def test_a_file_without_ways_to_go_bad_is_left_alone():
    rows = ["1;2026-01-01"]
    assert spoil_some(Random(1), CSV._replace(spoils=()), rows, 7) == []
    assert rows == ["1;2026-01-01"]


def test_fields_are_quoted_only_where_they_must():
    assert quoted("Alfa", ";") == "Alfa"
    assert quoted('OOO "Alfa"', ";") == '"OOO ""Alfa"""'
    assert quoted("a;b", ";") == '"a;b"'
