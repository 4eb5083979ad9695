"""A secret that everybody can read is none: it is refused, and said so without a word of it."""

from __future__ import annotations

import pytest

from onefold.adapters.files.secret_files import read_secret
from onefold.kernel.errors import CallerError


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "ldap"
    path.write_text(" pa55 word\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o440])
def test_a_secret_of_its_owner_or_group_is_read(secret, mode):
    secret.chmod(mode)
    assert read_secret(secret) == "pa55 word"


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601, 0o660, 0o444, 0o666])
def test_a_secret_that_is_open_to_others_is_refused_and_not_repeated(secret, mode):
    secret.chmod(mode)
    with pytest.raises(CallerError) as caught:
        read_secret(secret)
    assert f"{mode:04o}" in str(caught.value.detail)
    assert "pa55" not in f"{caught.value.message} {caught.value.detail} {caught.value.hint}"


def test_nothing_is_no_secret(tmp_path):
    assert read_secret(tmp_path / "none") == ""
    (tmp_path / "empty").touch(0o644)
    assert read_secret(tmp_path / "empty") == ""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert read_secret(tmp_path / "bytes") == ""
