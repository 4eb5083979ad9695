"""A whole world in a folder."""

from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest

from onefold.kernel.errors import CallerError
from onefold.testing.world.generate import DEFAULT_UNTIL, SHEETS, generate
from tests.unit.testing.world.made import truth, world


def lines(path):
    with path.open("rb") as file:
        return sum(1 for _ in file)


def test_the_summary_counts_what_is_in_the_files():
    folder, summary = world()
    for sheet in SHEETS:
        if sheet.schema is None:
            assert lines(folder / sheet.path) == summary.rows[sheet.path] + bool(sheet.header), sheet.path
        else:
            assert pq.read_metadata(folder / sheet.path).num_rows == summary.rows[sheet.path], sheet.path
    assert summary.people == 1000
    assert summary.bad_rows == summary.rows["truth/bad_rows.parquet"]


def test_a_world_has_about_eighty_rows_a_person():
    _, summary = world()
    assert 72 <= summary.total_rows / summary.people <= 88


def test_everything_happens_in_the_year_before_the_last_day(tmp_path):
    last = date(2024, 2, 29)
    generate(tmp_path / "world", people=60, seed=3, until=last)
    bad = {row["key"] for row in truth(tmp_path / "world", "bad_rows")}
    text = (tmp_path / "world" / "core-banking" / "TRANSACTIONS.csv").read_text(encoding="cp1251")
    rows = [line.split(";") for line in text.splitlines()[1:]]
    days = [
        date(int(row[2][6:10]), int(row[2][3:5]), int(row[2][:2]))
        for row in rows
        if len(row) == 12 and row[0] not in bad
    ]
    assert date(2023, 3, 1) <= min(days)
    assert max(days) == last


def test_progress_ends_at_all_people(tmp_path):
    told = []
    generate(tmp_path / "w", people=1100, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(500, 1100), (1000, 1100), (1100, 1100)]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CallerError, match="not empty"):
        generate(tmp_path, people=10, seed=1)
    assert [it.name for it in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("people", [0, -1, 50_000_000])
def test_an_impossible_size_is_refused(tmp_path, people):
    with pytest.raises(CallerError, match="between 1 and 12 million"):
        generate(tmp_path / "w", people=people, seed=1)


def test_a_world_of_one_person_is_a_world(tmp_path):
    summary = generate(tmp_path / "w", people=1, seed=1)
    assert (summary.people, summary.households) == (1, 1)
    assert summary.records >= 1


def test_the_default_last_day_is_fixed():
    assert date(2026, 9, 30) == DEFAULT_UNTIL
