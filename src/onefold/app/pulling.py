"""Asking the databases of sources: queries in this process, profiles in another, as with files."""

from __future__ import annotations

import getpass
import time
from collections.abc import Sequence

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.app.connections import asking
from onefold.app.folder import DataFolder
from onefold.app.follower import following
from onefold.app.loading import catch_up, reasons_of, settled, snapshot_of, tell_profiles, waiting
from onefold.app.rooms import open_rooms
from onefold.channels.cli.house import ObjectLoaded, Pulled, Watch
from onefold.kernel.errors import CallerError
from onefold.record.intake.bookmarks import mark_from
from onefold.record.intake.model import Mode
from onefold.usecases.list_sources import accounting
from onefold.usecases.measure_quality import MeasuredAnswers
from onefold.usecases.pull_query import Window, plan_pull, pull_query
from onefold.usecases.runs import Way, counted_as_run


def pull(
    folder: DataFolder,
    source: str,
    names: Sequence[str],
    *,
    since: str,
    until: str,
    watch: Watch,
    accept_deletions: bool = False,
) -> Pulled:
    """Takes what the queries of a source answer to queryable profiles."""
    started = time.monotonic()
    period = window_of(since, until)
    bookmarks = FileBookmarks(folder.bookmarks)
    with open_rooms(folder, follow=False) as opened:
        items = plan_pull(opened.rooms.contracts, source, names)
        permit = opened.rooms.gate.admit(source, "cli")
        objects: list[ObjectLoaded] = []
        measured = MeasuredAnswers(asking(folder))
        by = f"operator:{getpass.getuser()}"
        with (
            following(folder) as follower,
            counted_as_run(opened.rooms, source, Way.QUERY, by=by) as rooms,
        ):
            for item in items:

                def progress(rows: int, task: str = f"{source}/{item.name}") -> None:
                    follower.check()
                    watch(task, rows, None)
                    tell_profiles(rooms, watch)

                with snapshot_of(rooms, item, Mode.CURRENT, None) as snapshot:
                    tally = pull_query(
                        permit,
                        rooms,
                        measured,
                        bookmarks,
                        item,
                        period=period,
                        progress=progress,
                        snapshot=snapshot,
                    )
                    told = settled(permit, item, snapshot, accept_deletions, waiting(rooms, follower, watch))
                watch(f"{source}/{item.name}", tally.offered, tally.offered)
                loaded = ObjectLoaded(item.name, (), accounting(tally), reasons_of(tally), *told)
                quality, suspicions = measured.results(item.name), measured.suspicions(item.name)
                objects.append(loaded._replace(quality=quality, suspicions=suspicions))
            catch_up(rooms, follower, watch)
    return Pulled(tuple(objects), time.monotonic() - started)


def window_of(since: str, until: str) -> Window | None:
    """The period between two texts; None when both are empty."""
    if not since and not until:
        return None
    found = Window(mark_from(since), mark_from(until))
    if found.since and found.until and found.since.kind != found.until.kind:
        raise CallerError("The period begins as one thing and ends as another.", hint="Write both as days.")
    return found
