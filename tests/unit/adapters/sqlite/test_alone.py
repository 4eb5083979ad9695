"""Rights of a file of SQLite, and that taking them from others takes no lock from those who use it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

from onefold.adapters.sqlite.alone import alone, made

WRITES = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    base.execute("BEGIN IMMEDIATE")
    print("writes")
except sqlite3.OperationalError as error:
    print(error.sqlite_errorname)
"""


def other(path):
    """What another process is told that wants to write."""
    done = subprocess.run(
        [sys.executable, "-c", WRITES, path], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_a_new_file_is_its_owners(tmp_path):
    path = tmp_path / "new.db"
    alone(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_of_before_becomes_its_owners_with_all_that_is_beside_it(tmp_path):
    path = tmp_path / "before.db"
    beside = [path, tmp_path / "before.db-wal", tmp_path / "before.db-shm"]
    for it in beside:
        it.touch(0o644)
        it.chmod(0o644)
    alone(path)
    assert {it.stat().st_mode & 0o777 for it in beside} == {0o600}


def test_who_uses_the_file_keeps_its_locks(tmp_path):
    """Without write-ahead log they are on the file itself, where closing it once would give them up."""
    path = tmp_path / "used.db"
    alone(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("CREATE TABLE one (value)")
        base.execute("BEGIN IMMEDIATE")
        assert other(path) == "SQLITE_BUSY"
        alone(path)
        made(path)
        assert other(path) == "SQLITE_BUSY"
        base.execute("ROLLBACK")
    assert other(path) == "writes"
