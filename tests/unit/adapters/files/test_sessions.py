"""Sessions that ended, on the disk: whole, the owner's alone, and never guessed."""

from __future__ import annotations

import pytest

from onefold.adapters.files.sessions import EndedSessionsFile
from onefold.kernel.errors import Damaged
from tests.faulty_disk import FaultyDisk


def test_what_is_written_is_read_by_the_next_one_and_synced(tmp_path):
    disk = FaultyDisk()
    assert EndedSessionsFile(tmp_path, disk).read() == {}
    EndedSessionsFile(tmp_path, disk).write({"a": 1, "b": 2})
    assert disk.syncs
    EndedSessionsFile(tmp_path).write({"b": 2})
    assert EndedSessionsFile(tmp_path).read() == {"b": 2}
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_spoiled_file_is_damage_and_not_an_empty_one(tmp_path):
    (tmp_path / "ended-sessions.json").write_text("{broken")
    with pytest.raises(Damaged, match="ended-sessions"):
        EndedSessionsFile(tmp_path).read()
