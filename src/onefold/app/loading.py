"""Loading files: the door in this process, profiles in another, and an account of every row at the end."""

from __future__ import annotations

import getpass
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

from onefold.adapters.files.bookmarks import FileBookmarks
from onefold.adapters.files.tables import open_table
from onefold.adapters.sqlite.present import SqlitePresent
from onefold.app.collecting import collecting_seldom
from onefold.app.folder import CONFIG, DataFolder
from onefold.app.follower import Follower, following
from onefold.app.rooms import Opened, open_rooms
from onefold.channels.cli.house import Loaded, ObjectLoaded, Watch
from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY, day_from_date, instant_from_datetime
from onefold.record.contracts.compile import CompiledObject
from onefold.record.intake.bookmarks import Bookmarks
from onefold.record.intake.documents.model import Folder
from onefold.record.intake.model import Mode, Tally
from onefold.record.intake.snapshot import Doubt
from onefold.usecases.full_snapshot import CaughtUp, FullSnapshot
from onefold.usecases.list_sources import accounting
from onefold.usecases.load_file import FileOfObject, IsOurs, Plan, Progress, load_file, plan_load
from onefold.usecases.measure_quality import MeasuredTables, deprecation
from onefold.usecases.rooms import Rooms
from onefold.usecases.runs import Way, counted_as_run

PAUSE_SECONDS = 0.02
PROFILES = "profiles"
"""The task of the watch that follows the state behind the log."""


def load(
    folder: DataFolder,
    source: str,
    paths: Sequence[Path],
    *,
    as_of: str,
    backfill: bool,
    watch: Watch,
    accept_deletions: bool = False,
) -> Loaded:
    """Takes the files of one source to queryable profiles."""
    return load_sources(
        folder,
        {source: paths},
        as_of=as_of,
        backfill=backfill,
        watch=watch,
        accept_deletions=accept_deletions,
    )


def load_sources(
    folder: DataFolder,
    deliveries: Mapping[str, Sequence[Path]],
    *,
    as_of: str,
    backfill: bool,
    watch: Watch,
    accept_deletions: bool = False,
) -> Loaded:
    """Takes the files of several sources, one after the other, to queryable profiles."""
    instant = parse_as_of(as_of)
    mode = Mode.BACKFILL if backfill else Mode.CURRENT
    started = time.monotonic()
    with collecting_seldom(), open_rooms(folder, follow=False) as opened:
        contracts = opened.rooms.contracts
        plans = {
            source: plan_load(contracts, source, paths, is_ours=_ours(folder))
            for source, paths in deliveries.items()
        }
        held_before = opened.rooms.door.quarantine.last_sequence
        objects: list[ObjectLoaded] = []
        with following(folder) as follower:
            for source, plan in plans.items():
                objects += load_plan(
                    opened,
                    follower,
                    source,
                    plan,
                    mode=mode,
                    as_of=instant,
                    watch=watch,
                    accept_deletions=accept_deletions,
                    bookmarks=FileBookmarks(folder.bookmarks),
                )
            catch_up(opened.rooms, follower, watch)
        skipped = tuple(path for plan in plans.values() for path in plan.skipped)
        events = sum(it.counts.accepted for it in objects)
        held = opened.rooms.door.quarantine.last_sequence - held_before
        ending = tuple(filter(None, (deprecation(contracts.latest(it).contract) for it in deliveries)))
        return Loaded(tuple(objects), skipped, events, held, time.monotonic() - started, ending)


def _ours(folder: DataFolder) -> IsOurs:
    """Tells the folders that Onefold keeps: this one with what lies beside it, and any other data folder."""
    own = {folder.root.resolve(), folder.checkpoints.resolve(), folder.erasures.resolve()}

    def is_ours(path: Path) -> bool:
        beside = path.with_name(path.name.removesuffix("-checkpoints").removesuffix("-erasures"))
        return path.resolve() in own or ((beside / CONFIG).is_file() and (beside / "cells").is_dir())

    return is_ours


def load_plan(
    opened: Opened,
    follower: Follower,
    source: str,
    plan: Plan,
    *,
    mode: Mode,
    as_of: int | None,
    watch: Watch,
    accept_deletions: bool = False,
    bookmarks: Bookmarks | None = None,
) -> list[ObjectLoaded]:
    """Takes every file of a plan through the door; the account of each object."""
    by = f"operator:{getpass.getuser()}"
    with counted_as_run(opened.rooms, source, Way.FILES, by=by, files=_names(plan)) as rooms:
        return _load_plan(
            rooms,
            follower,
            source,
            plan,
            mode=mode,
            as_of=as_of,
            watch=watch,
            accept_deletions=accept_deletions,
            bookmarks=bookmarks,
        )


