"""Loading files: the door in this process, profiles in another, and an account of every row at the end."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from onefold.adapters.files.tables import open_table
from onefold.app.folder import CONFIG, DataFolder
from onefold.app.follower import Follower, following
from onefold.app.rooms import Opened, open_rooms
from onefold.channels.cli.house import Loaded, ObjectLoaded, Watch
from onefold.kernel.errors import CallerError
from onefold.kernel.time import MS_PER_DAY, day_from_date, instant_from_datetime
from onefold.record.intake.model import Mode, Tally
from onefold.usecases.list_sources import accounting
from onefold.usecases.load_file import FileOfObject, IsOurs, Plan, Progress, load_file, plan_load
from onefold.usecases.rooms import Rooms

PROFILES = "profiles"
"""The task of the watch that follows the state behind the log."""


def load(
    folder: DataFolder, source: str, paths: Sequence[Path], *, as_of: str, backfill: bool, watch: Watch
) -> Loaded:
    """Takes the files of one source to queryable profiles."""
    return load_sources(folder, {source: paths}, as_of=as_of, backfill=backfill, watch=watch)


def load_sources(
    folder: DataFolder,
    deliveries: Mapping[str, Sequence[Path]],
    *,
    as_of: str,
    backfill: bool,
    watch: Watch,
) -> Loaded:
    """Takes the files of several sources, one after the other, to queryable profiles."""
    instant = parse_as_of(as_of)
    mode = Mode.BACKFILL if backfill else Mode.CURRENT
    started = time.monotonic()
    with open_rooms(folder, follow=False) as opened:
        contracts = opened.rooms.contracts
        plans = {
            source: plan_load(contracts, source, paths, is_ours=_ours(folder))
            for source, paths in deliveries.items()
        }
        held_before = opened.rooms.door.quarantine.last_sequence
        objects: list[ObjectLoaded] = []
        with following(folder) as follower:
            for source, plan in plans.items():
                objects += load_plan(opened, follower, source, plan, mode=mode, as_of=instant, watch=watch)
            catch_up(opened.rooms, follower, watch)
        skipped = tuple(path for plan in plans.values() for path in plan.skipped)
        events = sum(it.counts.accepted for it in objects)
        held = opened.rooms.door.quarantine.last_sequence - held_before
        return Loaded(tuple(objects), skipped, events, held, time.monotonic() - started)


def _ours(folder: DataFolder) -> IsOurs:
    """Tells the folders that Onefold keeps: this one with its checkpoints, and any other data folder."""
    own = {folder.root.resolve(), folder.checkpoints.resolve()}

    def is_ours(path: Path) -> bool:
        beside = path.with_name(path.name.removesuffix("-checkpoints"))
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
) -> list[ObjectLoaded]:
    """Takes every file of a plan through the door; the account of each object."""
    permit = opened.rooms.gate.admit(source, "cli")
    tallies: dict[str, Tally] = {}
    names: dict[str, list[str]] = {}
    for file in plan.files:
        tally = load_file(
            permit,
            opened.rooms,
            open_table,
            file,
            mode=mode,
            as_of=as_of,
            progress=_progress(opened.rooms, follower, file, watch),
        )
        tallies.setdefault(file.object.name, Tally()).add(tally)
        names.setdefault(file.object.name, []).append(file.path.name)
    return [
        ObjectLoaded(name, tuple(names[name]), accounting(tally), dict(sorted(tally.reasons.items())))
        for name, tally in tallies.items()
    ]


def _progress(rooms: Rooms, follower: Follower, file: FileOfObject, watch: Watch) -> Progress:
    def progress(done: int, total: int) -> None:
        follower.check()
        watch(f"{file.object.source}/{file.path.name}", done, total)
        watch(PROFILES, rooms.reader.offset, rooms.log.last_sequence)

    return progress


def catch_up(rooms: Rooms, follower: Follower, watch: Watch) -> None:
    """Waits until every profile has what was logged."""
    while not follower.finish(0.1):
        watch(PROFILES, rooms.reader.offset, rooms.log.last_sequence)
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
