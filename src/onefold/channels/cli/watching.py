"""Progress on a terminal: a bar a task, with what is done, the rate and the time left.

In a log, a line a task when it is done; one whose length nobody knows is named when it begins, too.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


class RateColumn(ProgressColumn):
    """How much of what the task counts is done a second: bytes of a file, rows of a query."""

    def render(self, task: Task) -> Text:
        """Nothing until there is a rate."""
        speed = task.finished_speed or task.speed
        return Text(f"{short(speed)}/s" if speed else "")


def short(number: float) -> str:
    """A number in three or four letters: 950, 12.3k, 4.5M."""
    for unit in ("", "k", "M"):
        if number < 1000:
            return f"{number:.0f}{unit}" if not unit else f"{number:.1f}{unit}"
        number /= 1000
    return f"{number:.1f}G"


class ProgressWatch:
    """Implements `Watch`; call `close` before printing anything else."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tasks: dict[str, TaskID] = {}
        self._begun: set[str] = set()
        self._done: set[str] = set()
        self._started = time.monotonic()
        self._bars: Progress | None = None
        if console.is_terminal:
            self._bars = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=30),
                TextColumn("{task.percentage:>3.0f}%"),
                RateColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=console,
            )
            self._bars.start()

    def __call__(self, task: str, done: int, total: int | None) -> None:
        """Moves the bar of a task, which appears when it is first named."""
        if self._bars is None:
            self._say_once(task, done, total)
            return
        if task not in self._tasks:
            self._tasks[task] = self._bars.add_task(task, total=total)
        self._bars.update(self._tasks[task], completed=done, total=total)

    def close(self) -> None:
        """Leaves the bars as they are and lets go of the terminal."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def _say_once(self, task: str, done: int, total: int | None) -> None:
        if total is None and task not in self._begun:
            self._begun.add(task)
            self._console.print(f"{task}: …")
        if total is not None and done >= total and task not in self._done:
            self._done.add(task)
            self._console.print(f"{task}: done after {time.monotonic() - self._started:.1f} s")


@contextmanager
def watching(console: Console) -> Iterator[ProgressWatch]:
    """A watch for the length of a block."""
    watch = ProgressWatch(console)
    try:
        yield watch
    finally:
        watch.close()
