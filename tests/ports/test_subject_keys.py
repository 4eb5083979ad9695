"""The keepers of subject keys keep the promises of their port."""

from __future__ import annotations

import os

import pytest

from onefold.adapters.files.keys import FileKeyCustody
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.testing.segments import MemorySubjectKeys
from tests.ports.subject_keys import SubjectKeysSuite


class TestMemorySubjectKeys(SubjectKeysSuite):
    """A dictionary."""

    @pytest.fixture
    def keys(self):
        return MemorySubjectKeys()


class TestSqliteSubjectKeys(SubjectKeysSuite):
    """A file, with every key in the cache."""

    @pytest.fixture
    def keys(self, tmp_path):
        keys = SqliteSubjectKeys(tmp_path / "subject-keys.db", FileKeyCustody(os.urandom(32)))
        yield keys
        keys.close()


class TestSqliteSubjectKeysUncached(SubjectKeysSuite):
    """A file whose cache holds next to nothing."""

    @pytest.fixture
    def keys(self, tmp_path):
        keys = SqliteSubjectKeys(tmp_path / "subject-keys.db", FileKeyCustody(os.urandom(32)), cached=1)
        yield keys
        keys.close()
