"""The models of a house in files: whole, for their owner alone, never changed."""

from __future__ import annotations

import stat

import pytest

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.models import NOTES, ModelFolder
from onefold.kernel.errors import CallerError, Damaged, NotFound, Unavailable
from onefold.usecases.model_shelf import ModelNote

NOTE = ModelNote("train", "f00d", "operator:anna", 7)


class FullDisk(Disk):
    """Has no room."""

    def write(self, descriptor: int, data: bytes, offset: int) -> None:
        """Fails."""
        raise OSError(28, "No space left on device")


def test_a_model_is_read_as_it_was_put(tmp_path):
    shelf = ModelFolder(tmp_path / "models")
    assert shelf.versions() == []
    shelf.put("f00d", b"one")
    shelf.put("beef-2", b"two")
    assert shelf.versions() == ["beef-2", "f00d"]
    assert shelf.read("f00d") == b"one"
    assert stat.S_IMODE((tmp_path / "models" / "f00d.json").stat().st_mode) == 0o600


def test_a_version_never_changes(tmp_path):
    shelf = ModelFolder(tmp_path)
    shelf.put("f00d", b"one")
    with pytest.raises(CallerError, match="never changes"):
        shelf.put("f00d", b"two")
    assert shelf.read("f00d") == b"one"


@pytest.mark.parametrize("version", ["", "../keys", "a/b", ".hidden", "UP"])
def test_a_version_is_no_path(tmp_path, version):
    (tmp_path / "keys.json").write_text("secret")
    shelf = ModelFolder(tmp_path / "models")
    with pytest.raises(CallerError, match="no version"):
        shelf.put(version, b"one")
    with pytest.raises(NotFound, match="no model of that version"):
        shelf.read(version)


def test_what_was_done_is_kept_in_order_and_is_no_model(tmp_path):
    shelf = ModelFolder(tmp_path / "models")
    assert shelf.notes() == []
    other = ModelNote("compare", "f00d", "operator:olga", 8, against="rules")
    shelf.note(NOTE)
    shelf.note(other)
    assert shelf.notes() == [NOTE, other]
    assert shelf.versions() == []


def test_notes_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / NOTES).write_bytes(b"{")
    with pytest.raises(Damaged, match="cannot be read"):
        ModelFolder(tmp_path).notes()


def test_on_a_full_disk_nothing_is_half_kept(tmp_path):
    shelf = ModelFolder(tmp_path / "models", FullDisk())
    with pytest.raises(Unavailable, match="The disk is full"):
        shelf.put("f00d", b"one")
    with pytest.raises(Unavailable, match="The disk is full"):
        shelf.note(NOTE)
    assert list((tmp_path / "models").iterdir()) == []
