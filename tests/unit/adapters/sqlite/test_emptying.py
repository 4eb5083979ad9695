"""The write-ahead log is emptied beside the writer, begins anew, and holds nobody up."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing

import pytest

from onefold.adapters.sqlite.emptying import Emptier

PAGE = 1024
BODY = bytes(900)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.db"


@pytest.fixture
def writer(path):
    with closing(opened(path)) as base:
        base.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, body BLOB)")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        yield base


def opened(path):
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    base.execute(f"PRAGMA page_size = {PAGE}")
    base.execute("PRAGMA journal_mode = WAL")
    return base


def beginnings(path):
    """How often the log began anew: the checkpoint sequence number in its header."""
    return int.from_bytes(path.with_name(path.name + "-wal").read_bytes()[12:16], "big")


def until(condition, what):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.001)


def in_the_file_alone(path, tmp_path):
    """How many rows the file has without its log; None while pages are copied, when it is not whole alone."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(copy)) as base:
        try:
            return base.execute("SELECT count(*) FROM said").fetchone()[0]
        except sqlite3.DatabaseError:
            return None


def test_what_was_committed_comes_into_the_file_though_the_writer_copies_nothing(path, writer, tmp_path):
    with closing(Emptier(path, writer, every_seconds=0.01)) as emptier:
        for number in range(20):
            writer.execute("INSERT INTO said VALUES (?, ?)", (number, BODY))
        assert in_the_file_alone(path, tmp_path) == 0
        emptier.wrote()
        until(lambda: in_the_file_alone(path, tmp_path) == 20, "the rows are in the file")


def test_a_log_that_is_never_at_rest_begins_anew_all_the_same(path, writer):
    with closing(Emptier(path, writer, every_seconds=0.001, long=100)) as emptier:
        numbers = iter(range(1_000_000))

        def has_begun_three_times():
            writer.execute("INSERT INTO said VALUES (?, ?)", (next(numbers), BODY))
            emptier.wrote()
            return beginnings(path) >= before + 3

        writer.execute("INSERT INTO said VALUES (?, ?)", (next(numbers), BODY))
        before = beginnings(path)
        until(has_begun_three_times, "the log begins anew")
    written = next(numbers)
    found = writer.execute("SELECT count(*), count(DISTINCT id) FROM said").fetchone()
    assert found == (written, written)


def test_a_reader_keeps_neither_the_writer_nor_the_thread_from_going_on(path, writer, tmp_path):
    with (
        closing(opened(path)) as reader,
        closing(Emptier(path, writer, every_seconds=0.01, long=10)) as emptier,
    ):
        writer.execute("INSERT INTO said VALUES (0, ?)", (BODY,))
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM said").fetchone() == (1,)
        for number in range(1, 100):
            writer.execute("INSERT INTO said VALUES (?, ?)", (number, BODY))
            emptier.wrote()
        assert reader.execute("SELECT count(*) FROM said").fetchone() == (1,)
        reader.execute("COMMIT")
        emptier.wrote()
        until(lambda: in_the_file_alone(path, tmp_path) == 100, "all rows are in the file")


def test_closing_ends_the_thread(path, writer):
    others = set(threading.enumerate())
    emptier = Emptier(path, writer)
    emptier.wrote()
    (own,) = set(threading.enumerate()) - others
    assert own.is_alive()
    emptier.close()
    assert not own.is_alive()
