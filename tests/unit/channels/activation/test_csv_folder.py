"""Released files: whole or not at all, private, and nothing in them runs."""

from __future__ import annotations

import csv

import pytest

from onefold.channels.activation.csv_folder import CsvFolder
from onefold.kernel.errors import Unavailable
from onefold.usecases.packing import safe_cell

ROWS = [("a" * 32, "+998901234567", "uz"), ("b" * 32, "=HYPERLINK(1)", "en")]


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_file_appears_when_it_is_published_and_not_before(tmp_path):
    folder = tmp_path / "exports"
    with CsvFolder(folder).staged("one.csv", ("customer", "phone", "language"), ROWS) as staged:
        assert "one.csv" not in files(folder)
        staged.publish()
        assert files(folder) == ["one.csv"]
    assert files(folder) == ["one.csv"]


def test_what_was_not_published_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "exports"
    with pytest.raises(KeyError), CsvFolder(folder).staged("one.csv", ("customer",), [("a",)]):
        raise KeyError
    assert files(folder) == []


def test_folder_and_file_are_for_their_owner_alone(tmp_path):
    folder = tmp_path / "exports"
    with CsvFolder(folder).staged("one.csv", ("customer",), [("a",)]) as staged:
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
        staged.publish()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "one.csv").stat().st_mode & 0o777 == 0o600


def test_every_row_comes_back_as_it_was_but_for_formulas(tmp_path):
    with CsvFolder(tmp_path).staged("one.csv", ("customer", "phone", "language"), ROWS) as staged:
        staged.publish()
    with (tmp_path / "one.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [
            ["customer", "phone", "language"],
            list(ROWS[0]),
            ["b" * 32, "'=HYPERLINK(1)", "en"],
        ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|calc", "%0A", "+12", "+99890123a"]
)
def test_a_cell_a_spreadsheet_would_run_is_quoted(text):
    assert safe_cell(text).startswith("'")
    assert safe_cell(text).replace("'", "") == text


@pytest.mark.parametrize(
    ("text", "safe"),
    [("Main st 5;=HYPERLINK(1)", "Main st 5;'=HYPERLINK(1)"), ("a\t-1", "a\t'-1"), ("a\n- b", "a\n- b")],
)
def test_so_is_what_follows_where_a_spreadsheet_may_part_cells(text, safe):
    assert safe_cell(text) == safe


@pytest.mark.parametrize("text", ["", "Anna", "a=b", "+998901234567", "12 Navoi street", "ʻOʻgʻil", "Ольга"])
def test_other_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_a_folder_that_cannot_be_written_releases_nothing(tmp_path):
    (tmp_path / "exports").write_text("in the way")
    with pytest.raises(Unavailable, match="nothing was released"):
        CsvFolder(tmp_path / "exports").staged("one.csv", ("customer",), [("a",)]).__enter__()


def test_names_of_releases_do_not_leave_the_folder(tmp_path):
    for name in ("../one.csv", "a/b.csv", ".hidden.csv", "one.txt"):
        with pytest.raises(AssertionError, match="made by us"):
            CsvFolder(tmp_path).staged(name, ("customer",), []).__enter__()
