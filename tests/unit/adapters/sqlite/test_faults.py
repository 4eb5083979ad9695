"""Whatever SQLite says is said as what it means for the reader, with what to do."""

from __future__ import annotations

import sqlite3

import pytest

from onefold.adapters.sqlite.faults import Faults
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.kernel.errors import Damaged, Unavailable
from onefold.testing.custody import FakeKms

STATE = Faults("the state", "Delete state.db.")
INDEX = Faults("the index", "delete index.db.", derived=True)


def full(path):
    """A database that may not grow by one page more."""
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("CREATE TABLE some (it BLOB)")
    base.execute("PRAGMA max_page_count = 2")
    return base


def damaged(path):
    path.write_bytes(b"no database at all, whatever its name says" * 100)
    return sqlite3.connect(path)


@pytest.mark.parametrize("faults", [STATE, INDEX])
def test_a_full_disk_is_unavailable_and_says_to_look_at_space(faults, tmp_path):
    base = full(tmp_path / "a.db")
    with (
        pytest.raises(Unavailable, match=r"cannot be read or written now.*SQLITE_FULL.*space.*again"),
        faults,
    ):
        base.execute("INSERT INTO some VALUES (zeroblob(100000))")


def test_a_file_that_cannot_be_made_says_so_too(tmp_path):
    with pytest.raises(Unavailable, match=r"SQLITE_CANTOPEN.*space"), STATE:
        sqlite3.connect(tmp_path / "no-such-folder" / "a.db")


def test_a_damaged_file_is_damaged_and_an_index_of_which_there_is_another_is_not(tmp_path):
    with pytest.raises(Damaged, match=r"SQLITE_NOTADB\. Delete state\.db"), STATE:
        damaged(tmp_path / "a.db").execute("SELECT * FROM some")
    with pytest.raises(Unavailable, match=r"If it stays so: delete index\.db"), INDEX:
        damaged(tmp_path / "b.db").execute("SELECT * FROM some")


def test_other_errors_pass_as_they_are_and_so_do_mistakes_of_ours():
    with pytest.raises(KeyError), STATE:
        raise KeyError("mine")
    closed = sqlite3.connect(":memory:")
    closed.close()
    with pytest.raises(sqlite3.ProgrammingError), STATE:
        closed.execute("SELECT 1")
    once = sqlite3.connect(":memory:")
    once.execute("CREATE TABLE some (it INTEGER PRIMARY KEY)")
    once.execute("INSERT INTO some VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError), STATE:
        once.execute("INSERT INTO some VALUES (1)")
    with pytest.raises(Unavailable, match=r"SQLITE_CONSTRAINT.*delete index\.db"), INDEX:
        once.execute("INSERT INTO some VALUES (1)")


def test_keys_on_a_full_disk_say_what_to_do(tmp_path):
    keys = SqliteSubjectKeys(tmp_path / "keys.db", FakeKms())
    keys._base.execute("PRAGMA max_page_count = 1")
    with pytest.raises(Unavailable, match=r"subject keys cannot.*space.*again"):
        keys.obtain([bytes([number]) * 16 for number in range(200)])
