"""The custodies of master keys keep the promises of their port: files, the environment, a service."""

from __future__ import annotations

import os

import pytest

from onefold.adapters.files.custody import FORMER_VARIABLE, FolderCustody
from onefold.adapters.files.keys import (
    MASTER_VARIABLE,
    FileKeyCustody,
    create_key_files,
    rotate_master_key,
)
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.kernel.errors import CallerError, Unavailable
from onefold.testing.custody import FakeKms
from tests.ports.key_custody import SUBJECTS, KeyCustodySuite


class TestFileKeyCustody(KeyCustodySuite):
    """Keys in memory, as files gave them."""

    MASTER, NEXT = os.urandom(32), os.urandom(32)

    @pytest.fixture
    def custody(self):
        return FileKeyCustody(self.MASTER)

    @pytest.fixture
    def rotate(self):
        return lambda _: FileKeyCustody(self.NEXT, [self.MASTER])


class TestFolderCustody(KeyCustodySuite):
    """The key files of a folder, as they are now: one object sees the rotation."""

    @pytest.fixture
    def custody(self, tmp_path):
        create_key_files(tmp_path / "keys")
        return FolderCustody(tmp_path / "keys", {})

    @pytest.fixture
    def rotate(self, tmp_path):
        def rotated(custody):
            rotate_master_key(tmp_path / "keys")
            return custody

        return rotated

    def test_a_file_that_others_may_read_is_refused_as_soon_as_it_is_looked_at(self, custody, tmp_path):
        rotate_master_key(tmp_path / "keys")
        (tmp_path / "keys" / "master.key").chmod(0o640)
        with pytest.raises(CallerError, match="0640"):
            custody.wrap([(bytes(32), b"owner")])


class TestEnvironmentCustody(KeyCustodySuite):
    """A key in the environment; the files beside it, and those listed, are former ones."""

    MASTER, NEXT = os.urandom(32).hex(), os.urandom(32).hex()

    @pytest.fixture
    def custody(self, tmp_path):
        create_key_files(tmp_path / "keys")
        return FolderCustody(tmp_path / "keys", {MASTER_VARIABLE: self.MASTER})

    @pytest.fixture
    def rotate(self, tmp_path):
        return lambda _: FolderCustody(
            tmp_path / "keys", {MASTER_VARIABLE: self.NEXT, FORMER_VARIABLE: self.MASTER}
        )

    def test_what_is_under_a_file_opens_while_the_key_moves_into_the_environment(self, custody, tmp_path):
        of_file = FolderCustody(tmp_path / "keys", {})
        wrapped = of_file.wrap([(b"k" * 32, b"owner")])
        assert custody.current != of_file.current
        assert custody.unwrap(of_file.current, [(wrapped[0], b"owner")]) == [b"k" * 32]

    @pytest.mark.parametrize("text", ["abab", "zz" * 32])
    def test_what_is_no_key_is_refused_and_not_shown(self, tmp_path, text):
        create_key_files(tmp_path / "keys")
        with pytest.raises(CallerError) as refused:
            FolderCustody(tmp_path / "keys", {MASTER_VARIABLE: text})
        assert MASTER_VARIABLE in str(refused.value)
        assert text not in str(refused.value)


class TestFakeKms(KeyCustodySuite):
    """A service that keeps its keys to itself."""

    @pytest.fixture
    def custody(self):
        return FakeKms()

    @pytest.fixture
    def rotate(self):
        def rotated(custody):
            custody.rotate()
            return custody

        return rotated

    def test_a_batch_is_one_call(self, custody):
        custody.wrap([(bytes(32), b"owner")] * 500)
        assert custody.calls == 1

    def test_a_rotation_that_is_cut_short_leaves_every_key_open_and_the_next_ends_it(self, custody, tmp_path):
        keys = SqliteSubjectKeys(tmp_path / "keys.db", custody, cached=1)
        made = keys.obtain(SUBJECTS)
        former = custody.current
        custody.rotate()
        # The service goes down after the first few hundred were moved.
        custody.calls_max = custody.calls + 3
        with pytest.raises(Unavailable):
            keys.rewrap()
        custody.calls_max = None
        assert keys.find(SUBJECTS) == made
        assert 0 < keys.rewrap() < len(SUBJECTS)
        custody.retire(former)
        assert keys.find(SUBJECTS) == made
        keys.close()
