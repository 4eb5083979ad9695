"""What deleted rows leave in pages is overwritten, and nothing else is, while others read and write."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing

import pytest

from onefold.adapters.sqlite import pages, sweeping
from onefold.adapters.sqlite.pages import unowned
from onefold.adapters.sqlite.sweeping import sweep
from onefold.kernel.errors import Unavailable
from tests.pages import plant

MARK = "UPDATE marks SET value = value + 1"
PLANTED = b"planted-by-the-test"
PAGE = 1024


@pytest.fixture
def path(tmp_path):
    """A database with a table, an index and a row that is changed."""
    path = tmp_path / "some.db"
    with closing(opened(path)) as base:
        base.executescript(
            "CREATE TABLE marks (value INTEGER NOT NULL); INSERT INTO marks VALUES (0);"
            "CREATE TABLE people (id BLOB PRIMARY KEY, word TEXT NOT NULL) WITHOUT ROWID;"
            "CREATE INDEX by_word ON people (word); CREATE TABLE said (id INTEGER PRIMARY KEY, body BLOB);"
        )
    return path


def opened(path):
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    base.execute(f"PRAGMA page_size = {PAGE}")
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA secure_delete = ON")
    return base


def swept(path, wait=5.0):
    with closing(opened(path)) as base:
        return sweep(base, path, MARK, wait)


def stored(path):
    return b"".join(
        it.read_bytes() for it in sorted(path.parent.glob(f"{path.name}*")) if it.suffix != ".db-shm"
    )


def told(path):
    with closing(opened(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [base.execute(f"SELECT * FROM {it} ORDER BY 1").fetchall() for it in ("people", "said")]


def word(number):
    return f"canary{number:05d}" + "x" * (number * 7919 % 90)


def lived(path, seed, count=600):
    """A base in which rows came, grew, moved and went: the words of those that went, and what is there."""
    chance = random.Random(seed)
    ids = [chance.randbytes(16) for _ in range(count)]
    with closing(opened(path)) as base:
        base.execute("BEGIN")
        for number in chance.sample(range(count), count):
            base.execute("INSERT INTO people VALUES (?, ?)", (ids[number], word(number)))
            base.execute("INSERT INTO said VALUES (?, ?)", (chance.getrandbits(40), word(number).encode()))
        base.execute("INSERT INTO said VALUES (1, ?)", (b"\x0d" * 50_000,))
        base.execute("COMMIT")
        gone = chance.sample(range(count), count // 4)
        base.execute("BEGIN")
        for number in gone:
            base.execute("DELETE FROM people WHERE id = ?", (ids[number],))
            base.execute("DELETE FROM said WHERE body = ?", (word(number).encode(),))
        base.execute("COMMIT")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [word(number)[:11].encode() for number in gone]


@pytest.mark.parametrize("seed", range(6))
def test_no_word_of_a_row_that_was_deleted_is_left_and_the_others_stand(path, seed):
    words = lived(path, seed)
    before = told(path)
    swept(path)
    assert [it for it in words if it in stored(path)] == []
    assert told(path) == before
    assert swept(path) == 0


def test_whatever_lies_where_nobody_owns_it_goes(path):
    lived(path, 1)
    before = told(path)
    assert plant(path, PLANTED) > 20
    assert stored(path).count(PLANTED) > 20
    assert swept(path) > 20
    assert PLANTED not in stored(path)
    assert told(path) == before


def test_who_had_the_page_in_memory_does_not_bring_it_back(path, monkeypatch):
    """Read when the log was emptied already, and before the page is overwritten."""
    lived(path, 2)
    assert plant(path, PLANTED)
    with closing(opened(path)) as other:
        asked = sweeping._logged

        def reading_first(of):
            other.execute("SELECT count(*), sum(length(word)) FROM people NOT INDEXED").fetchall()
            other.execute("SELECT count(*), sum(length(body)) FROM said").fetchall()
            return asked(of)

        monkeypatch.setattr(sweeping, "_logged", reading_first)
        swept(path)
        assert PLANTED not in stored(path)
        other.execute("UPDATE people SET word = upper(word)")
        other.execute("UPDATE said SET body = upper(body)")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert PLANTED not in stored(path)


def test_others_write_meanwhile_and_nothing_of_theirs_is_lost(path, monkeypatch):
    monkeypatch.setattr(sweeping, "PAGES_AT_ONCE", 3)
    words = lived(path, 3)
    plant(path, PLANTED)
    ended = threading.Event()
    written = []

    def write():
        with closing(opened(path)) as base:
            chance = random.Random(9)
            while not ended.is_set():
                row = (chance.randbytes(16), f"new{chance.random()}")
                base.execute("INSERT INTO people VALUES (?, ?)", row)
                written.append(row)

    writer = threading.Thread(target=write)
    writer.start()
    swept(path, 30)
    ended.set()
    writer.join()
    assert written
    assert set(written) <= set(told(path)[0])
    assert [it for it in words if it in stored(path)] == []
    assert PLANTED not in stored(path)


def test_a_reader_in_the_way_is_said_and_later_it_goes_on(path):
    words = lived(path, 4)
    with closing(opened(path)) as base:
        base.execute("INSERT INTO said VALUES (2, 'x')")
        with closing(opened(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM said").fetchall()
            base.execute("INSERT INTO said VALUES (3, 'x')")
            with pytest.raises(Unavailable, match="still hold what was erased"):
                sweep(base, path, MARK, 0.05)
    swept(path)
    assert [it for it in words if it in stored(path)] == []


def test_a_writer_in_the_way_is_waited_for(path):
    words = lived(path, 4)
    with closing(opened(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.5, lambda: writer.execute("COMMIT"))
        timer.start()
        swept(path)
        timer.join()
    assert [it for it in words if it in stored(path)] == []


def test_a_file_that_cannot_be_overwritten_is_said_with_the_reason(path, monkeypatch):
    lived(path, 5)
    monkeypatch.setattr(pages, "__file__", "/nowhere/pages.py")
    with pytest.raises(Unavailable, match="could not be overwritten") as raised:
        swept(path)
    assert "can't open file" in raised.value.detail


def test_a_file_of_too_many_pages_is_refused_because_a_page_cannot_be_told_by_itself(path, monkeypatch):
    monkeypatch.setattr(pages, "MOST_PAGES", 3)
    with pytest.raises(Unavailable, match="too many pages") as raised:
        swept(path)
    assert "VACUUM" in raised.value.hint


@pytest.mark.parametrize(
    "header",
    [
        bytes([13, 0, 0, 0, 4, 0, 9, 0]),
        bytes([13, 0, 0, 0, 4, 255, 255, 0]),
        bytes([13, 0, 20, 0, 1, 0, 200, 0]),
        bytes([13, 3, 255, 0, 1, 0, 200, 0]),
        bytes([0, 0, 0, 9, 1, 0, 200, 0]),
    ],
    ids=[
        "cells over pointers",
        "content beyond the page",
        "block in the pointers",
        "block off the page",
        "overflow",
    ],
)
def test_a_page_that_contradicts_itself_is_left_as_it_is(header):
    page = header + bytes([7]) * (PAGE - len(header))
    assert unowned(page, 2, PAGE) == []
