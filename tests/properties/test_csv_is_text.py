"""No cell of a file that we hand out is run by a spreadsheet, however that parts cells."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.usecases.packing import table

TEXTS = st.text(st.sampled_from(";=+-@\"\t\n\r|%, a1'"), max_size=12) | st.text(max_size=20)
NUMBER = re.compile(r"[+-]?[0-9][0-9.]*")


def cells(file: bytes, delimiter: str) -> list[str]:
    rows = csv.reader(io.StringIO(file.decode(), newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@settings(max_examples=1000)
@given(row=st.lists(TEXTS.map(lambda it: it.replace("\x00", "")), min_size=1, max_size=3))
def test_no_cell_begins_like_a_formula(delimiter, row):
    for cell in cells(table(["a"], [row]), delimiter):
        assert not cell.startswith(("=", "@")), cell
        assert not cell.startswith("+") or NUMBER.fullmatch(cell), cell
        if delimiter == ",":
            assert not cell.startswith("-") or NUMBER.fullmatch(cell), cell


@given(row=st.lists(TEXTS.map(lambda it: it.replace("\x00", "")), min_size=2, max_size=3))
def test_nothing_but_apostrophes_is_added(row):
    found = cells(table(["a"], [row]), ",")[1:]
    assert [it.replace("'", "") for it in found] == [it.replace("'", "") for it in row]
