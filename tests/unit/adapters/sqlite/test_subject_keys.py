"""Subject keys on disk: wrapped, synced, shared by processes, and gone when they are gone."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing

import pytest

from onefold.adapters.files.keys import FileKeyCustody
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.kernel.errors import Damaged, Unavailable
from tests.pages import plant
from tests.ports.subject_keys import subject

MASTER = os.urandom(32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "subject-keys.db"


@pytest.fixture
def keys(path):
    made = SqliteSubjectKeys(path, FileKeyCustody(MASTER))
    yield made
    made.close()


class CountingCustody(FileKeyCustody):
    """Counts calls to the custody, each of which may be a call over a network."""

    def __init__(self, master: bytes) -> None:
        super().__init__(master)
        self.calls: Counter[str] = Counter()

    def wrap(self, keys):
        self.calls["wrap"] += 1
        return super().wrap(keys)

    def unwrap(self, master_id, wrapped):
        self.calls["unwrap"] += 1
        return super().unwrap(master_id, wrapped)


def stored_bytes(path) -> bytes:
    """All that lies on the disk: the database, its log and its index."""
    return b"".join(it.read_bytes() for it in path.parent.glob(path.name + "*"))


def test_keys_are_there_after_a_new_start(keys, path):
    made = keys.obtain([subject(1), subject(2)])
    again = SqliteSubjectKeys(path, FileKeyCustody(MASTER))
    assert again.find([subject(1), subject(2)]) == made
    again.close()


def test_no_key_lies_on_the_disk_as_it_is(keys, path):
    made = keys.obtain([subject(number) for number in range(50)])
    stored = stored_bytes(path)
    assert len(stored) > 50 * 60
    assert not any(key in stored for key in made.values())


def test_a_file_that_others_may_read_is_never_made(keys, path):
    assert path.stat().st_mode & 0o077 == 0


def test_a_stored_key_opens_for_no_other_subject(keys, path):
    keys.obtain([subject(1), subject(2)])
    with sqlite3.connect(path) as base:
        (wrapped,) = base.execute(
            "SELECT wrapped FROM subject_keys WHERE subject_id = ?", (subject(1),)
        ).fetchone()
        base.execute("UPDATE subject_keys SET wrapped = ? WHERE subject_id = ?", (wrapped, subject(2)))
    base.close()
    again = SqliteSubjectKeys(path, FileKeyCustody(MASTER))
    with pytest.raises(Damaged):
        again.find([subject(2)])
    again.close()


def test_under_another_master_key_nothing_opens(keys, path):
    keys.obtain([subject(1)])
    other = SqliteSubjectKeys(path, FileKeyCustody(os.urandom(32)))
    with pytest.raises(Unavailable, match="master key is missing"):
        other.find([subject(1)])
    other.close()


def test_an_erased_key_leaves_no_byte_behind(keys, path):
    keys.obtain([subject(number) for number in range(300)])
    base = sqlite3.connect(path)
    (wrapped,) = base.execute(
        "SELECT wrapped FROM subject_keys WHERE subject_id = ?", (subject(150),)
    ).fetchone()
    base.close()
    assert wrapped in stored_bytes(path)
    keys.destroy([subject(150)])
    assert wrapped not in stored_bytes(path)
    assert subject(150) in stored_bytes(path), "the tombstone"
    assert len(keys.find([subject(number) for number in range(300)])) == 299


def test_an_erasure_says_so_when_a_reader_keeps_the_old_pages_alive(path):
    keys = SqliteSubjectKeys(path, FileKeyCustody(MASTER), wait_seconds=0.05)
    keys.obtain([subject(1)])
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM subject_keys").fetchall()
    with pytest.raises(Unavailable, match="still hold what was erased"):
        keys.destroy([subject(1)])
    assert keys.find([subject(1)]) == {}
    reader.close()
    keys.destroy([subject(1)])
    assert keys.find([subject(1)]) == {}
    keys.close()


def test_a_copy_of_a_key_that_a_page_kept_goes_with_it(path):
    subjects = [subject(number) for number in range(300)]
    with closing(SqliteSubjectKeys(path, FileKeyCustody(MASTER))) as keys:
        keys.obtain(subjects)
    with closing(sqlite3.connect(path)) as base:
        (wrapped,) = base.execute(
            "SELECT wrapped FROM subject_keys WHERE subject_id = ?", (subject(150),)
        ).fetchone()
    assert plant(path, wrapped)
    with closing(SqliteSubjectKeys(path, FileKeyCustody(MASTER))) as keys:
        assert len(keys.find(subjects)) == 300
        keys.destroy([subject(150)])
        assert wrapped not in stored_bytes(path)
        assert len(keys.find(subjects)) == 299


def test_what_was_not_swept_before_a_crash_is_swept_at_the_next_start(path, monkeypatch):
    with closing(SqliteSubjectKeys(path, FileKeyCustody(MASTER))) as keys:
        keys.obtain([subject(number) for number in range(300)])
    assert plant(path, b"a copy of a key")

    def crash(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, closing(SqliteSubjectKeys(path, FileKeyCustody(MASTER))) as keys:
        patched.setattr("onefold.adapters.sqlite.subject_keys.sweep", crash)
        with pytest.raises(KeyboardInterrupt):
            keys.destroy([subject(150)])
    assert b"a copy of a key" in stored_bytes(path)
    with closing(SqliteSubjectKeys(path, FileKeyCustody(MASTER))) as keys:
        keys.destroy([])
        assert b"a copy of a key" not in stored_bytes(path)
        monkeypatch.setattr("onefold.adapters.sqlite.subject_keys.sweep", crash)
        keys.destroy([])  # There is nothing left to sweep.


def test_an_erasure_reaches_the_cache_of_another_process(keys, path):
    other = SqliteSubjectKeys(path, FileKeyCustody(MASTER))
    keys.obtain([subject(1), subject(2)])
    assert len(other.find([subject(1), subject(2)])) == 2
    keys.destroy([subject(1)])
    assert other.find([subject(1), subject(2)]).keys() == {subject(2)}
    assert other.obtain([subject(1)]) == {}
    other.close()


def test_two_processes_that_make_the_same_key_agree(keys, path):
    other = SqliteSubjectKeys(path, FileKeyCustody(MASTER))
    subjects = [subject(number) for number in range(20)]
    made = keys.obtain(subjects[:10])
    theirs = other._make(subjects)
    assert {it: theirs[it] for it in subjects[:10]} == made
    assert keys.obtain(subjects) == theirs
    other.close()


def test_a_key_is_durable_before_it_is_handed_out(path):
    """A child process hands out a key and ends without closing anything."""
    code = (
        "import os, sys; from pathlib import Path\n"
        "from onefold.adapters.files.keys import FileKeyCustody\n"
        "from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys\n"
        "keys = SqliteSubjectKeys(Path(sys.argv[1]), FileKeyCustody(bytes.fromhex(sys.argv[2])))\n"
        "print(keys.obtain([bytes(16)])[bytes(16)].hex(), flush=True)\n"
        "os._exit(9)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(path), MASTER.hex()], capture_output=True, text=True, check=False
    )
    assert run.returncode == 9, run.stderr
    keys = SqliteSubjectKeys(path, FileKeyCustody(MASTER))
    assert keys.find([bytes(16)])[bytes(16)].hex() == run.stdout.strip()
    keys.close()


def test_commits_are_synced_unless_somebody_measures(keys, path, tmp_path):
    full = 2
    assert keys._base.execute("PRAGMA synchronous").fetchone()[0] == full
    unsynced = SqliteSubjectKeys(tmp_path / "other.db", FileKeyCustody(MASTER), sync=False)
    assert unsynced._base.execute("PRAGMA synchronous").fetchone()[0] == 0
    unsynced.close()


def test_the_custody_is_asked_once_a_batch_and_not_for_what_is_cached(path):
    custody = CountingCustody(MASTER)
    keys = SqliteSubjectKeys(path, custody)
    subjects = [subject(number) for number in range(1000)]
    keys.obtain(subjects)
    keys.find(subjects)
    assert custody.calls == {"wrap": 1}
    keys.close()
    again = SqliteSubjectKeys(path, custody)
    again.find(subjects)
    again.find(subjects)
    assert custody.calls == {"wrap": 1, "unwrap": 1}
    again.close()


def test_the_cache_holds_no_more_than_it_may_and_forgets_the_oldest(path):
    custody = CountingCustody(MASTER)
    keys = SqliteSubjectKeys(path, custody, cached=10)
    keys.obtain([subject(number) for number in range(100)])
    keys.find([subject(99)])
    assert custody.calls["unwrap"] == 0
    keys.find([subject(0)])
    assert custody.calls["unwrap"] == 1
    assert len(keys._cache) == 10
    keys.close()


def test_a_rotation_moves_every_key_and_changes_none(keys, path):
    made = keys.obtain([subject(number) for number in range(1200)])
    keys.destroy([subject(7)])
    del made[subject(7)]
    fresh = os.urandom(32)
    rotated = SqliteSubjectKeys(path, FileKeyCustody(fresh, [MASTER]))
    rotated.obtain([subject(5000)])
    assert rotated.rewrap() == 1199
    assert rotated.rewrap() == 0
    rotated.close()
    again = SqliteSubjectKeys(path, FileKeyCustody(fresh))
    assert again.find([subject(number) for number in range(1200)]) == made
    again.close()


def test_a_file_that_is_no_database_is_damage(path):
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(Damaged):
        SqliteSubjectKeys(path, FileKeyCustody(MASTER))


@pytest.mark.parametrize("emptied", [False, True])
def test_keys_that_must_be_there_are_not_made_anew(path, emptied):
    if emptied:
        path.touch()
    with pytest.raises(Damaged, match=r"subject-keys\.db") as caught:
        SqliteSubjectKeys(path, FileKeyCustody(MASTER), create=False)
    assert "backup" in caught.value.hint
    assert stored_bytes(path) == b""


def test_keys_that_must_be_there_and_are_open(keys, path):
    made = keys.obtain([subject(1)])
    again = SqliteSubjectKeys(path, FileKeyCustody(MASTER), create=False)
    assert again.find([subject(1)]) == made
    again.close()


def test_a_folder_that_cannot_be_is_unavailable(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        SqliteSubjectKeys(tmp_path / "file" / "keys.db", FileKeyCustody(MASTER))


def test_a_base_that_is_locked_by_somebody_is_unavailable(keys, path):
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    keys._base.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(Unavailable):
        keys.obtain([subject(1)])
    other.close()
    assert len(keys.obtain([subject(1)])) == 1
