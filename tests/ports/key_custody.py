"""What every custody of master keys must keep: the suite of KeyCustody.

A custody's test subclasses `KeyCustodySuite` and says how one is made and how its master key is rotated.
"""

from __future__ import annotations

import os

import pytest

from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.kernel.errors import Damaged, Unavailable
from onefold.kernel.keys import wrap_now

KEYS = [(os.urandom(32), b"owner %d" % number) for number in range(20)]
SUBJECTS = [number.to_bytes(16, "big") for number in range(1200)]


class KeyCustodySuite:
    """The promises of the port; `custody` gives one, `rotate` its successor (or itself) with a new master."""

    @pytest.fixture
    def custody(self):
        """Overridden by each custody."""
        raise NotImplementedError

    @pytest.fixture
    def rotate(self):
        """Overridden by each custody: a function of a custody."""
        raise NotImplementedError

    def test_what_is_wrapped_opens_for_its_owner_and_says_nothing(self, custody):
        master, wrapped = wrap_now(custody, KEYS)
        assert master == custody.current
        pairs = [(it, owner) for it, (_, owner) in zip(wrapped, KEYS, strict=True)]
        assert custody.unwrap(master, pairs) == [key for key, _ in KEYS]
        assert not any(key in it for it, (key, _) in zip(wrapped, KEYS, strict=True))
        assert len({*wrapped, *custody.wrap(KEYS)}) == 40

    def test_it_opens_for_nobody_else_nor_changed_nor_cut(self, custody):
        (wrapped, *_) = custody.wrap(KEYS)
        changed = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
        for it, owner in ((wrapped, b"owner 1"), (changed, b"owner 0"), (wrapped[:9], b"owner 0")):
            with pytest.raises(Damaged):
                custody.unwrap(custody.current, [(it, owner)])

    def test_a_master_key_that_is_not_there_is_unavailable(self, custody):
        with pytest.raises(Unavailable):
            custody.unwrap("0123", [(bytes(60), b"owner 0")])

    def test_nothing_wraps_to_nothing(self, custody):
        assert custody.wrap([]) == []
        assert custody.unwrap(custody.current, []) == []

    def test_after_a_rotation_both_masters_open_and_the_new_one_wraps(self, custody, rotate):
        former, wrapped = wrap_now(custody, KEYS)
        custody = rotate(custody)
        assert custody.current != former
        master, again = wrap_now(custody, KEYS)
        assert master == custody.current
        for named, held in ((former, wrapped), (master, again)):
            pairs = [(it, owner) for it, (_, owner) in zip(held, KEYS, strict=True)]
            assert custody.unwrap(named, pairs) == [key for key, _ in KEYS]

    def test_subject_keys_are_moved_over_and_none_is_another(self, custody, rotate, tmp_path):
        path = tmp_path / "subject-keys.db"
        before = SqliteSubjectKeys(path, custody)
        made = before.obtain(SUBJECTS)
        before.close()
        rotated = rotate(custody)
        keys = SqliteSubjectKeys(path, rotated, cached=1)
        assert keys.find(SUBJECTS) == made
        assert keys.rewrap() == len(SUBJECTS)
        assert keys.rewrap() == 0
        assert keys.find(SUBJECTS) == made
        keys.close()
