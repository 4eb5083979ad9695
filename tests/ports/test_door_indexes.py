"""The indexes of a door, each held to the suite of the port."""

from __future__ import annotations

import sqlite3

import pytest

from onefold.adapters.sqlite.door import SqliteDoorIndex
from onefold.kernel.errors import Unavailable
from onefold.record.intake.model import Tally
from onefold.testing.door import MemoryDoorIndex
from tests.ports.door_index import A, DoorIndexSuite


class TestMemoryDoorIndex(DoorIndexSuite):
    """The fake."""

    @pytest.fixture
    def index(self):
        """An empty one."""
        return MemoryDoorIndex()


class TestSqliteDoorIndex(DoorIndexSuite):
    """The one on a disk."""

    @pytest.fixture
    def path(self, tmp_path):
        """Where it lies."""
        return tmp_path / "cell" / "door.db"

    @pytest.fixture
    def index(self, path):
        """An empty one."""
        index = SqliteDoorIndex(path)
        yield index
        index.close()

    def test_what_it_has_seen_outlives_it(self, index, path):
        with index.work() as work:
            work.claim([(1, A)])
            work.move(log=9)
        index.close()
        again = SqliteDoorIndex(path)
        with again.work() as work:
            assert work.claim([(1, A)]) == set()
        assert again.log_offset == 9
        again.close()

    def test_one_that_did_not_say_who_judged_goes_on_and_judges_again(self, index, path):
        with index.work() as work:
            work.remember("core/customer", {A: (b"x", 5, "1.0.0 now")})
            work.count("core", "customer", Tally(offered=1, unchanged=1), 5, 5)
            work.move(log=9)
        index.close()
        base = sqlite3.connect(path)
        base.executescript(
            "ALTER TABLE snapshots DROP COLUMN version; DROP TABLE versions; PRAGMA user_version = 1;"
        )
        base.close()
        again = SqliteDoorIndex(path)
        assert again.snapshots("core/customer", [A]) == {A: (b"x", 5, "")}
        assert (again.log_offset, again.counts()[0].tally.unchanged) == (9, 1)
        with again.work() as work:
            work.remember("core/customer", {A: (b"x", 5, "1.0.0 now")})
        again.close()
        once_more = SqliteDoorIndex(path)
        assert once_more.snapshots("core/customer", [A]) == {A: (b"x", 5, "1.0.0 now")}
        once_more.close()

    def test_one_of_another_release_is_made_again(self, index, path):
        with index.work() as work:
            work.claim([(1, A)])
            work.move(log=9)
        index.close()
        base = sqlite3.connect(path)
        base.execute("PRAGMA user_version = 999")
        base.close()
        again = SqliteDoorIndex(path)
        assert again.log_offset == 0
        again.close()

    def test_a_file_that_is_no_index_says_what_to_do(self, tmp_path):
        path = tmp_path / "door.db"
        path.write_bytes(b"not a database, but long enough to be taken for one" * 20)
        with pytest.raises(Unavailable, match=r"delete door\.db"):
            SqliteDoorIndex(path)
