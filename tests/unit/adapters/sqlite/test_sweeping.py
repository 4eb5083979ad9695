"""What deleted rows leave in pages is overwritten, and nothing else is, while others read and write."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
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
    return sweep(path, MARK, wait)


def sweep_here(path, monkeypatch, at_once, between):
    """The same in this process, some pages at a time, with something done before each slice but the first."""
    slices = []

    def said():
        slices.append(1)

    here = pages.Sweep(path, MARK, 5.0, said)
    begun = here._begun

    def begin():
        if slices:
            between()
        return begun()

    monkeypatch.setattr(pages, "PAGES_AT_ONCE", at_once)
    monkeypatch.setattr(here, "_begun", begin)
    here.run()
    here._base.close()
    return len(slices)


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
        asked = pages._bytes_of

        def reading_first(log):
            other.execute("SELECT count(*), sum(length(word)) FROM people NOT INDEXED").fetchall()
            other.execute("SELECT count(*), sum(length(body)) FROM said").fetchall()
            return asked(log)

        monkeypatch.setattr(pages, "_bytes_of", reading_first)
        sweep_here(path, monkeypatch, 10_000, lambda: None)
        assert PLANTED not in stored(path)
        other.execute("UPDATE people SET word = upper(word)")
        other.execute("UPDATE said SET body = upper(body)")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert PLANTED not in stored(path)


@pytest.mark.parametrize("seed", range(5))
def test_a_page_that_moves_while_others_write_takes_nothing_with_it(path, monkeypatch, seed):
    """Splitting pages, SQLite puts one that was not swept yet in the place of one that was."""
    lived(path, seed, 3000)
    assert plant(path, PLANTED) > 100
    chance = random.Random(1000 + seed)
    written = []
    with closing(opened(path)) as other:

        def write():
            for _ in range(15):
                row = (chance.randbytes(16), "n" * chance.randrange(20, 90))
                other.execute("INSERT INTO people VALUES (?, ?)", row)
                written.append(row)

        slices = sweep_here(path, monkeypatch, 40, write)
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert slices > 20
    assert PLANTED not in stored(path)
    assert set(written) <= set(told(path)[0])


def test_a_file_that_nobody_writes_to_is_gone_through_once(path, monkeypatch):
    lived(path, 1)
    count = path.stat().st_size // PAGE
    assert sweep_here(path, monkeypatch, 40, lambda: None) == -(-count // 40)


def test_others_write_meanwhile_and_nothing_of_theirs_is_lost(path):
    words = lived(path, 3)
    plant(path, PLANTED)
    ended = threading.Event()
    written = []

    def write():
        with closing(opened(path)) as base:
            base.execute("PRAGMA busy_timeout = 10000")
            chance = random.Random(9)
            while not ended.is_set():
                row = (chance.randbytes(16), f"new{chance.random()}")
                base.execute("INSERT INTO people VALUES (?, ?)", row)
                written.append(row)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(5):
        swept(path, 30)
    ended.set()
    writer.join()
    assert written
    assert set(written) <= set(told(path)[0])
    assert [it for it in words if it in stored(path)] == []
    assert PLANTED not in stored(path)


@pytest.mark.parametrize("after", [0.0, 0.02, 0.04, 0.06, 0.08, 0.1])
def test_whoever_asked_may_be_killed_and_what_others_write_stands(path, after):
    """The program ends by itself, with the lock under which it writes."""
    lived(path, 3)
    plant(path, PLANTED)
    before = told(path)
    code = (
        "import sys; from pathlib import Path; from onefold.adapters.sqlite.sweeping import sweep\n"
        "print('begins', flush=True); sweep(Path(sys.argv[1]), sys.argv[2], 5)\n"
    )
    asking = subprocess.Popen(
        [sys.executable, "-c", code, str(path), MARK], stdout=subprocess.PIPE, start_new_session=True
    )
    with asking:
        assert asking.stdout.readline() == b"begins\n"
        time.sleep(after)
        os.kill(asking.pid, signal.SIGKILL)
    row = (b"x" * 16, "after the kill")
    with closing(opened(path)) as base:
        base.execute("INSERT INTO people VALUES (?, ?)", row)
    assert set(told(path)[0]) == {*before[0], row}
    swept(path)
    assert PLANTED not in stored(path)
    assert set(told(path)[0]) == {*before[0], row}


def test_a_reader_in_the_way_is_said_and_later_it_goes_on(path):
    words = lived(path, 4)
    with closing(opened(path)) as base:
        base.execute("INSERT INTO said VALUES (2, 'x')")
        with closing(opened(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM said").fetchall()
            base.execute("INSERT INTO said VALUES (3, 'x')")
            with pytest.raises(Unavailable, match="still hold what was erased"):
                swept(path, 0.05)
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


def test_a_program_that_is_stuck_is_ended_with_its_locks(path, monkeypatch, tmp_path):
    stuck = tmp_path / "stuck.py"
    stuck.write_text(
        "import sqlite3, sys, time\n"
        "base = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "base.execute('BEGIN IMMEDIATE')\n"
        "time.sleep(600)\n"
    )
    monkeypatch.setattr(pages, "__file__", str(stuck))
    monkeypatch.setattr(sweeping, "SILENT_SECONDS", 0.5)
    with pytest.raises(Unavailable, match="could not be overwritten") as raised:
        swept(path, 0.5)
    assert "said nothing" in raised.value.detail
    with closing(opened(path)) as base:
        base.execute("INSERT INTO said VALUES (2, 'x')")


def test_a_file_of_too_many_pages_is_refused_because_a_page_cannot_be_told_by_itself(path, monkeypatch):
    monkeypatch.setattr(pages, "MOST_PAGES", 3)
    with pytest.raises(SystemExit, match="too many pages"):
        pages.PageFile(path)


def test_a_file_whose_pages_are_moved_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "moved.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.executescript(
            "PRAGMA auto_vacuum = FULL; PRAGMA journal_mode = WAL;"
            "CREATE TABLE marks (value INTEGER NOT NULL); INSERT INTO marks VALUES (0);"
        )
    with pytest.raises(Unavailable, match="cannot be told") as raised:
        swept(path)
    assert "auto_vacuum" in raised.value.detail
    assert "VACUUM" in raised.value.hint


@pytest.mark.parametrize(
    "header",
    [
        bytes([13, 0, 0, 0, 4, 0, 9, 0]),
        bytes([13, 0, 0, 0, 4, 255, 255, 0]),
        bytes([13, 0, 20, 0, 1, 0, 200, 0]),
        bytes([13, 3, 255, 0, 1, 0, 200, 0]),
        bytes([13, 0, 0, 0, 1, 0, 200, 0, 0, 9]),
        bytes([13, 3, 254, 0, 1, 0, 200, 0, 0, 201]),
        bytes([0, 0, 0, 9, 1, 0, 200, 0]),
    ],
    ids=[
        "cells over pointers",
        "content beyond the page",
        "block in the pointers",
        "block off the page",
        "cell over pointers",
        "block at the end",
        "overflow",
    ],
)
def test_a_page_that_contradicts_itself_is_left_as_it_is(header):
    page = header + bytes([7]) * (PAGE - len(header))
    assert unowned(page, 2, PAGE) == []
