"""Making a data folder, and opening one again: keys are made once, and a lost one is never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.adapters.files.keys import create_key_files
from onefold.app.creating import create
from onefold.app.folder import create_folder, read_folder
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell

CELL = Cell("demo", "uz")


@pytest.fixture
def data(tmp_path):
    """A folder that is in use."""
    create(tmp_path / "data", CELL, [], None)
    return tmp_path / "data"


def everything(root: Path) -> dict[Path, bytes]:
    """Every file under a folder."""
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["master", "cell", "signing"])
def test_a_lost_key_is_not_made_anew_and_nothing_is_touched(data, name):
    (data / "keys" / f"{name}.key").unlink()
    before = everything(data.parent)
    with pytest.raises(CallerError, match=rf"{name}\.key") as caught:
        create(data, CELL, [], None)
    assert "backup" in caught.value.hint
    assert everything(data.parent) == before


def test_a_lost_keys_folder_is_not_made_anew(data):
    (data / "keys").rename(data.parent / "gone")
    with pytest.raises(CallerError, match=r"cell\.key, master\.key, signing\.key are missing"):
        create(data, CELL, [], None)
    assert not (data / "keys").exists()


def test_a_folder_whose_making_was_cut_short_is_finished(tmp_path):
    folder = create_folder(tmp_path / "data", CELL, None)
    create(tmp_path / "data", CELL, [], None)
    assert folder.is_used
    (tmp_path / "other").mkdir()
    short = create_folder(tmp_path / "other" / "data", CELL, None)
    create_key_files(short.keys)
    (short.keys / "master.key").unlink()
    create(tmp_path / "other" / "data", CELL, [], None)
    assert (short.keys / "master.key").is_file()


def test_opened_again_it_is_the_same(data):
    keys = everything(data / "keys")
    create(data, CELL, [], None)
    assert everything(data / "keys") == keys
    assert read_folder(data).is_used
