"""The schedule of a data folder as its owner writes it, and each way of writing it wrong."""

from __future__ import annotations

from datetime import time

import pytest

from onefold.app.folder import CONFIG, create_folder
from onefold.app.scheduling import read_schedule
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.runtimes.embedded.schedule import Times


@pytest.fixture
def schedule(tmp_path):
    """Reads a schedule that is written so."""
    folder = create_folder(tmp_path / "data", Cell("demo", "uz"), None)
    config = folder.root / CONFIG

    def read(text: str):
        config.write_text(config.read_text() + text)
        return read_schedule(folder)

    return read


def test_a_folder_without_one_has_none(schedule):
    assert schedule("") == []


def test_entries_are_read(schedule):
    first, second = schedule(
        '[[schedule]]\nsource = "core"\nevery = "15m"\n'
        '[[schedule]]\nsource = "crm"\nobjects = ["note"]\ndaily = "02:30"\nzone = "Asia/Tashkent"\n'
    )
    assert (first.source, first.objects, first.times) == ("core", [], Times(every_seconds=900))
    assert (second.objects, second.times) == (["note"], Times(0, time(2, 30), "Asia/Tashkent"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[schedule]\nsource = "core"\n', "double brackets"),
        ('[[schedule]]\nevery = "15m"\n', "has a source"),
        ('[[schedule]]\nsource = "core"\nurl = "x"\nevery = "15m"\n', "has a source"),
        ('[[schedule]]\nsource = "core"\nobjects = "x"\nevery = "15m"\n', "list of names"),
        ('[[schedule]]\nsource = "core"\n', 'every = "15m" or daily'),
        ('[[schedule]]\nsource = "core"\nevery = "15m"\ndaily = "02:30"\n', 'every = "15m" or daily'),
        ('[[schedule]]\nsource = "core"\nevery = "0m"\n', "longer than nothing"),
        ('[[schedule]]\nsource = "core"\nevery = "often"\n', "not a duration"),
        ('[[schedule]]\nsource = "core"\ndaily = "25:00"\n', "such as"),
        ('[[schedule]]\nsource = "core"\ndaily = "02:30"\nzone = "Mars/Olympus"\n', "such as"),
    ],
)
def test_what_cannot_be_kept_is_told(schedule, text, said):
    with pytest.raises(CallerError, match=said):
        schedule(text)
