"""A database of another cell is refused before anything is written, and nothing that is none is touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from onefold.adapters.sqlite.owner import claim
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import CellKey

OURS, OTHERS = CellKey(b"1" * 32), CellKey(b"2" * 32)


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("CREATE TABLE told (it TEXT)")
        base.execute("INSERT INTO told VALUES ('kept')")
        base.commit()
    return path


def mark_of(path):
    with closing(sqlite3.connect(path)) as base:
        return base.execute("PRAGMA application_id").fetchone()[0]


def test_a_marked_file_is_its_cells_own_for_ever_and_no_others(database):
    claim([database], OURS)
    marked = mark_of(database)
    assert marked > 0
    claim([database], OURS)
    with pytest.raises(CallerError, match=r"files of another cell: state\.db"):
        claim([database], OTHERS)
    assert mark_of(database) == marked
    with closing(sqlite3.connect(database)) as base:
        assert base.execute("SELECT it FROM told").fetchall() == [("kept",)]


def test_where_one_is_of_another_cell_none_is_marked(database, tmp_path):
    claim([database], OTHERS)
    with closing(sqlite3.connect(tmp_path / "door.db")) as base:
        base.execute("CREATE TABLE seen (it TEXT)")
    with pytest.raises(CallerError):
        claim([tmp_path / "door.db", database], OURS)
    assert mark_of(tmp_path / "door.db") == 0


@pytest.mark.parametrize("content", [None, b"", b"no database" * 20])
def test_what_is_no_database_stays_as_it_is(tmp_path, content):
    path = tmp_path / "state.db"
    if content is not None:
        path.write_bytes(content)
    claim([path], OURS)
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_file_that_somebody_writes_to_is_marked_another_time(database, monkeypatch):
    monkeypatch.setattr("onefold.adapters.sqlite.owner._WAIT_SECONDS", 0.01)
    with closing(sqlite3.connect(database, isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        claim([database], OURS)
        busy.execute("ROLLBACK")
    assert mark_of(database) == 0
    claim([database], OURS)
    assert mark_of(database) > 0
