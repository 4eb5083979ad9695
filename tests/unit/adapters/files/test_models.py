"""The models of a house in files: whole, for their owner alone, never changed."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from onefold.adapters.files.disk import Disk
from onefold.adapters.files.models import NOTES, ModelFolder
from onefold.kernel.errors import CallerError, NotFound, Unavailable
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


def test_a_note_that_cannot_be_read_hides_no_other_and_stays(tmp_path):
    shelf = ModelFolder(tmp_path)
    shelf.note(NOTE)
    whole = (tmp_path / NOTES).read_bytes()
    (tmp_path / NOTES).write_bytes(b"{broken\n" + whole + b"{half")
    with capture_logs() as logs:
        for _ in range(2):
            assert shelf.notes() == [NOTE]
    assert [(it["log_level"], it["line"]) for it in logs] == [("warning", 1), ("warning", 3)]
    shelf.note(NOTE)
    assert (tmp_path / NOTES).read_bytes() == b"{broken\n" + whole + b"{half\n" + whole


def test_two_that_note_at_once_lose_nothing(tmp_path):
    """Each of two shelves, as of two processes, notes while the other does."""
    inside, overlaps = threading.Lock(), []

    class Slow(Disk):
        """Says when two replace at once."""

        def replace(self, path: Path, data: bytes) -> None:
            """Puts a file in its place, and sees whether it is alone."""
            if not inside.acquire(blocking=False):
                overlaps.append(path)
                return
            super().replace(path, data)
            inside.release()

    def work(by: str) -> None:
        shelf = ModelFolder(tmp_path / "models", Slow())
        for at in range(20):
            shelf.note(ModelNote("train", "f00d", by, at))

    threads = [threading.Thread(target=work, args=(it,)) for it in ("operator:a", "operator:b")]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    assert not overlaps
    kept = [(it.by, it.at) for it in ModelFolder(tmp_path / "models").notes()]
    assert sorted(kept) == [(by, at) for by in ("operator:a", "operator:b") for at in range(20)]


def test_on_a_full_disk_nothing_is_half_kept(tmp_path):
    shelf = ModelFolder(tmp_path / "models", FullDisk())
    with pytest.raises(Unavailable, match="The disk is full"):
        shelf.put("f00d", b"one")
    with pytest.raises(Unavailable, match="The disk is full"):
        shelf.note(NOTE)
    assert list((tmp_path / "models").iterdir()) == []
