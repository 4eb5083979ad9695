"""A run as it is shown: over when it said so, going on while something comes, stopped when it fell silent."""

from __future__ import annotations

import pytest

from onefold.kernel.time import MS_PER_DAY
from onefold.record.intake.model import Tally
from onefold.record.intake.runs import Run, RunCount, Way
from onefold.usecases.runs import SILENT_MS, run_view

DAY = 20_000 * MS_PER_DAY
TALLY = Tally(5, 2, 1, 0, 2, 0, {"too_long": 1, "bad_date": 1})


def shown(way: Way, now: int, ended_at: int = 0):
    return run_view(RunCount("crm", Run(way, DAY, "operator", 2, "abc"), TALLY, DAY + 10, ended_at), now)


@pytest.mark.parametrize(
    ("way", "after", "ended_at", "state"),
    [
        (Way.FILES, 20, DAY + 20, "ended"),
        (Way.FILES, 20, 0, "going_on"),
        (Way.FILES, 10 + SILENT_MS - 1, 0, "going_on"),
        (Way.FILES, 10 + SILENT_MS, 0, "stopped"),
        (Way.QUERY, 10 + SILENT_MS, 0, "stopped"),
        (Way.MESSAGES, MS_PER_DAY - 1, 0, "going_on"),
        (Way.MESSAGES, MS_PER_DAY, 0, "ended"),
        (Way.TOPICS, 3 * MS_PER_DAY, 0, "ended"),
    ],
)
def test_whether_a_run_is_over(way, after, ended_at, state):
    assert shown(way, DAY + after, ended_at).state == state


def test_the_account_of_a_run_is_whole_and_its_reasons_are_in_order():
    view = shown(Way.FILES, DAY)
    assert (view.counts.offered, view.counts.quarantined, list(view.reasons)) == (
        5,
        2,
        ["bad_date", "too_long"],
    )
    assert (view.ended_at, view.files, view.mark, view.by) == (None, 2, "abc", "operator")
