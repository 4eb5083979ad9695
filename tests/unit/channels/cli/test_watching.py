"""Progress in a log: nothing that takes long is silent, and nothing is said twice."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from onefold.channels.cli.watching import watching


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
