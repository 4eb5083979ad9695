"""The files that benches make are those that the contracts of the world ask for."""

from __future__ import annotations

from bench.bulk_files import write_holders
from onefold.testing.world.sources import core_banking


def test_their_columns_are_those_of_the_core(tmp_path):
    sheets = core_banking.CUSTOMERS, core_banking.ACCOUNTS, core_banking.HOLDERS
    for path, sheet in zip(write_holders(tmp_path, 3), sheets, strict=True):
        head, *rows = path.read_text().splitlines()
        assert tuple(head.split(";")) == sheet.columns
        assert [len(it.split(";")) for it in rows] == [len(sheet.columns)] * 3
