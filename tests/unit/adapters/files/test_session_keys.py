"""Keys of sessions: a rotation lets open sessions go on, or ends them all, and a running server sees it."""

from __future__ import annotations

import stat

import pytest

from onefold.adapters.files.keys import create_key_files
from onefold.adapters.files.session_keys import SessionKeyFiles, rotate_session_key
from onefold.kernel.errors import CallerError

NOW, LIFE = 1_800_000_000, 1800


@pytest.fixture
def folder(tmp_path):
    create_key_files(tmp_path / "keys")
    return tmp_path / "keys"


def test_the_key_stays_the_same_until_it_is_rotated(folder):
    first = SessionKeyFiles(folder).signing()
    assert len(first.secret) == 32
    assert SessionKeyFiles(folder).signing() == first
    assert SessionKeyFiles(folder).verifying(first.id, NOW) == first.secret
    assert SessionKeyFiles(folder).verifying("another", NOW) is None


def test_after_a_rotation_the_former_key_verifies_for_as_long_as_a_token_lives(folder):
    keys = SessionKeyFiles(folder)
    first = keys.signing()
    fresh_id = rotate_session_key(folder, NOW, LIFE)
    assert keys.signing().id == fresh_id != first.id
    assert keys.verifying(first.id, NOW + LIFE - 1) == first.secret
    assert keys.verifying(first.id, NOW + LIFE) is None
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("session*")} == {0o600}


def test_several_former_keys_verify_and_those_whose_time_is_over_go(folder):
    keys = SessionKeyFiles(folder)
    ids = [keys.signing().id]
    for at in (NOW, NOW + 60, NOW + LIFE + 30):
        ids.append(rotate_session_key(folder, at, LIFE))
    assert [keys.verifying(it, NOW + LIFE + 31) is not None for it in ids] == [False, True, True, True]
    assert len(list(folder.glob("session-*.key"))) == 2


def test_a_rotation_at_once_leaves_no_former_key(folder):
    keys = SessionKeyFiles(folder)
    first = keys.signing().id
    second = rotate_session_key(folder, NOW, LIFE)
    rotate_session_key(folder, NOW, 0)
    assert [keys.verifying(it, NOW) for it in (first, second)] == [None, None]
    assert list(folder.glob("session-*.key")) == []


def test_a_key_that_others_can_read_is_not_used(folder):
    (folder / "session.key").chmod(0o644)
    with pytest.raises(CallerError, match="can be read by others"):
        SessionKeyFiles(folder).signing()
