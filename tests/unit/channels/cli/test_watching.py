"""Progress in a log: nothing that takes long is silent, and nothing is said twice."""

from __future__ import annotations

import time
from io import StringIO

import pytest
from rich.console import Console

from onefold.channels.cli.watching import short, watching


def said(*told: tuple[str, int, int | None]) -> list[str]:
    """What a log holds after these calls, without the seconds."""
    out = StringIO()
    with watching(Console(file=out, width=100)) as watch:
        for task, done, total in told:
            watch(task, done, total)
    return [line.split(" after ")[0] for line in out.getvalue().splitlines()]


def test_a_task_is_named_once_when_it_is_done() -> None:
    assert said(("profiles", 1, 9), ("profiles", 9, 9), ("profiles", 9, 9)) == ["profiles: done"]


def test_a_task_whose_length_nobody_knows_is_named_when_it_begins_too() -> None:
    told = (("checking", 0, None), ("checking", 0, None), ("checking", 1, 1))
    assert said(*told) == ["checking: …", "checking: done"]


def test_a_terminal_shows_a_rate_and_the_time_that_is_left() -> None:
    out = StringIO()
    with watching(Console(file=out, width=120, force_terminal=True)) as watch:
        for done in (0, 1_000_000, 2_000_000):
            watch("core/customers.csv", done, 4_000_000)
            time.sleep(0.02)
    bar = next(line for line in reversed(out.getvalue().splitlines()) if "customers" in line)
    assert "50%" in bar
    assert "M/s" in bar
    assert "0:00:00" in bar


@pytest.mark.parametrize(
    ("number", "text"), [(7, "7"), (999, "999"), (12_345, "12.3k"), (4_500_000, "4.5M"), (2e9, "2.0G")]
)
def test_a_rate_is_a_few_letters(number: float, text: str) -> None:
    assert short(number) == text