def _names(plan: Plan) -> list[str]:
    """What its files are called, each document one."""
    found: list[str] = []
    for it in plan.files:
        found += [path.name for path in (it.path.files if isinstance(it.path, Folder) else (it.path,))]
    return found


def _load_plan(
    rooms: Rooms,
    follower: Follower,
    source: str,
    plan: Plan,
    *,
    mode: Mode,
    as_of: int | None,
    watch: Watch,
    accept_deletions: bool,
    bookmarks: Bookmarks | None,
) -> list[ObjectLoaded]:
    permit = rooms.gate.admit(source, "cli")
    loaded = []
    measured = MeasuredTables(open_table)
    for _, group in groupby(plan.files, key=lambda it: it.object.name):
        files = list(group)
        item = files[0].object
        tally = Tally()
        with snapshot_of(rooms, item, mode, as_of) as snapshot:
            for file in files:
                tally.add(
                    load_file(
                        permit,
                        rooms,
                        measured,
                        file,
                        mode=mode,
                        as_of=snapshot.as_of if snapshot else as_of,
                        progress=_progress(rooms, follower, file, watch),
                        snapshot=snapshot,
                        bookmarks=bookmarks,
                    )
                )
            caught_up = waiting(rooms, follower, watch)
            told = settled(permit, item, snapshot, accept_deletions, caught_up)
        names = tuple(file.path.name for file in files)
        done = ObjectLoaded(item.name, names, accounting(tally), reasons_of(tally), *told)
        quality, suspicions = measured.results(item.name), measured.suspicions(item.name)
        loaded.append(done._replace(quality=quality, suspicions=suspicions))
    return loaded


def reasons_of(tally: Tally) -> dict[str, int]:
    """Why rows were not let in, by reason."""
    return dict(sorted(tally.reasons.items()))


@contextmanager
def snapshot_of(
    rooms: Rooms, item: CompiledObject, mode: Mode, as_of: int | None
) -> Iterator[FullSnapshot | None]:
    """The full snapshot that a delivery of the object is; None where it is not one."""
    if item.item.snapshot_stop is None:
        yield None
        return
    instant = rooms.door.speaks_of(item.source, item.name, mode, as_of)
    with closing(SqlitePresent()) as present:
        yield FullSnapshot(rooms, item, present, mode, instant)


def settled(
    permit: Permit,
    item: CompiledObject,
    snapshot: FullSnapshot | None,
    accept_deletions: bool,
    caught_up: CaughtUp,
) -> tuple[str, bool]:
    """Deletes what a full snapshot lacks; what to say of it, and whether it was in doubt."""
    stop = item.item.snapshot_stop
    if snapshot is None or stop is None:
        return "", False
    found = snapshot.settle(permit, accepted=accept_deletions, caught_up=caught_up)
    return found.sentence(item.name, stop), found.doubt not in {None, Doubt.HISTORY}


def waiting(rooms: Rooms, follower: Follower, watch: Watch) -> CaughtUp:
    """Waits for the state, which another process makes."""

    def caught_up(sequence: int) -> None:
        while rooms.reader.offset < sequence:
            follower.check()
            tell_profiles(rooms, watch)
            time.sleep(PAUSE_SECONDS)

    return caught_up


def _progress(rooms: Rooms, follower: Follower, file: FileOfObject, watch: Watch) -> Progress:
    def progress(done: int, total: int) -> None:
        follower.check()
        watch(f"{file.object.source}/{file.path.name}", done, total)
        tell_profiles(rooms, watch)

    return progress


def tell_profiles(rooms: Rooms, watch: Watch) -> None:
    """How far the profiles are while more may come: never at their end, which `catch_up` alone tells."""
    total = max(1, rooms.log.last_sequence)
    watch(PROFILES, min(rooms.reader.offset, total - 1), total)


def catch_up(rooms: Rooms, follower: Follower, watch: Watch) -> None:
    """Waits until every profile has what was logged."""
    while not follower.finish(0.1):
        tell_profiles(rooms, watch)
    watch(PROFILES, rooms.log.last_sequence, rooms.log.last_sequence)


def parse_as_of(text: str) -> int | None:
    """The instant a delivery speaks of: a day (its end) or an instant in ISO 8601; None for an empty text."""
    if not text:
        return None
    try:
        if len(text) == len("2026-09-30"):
            return (day_from_date(date.fromisoformat(text)) + 1) * MS_PER_DAY - 1
        return instant_from_datetime(datetime.fromisoformat(text).astimezone(UTC))
    except (ValueError, OverflowError):
        raise CallerError(
            "The as-of date does not exist or is not written as one.",
            hint="Write a day like 2026-09-30, or an instant like 2026-09-30T18:00:00+05:00.",
        ) from None
