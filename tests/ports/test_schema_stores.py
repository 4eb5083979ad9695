"""The keepers of schemas keep the promises of their port."""

from __future__ import annotations

from contextlib import closing

import pytest

from onefold.adapters.sqlite.schemas import SqliteSchemas
from onefold.kernel.errors import Damaged
from tests.ports.schema_store import SchemaStoreSuite, schema


class TestSqliteSchemas(SchemaStoreSuite):
    """A file."""

    @pytest.fixture
    def store(self, tmp_path):
        with closing(SqliteSchemas(tmp_path / "cell" / "schemas.db")) as store:
            yield store

    def test_another_process_finds_what_was_added(self, store, tmp_path):
        added = store.add("a", schema("x"), derived=False)
        with closing(SqliteSchemas(tmp_path / "cell" / "schemas.db")) as again:
            assert again.versions("a") == [added]
            assert again.add("a", schema("y"), derived=False).id > added.id

    def test_a_file_that_is_no_database_is_damage(self, tmp_path):
        (tmp_path / "schemas.db").write_bytes(b"not a database, by far" * 1000)
        with pytest.raises(Damaged):
            SqliteSchemas(tmp_path / "schemas.db")
