"""Whatever the shell's mask: what a folder keeps of people can be read by its owner alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.canaries import rooms_of
from tests.flow.bodies import ANNA, enrol, make_house, say

OPEN_TO_ALL = {"config.toml", "signing.pub"}
"""Settings name files with secrets and hold none; the public half of a key is meant to be read."""


@pytest.fixture
def generous() -> Iterator[None]:
    """A mask that takes nothing from anybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_files_of_a_folder_are_for_their_owner_alone(tmp_path, generous):
    data = make_house(tmp_path)
    with rooms_of(data) as rooms:
        say(rooms, ANNA)
        enrol(rooms, ANNA)
        state = next(data.rglob("state.db"))
        state.chmod(0o644)  # As releases of before made it.
    with rooms_of(data):
        assert rights(data) == 0o700
        found = [it for it in data.rglob("*") if it.is_file() and it.name not in OPEN_TO_ALL]
        # The write-ahead logs are there while it is open.
        assert {"state.db", "state.db-wal", "door.db", "audit-index.db", "subject-keys.db"} <= {
            it.name for it in found
        }
        of_people = [it for it in found if not it.is_relative_to(data / "contracts")]
        assert {
            it.relative_to(data).as_posix(): oct(rights(it)) for it in of_people if rights(it) & 0o077
        } == {}
    ledger = [it for it in (tmp_path / "data-erasures").rglob("*") if it.is_file()]
    assert ledger
    assert not [it for it in ledger if rights(it) & 0o077]
