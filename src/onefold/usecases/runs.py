"""The runs of a source: one delivery counted as one, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from onefold.kernel.time import MS_PER_DAY, iso_instant
from onefold.record.intake.runs import Run, RunCount
from onefold.record.intake.runs import Way as Way
from onefold.usecases.list_sources import accounting
from onefold.usecases.model import RunView
from onefold.usecases.rooms import Rooms

BY_THE_DAY = frozenset({Way.MESSAGES, Way.TOPICS, Way.STATED})
SILENT_MS = 15 * 60_000
"""A delivery that was offered nothing for so long, and has not ended, was stopped."""


@contextmanager
def counted_as_run(
    rooms: Rooms, source: str, way: Way, *, by: str, files: Iterable[str] = ()
) -> Iterator[Rooms]:
    """The same rooms, in which what is offered is one run; without an end where the block fails."""
    names = list(files)
    mark = rooms.door.mark_of(names) if names else ""
    door = rooms.door.during(Run(way, rooms.clock.now_ms(), by, len(names), mark))
    yield replace(rooms, door=door)
    door.ended(source)


def run_view(it: RunCount, now: int) -> RunView:
    """One run as it is shown at an instant."""
    return RunView(
        way=it.run.way.value,
        began_at=iso_instant(it.run.began_at),
        last_at=iso_instant(it.last_at),
        ended_at=iso_instant(it.ended_at) if it.ended_at else None,
        state=_state(it, now),
        by=it.run.by,
        files=it.run.files,
        mark=it.run.mark,
        counts=accounting(it.tally),
        reasons=dict(sorted(it.tally.reasons.items())),
    )


def _state(it: RunCount, now: int) -> str:
    if it.run.way in BY_THE_DAY:
        return "going_on" if now < it.run.began_at + MS_PER_DAY else "ended"
    if it.ended_at:
        return "ended"
    return "going_on" if now < it.last_at + SILENT_MS else "stopped"
