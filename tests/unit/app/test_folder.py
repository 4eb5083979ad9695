"""The data folder: made once, found again, never taken for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from onefold.app.folder import create_folder, read_folder
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell

CELL = Cell("demo", "uz")


def test_a_folder_is_found_again_as_it_was_made(tmp_path):
    made = create_folder(tmp_path / "data", CELL, None)
    assert read_folder(tmp_path / "data") == made
    assert create_folder(tmp_path / "data", CELL, None) == made


def test_checkpoints_go_outside_by_default_and_anywhere_by_wish(tmp_path):
    assert create_folder(tmp_path / "a", CELL, None).checkpoints == tmp_path / "a-checkpoints"
    wished = tmp_path / 'disk "2"' / "proofs"
    assert create_folder(tmp_path / "b", CELL, wished).checkpoints == wished
    assert read_folder(tmp_path / "b").checkpoints == wished


def test_a_folder_can_be_moved_with_its_checkpoints_beside_it(tmp_path):
    create_folder(tmp_path / "here" / "data", CELL, None)
    (tmp_path / "here").rename(tmp_path / "there")
    moved = read_folder(tmp_path / "there" / "data")
    assert moved.checkpoints == tmp_path / "there" / "data-checkpoints"


def test_a_folder_named_from_where_one_stands_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = create_folder(Path("data"), CELL, None)
    assert made.checkpoints.resolve() == tmp_path / "data-checkpoints"
    assert read_folder(Path("data")).checkpoints.resolve() == tmp_path / "data-checkpoints"


def test_everything_of_a_cell_lies_under_its_name(tmp_path):
    folder = create_folder(tmp_path / "data", CELL, None)
    of_cell = tmp_path / "data" / "cells" / "demo" / "uz"
    places = (folder.log("log"), folder.subject_keys, folder.quarantine_keys, folder.door, folder.state)
    assert {path.parent for path in places} == {of_cell}
    assert len(set(places)) == 5


def test_another_cell_does_not_get_the_folder(tmp_path):
    create_folder(tmp_path / "data", CELL, None)
    with pytest.raises(CallerError, match="demo/uz"):
        create_folder(tmp_path / "data", Cell("demo", "kz"), None)


def test_a_folder_whose_settings_name_another_cell_than_it_holds_is_not_opened(tmp_path):
    made = create_folder(tmp_path / "data", CELL, None)
    (made.of_cell / "state.db").touch()
    config = tmp_path / "data" / "config.toml"
    config.write_text(config.read_text().replace('jurisdiction = "uz"', 'jurisdiction = "kz"'))
    with pytest.raises(CallerError, match="names the cell demo/kz and holds demo/uz"):
        read_folder(tmp_path / "data")


def test_a_folder_with_a_cell_of_another_beside_its_own_is_not_opened(tmp_path):
    made = create_folder(tmp_path / "data", CELL, None)
    (made.of_cell.parent / "kz" / "log").mkdir(parents=True)
    with pytest.raises(CallerError, match="holds demo/kz"):
        read_folder(tmp_path / "data")
    (made.of_cell / "log").mkdir()
    with pytest.raises(CallerError, match="holds demo/kz, demo/uz"):
        read_folder(tmp_path / "data")


def test_what_lies_about_beside_a_cell_is_no_cell(tmp_path):
    made = create_folder(tmp_path / "data", CELL, None)
    (made.of_cell / "log").mkdir(parents=True)
    (made.of_cell.parent / ".DS_Store").touch()
    (made.of_cell.parent / "uz.bak" / "log").mkdir(parents=True)
    (made.of_cell.parent.parent / ".snapshot" / "hourly.0" / "log").mkdir(parents=True)
    (made.of_cell.parent / "kz").mkdir()
    assert read_folder(tmp_path / "data").cell == CELL


def test_a_folder_with_something_in_it_is_not_taken(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.txt").write_text("x")
    with pytest.raises(CallerError, match="something else"):
        create_folder(tmp_path / "data", CELL, None)


@pytest.mark.parametrize("text", ["", "[cell", "[cell]\n", "[cell]\ntenant = 7\n", "cell = 1", "\xff"])
def test_a_config_that_is_none_is_told(tmp_path, text):
    create_folder(tmp_path / "data", CELL, None)
    (tmp_path / "data" / "config.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(CallerError):
        read_folder(tmp_path / "data")


def test_where_there_is_none_it_says_how_to_make_one(tmp_path):
    with pytest.raises(CallerError, match="onefold init"):
        read_folder(tmp_path / "none")


def test_a_new_folder_beside_old_checkpoints_is_refused_before_it_is_made(tmp_path):
    (tmp_path / "data-checkpoints" / "demo").mkdir(parents=True)
    with pytest.raises(CallerError, match="data-checkpoints"):
        create_folder(tmp_path / "data", CELL, None)
    assert not (tmp_path / "data").exists()
