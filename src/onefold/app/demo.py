"""The demo: a bank that does not exist, made, loaded through the ordinary door and served.

It can be stopped anywhere. The world is made again from its seed, byte for byte; rows that were taken are
known and change nothing; what is whole is remembered in `demo.json`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from onefold.adapters.files.disk import Disk, lock
from onefold.adapters.files.users import UsersFile
from onefold.adapters.sqlite.schema import STATE_FAULTS, VERSION, version_of
from onefold.app.creating import create
from onefold.app.folder import CONFIG, DataFolder, create_folder
from onefold.app.follower import following
from onefold.app.loading import catch_up, load_plan, parse_as_of
from onefold.app.rooms import open_rooms
from onefold.app.serving import REPOSITORY, serve
from onefold.channels.api.server import check_free
from onefold.channels.cli.house import Demo, Watch
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.record.intake.model import Mode
from onefold.testing.world.generate import DEFAULT_UNTIL, WorldSummary, generate
from onefold.usecases.load_file import plan_load

CELL = Cell("demo", "uz")
SEED = 7
PASSWORD = "demo-kettle-lisbon"
LOGINS = {
    "rm": ("relationship_manager",),
    "banker": ("relationship_manager",),
    "agent": ("agent",),
    "steward": ("steward",),
    "marketer": ("marketer", "analyst"),
    "privacy": ("privacy_officer",),
    "engineer": ("engineer",),
}
PORTFOLIOS = {"banker": ("RM07", "AG07")}
"""Who serves the customers of a portfolio alone, as the core system and the CRM name their managers."""
WORLD = "the world"
CHECKING = "checking what is new"
STARTING = "starting to serve"
MEMORY = "demo.json"
"""How far the demo is; a folder without it is not the demo's."""
_CONTRACTS = REPOSITORY / "contracts" / "world"


class Progress(msgspec.Struct):
    """How far the demo of a folder is."""

    people: int
    seed: int
    loaded: list[str]
    until: str
    write_key: str = ""


def demo(
    data: Path, host: str, port: int, people: int, *, watch: Watch, ready: Callable[[Demo], None]
) -> None:
    """Makes what is missing and serves."""
    if not _CONTRACTS.is_dir():
        raise CallerError("The demo needs the repository.", hint="Clone it, then run `make demo`.")
    check_free(host, port)  # before minutes of loading, not after
    folder = prepare(data, people, watch, until=_yesterday())
    progress = _progress(folder, people, DEFAULT_UNTIL)
    url = f"http://{'localhost' if host in ('127.0.0.1', '::1') else host}:{port}"
    told = Demo(url, LOGINS, PASSWORD, progress.write_key)

    def serving() -> None:
        watch(STARTING, 1, 1)
        ready(told)

    watch(STARTING, 0, None)
    serve(folder, host, port, ready=serving)


def _yesterday() -> date:
    """The world ends where the systems of a bank would: with the last whole day."""
    return datetime.now(UTC).date() - timedelta(days=1)


def prepare(data: Path, people: int, watch: Watch, *, until: date = DEFAULT_UNTIL) -> DataFolder:
    """A folder that holds the whole demo; what is there already is kept, its last day too."""
    if (data / CONFIG).exists() and not (data / MEMORY).exists():
        raise CallerError(
            f"The folder {data} holds data that is not the demo's.",
            hint="The demo adds logins with a published password: give it a folder of its own with --data.",
        )
    folder = create_folder(data, CELL, None)
    progress = _progress(folder, people, until)
    _remember(folder, progress)
    goes_on = bool(progress.loaded)
    if goes_on:
        watch(CHECKING, 0, None)
    _let_go_of_former(folder)
    create(data, CELL, [_CONTRACTS], None)
    users = UsersFile(folder.root, CELL)
    known, kept = users.logins(), users.portfolios()
    for login, roles in LOGINS.items():
        portfolios = PORTFOLIOS.get(login, ())
        if (known.get(login), kept.get(login, ())) != (roles, portfolios):
            users.add(login, PASSWORD, roles, portfolios)
    if not progress.write_key:
        progress.write_key = users.new_write_key("digital")
        _remember(folder, progress)
    _load(folder, progress, watch)
    if goes_on:
        watch(CHECKING, 1, 1)
    return folder


def _load(folder: DataFolder, progress: Progress, watch: Watch) -> None:
    world = folder.root / "demo-world"
    with open_rooms(folder, follow=False) as opened, following(folder) as follower:
        missing = [it for it in opened.rooms.contracts.sources() if it not in progress.loaded]
        if missing:
            shutil.rmtree(world, ignore_errors=True)
            make_world(world, progress.people, progress.seed, watch, until=date.fromisoformat(progress.until))
        for source in missing:
            plan = plan_load(opened.rooms.contracts, source, [world / source])
            as_of = parse_as_of(progress.until)
            load_plan(opened, follower, source, plan, mode=Mode.CURRENT, as_of=as_of, watch=watch)
            progress.loaded.append(source)
            _remember(folder, progress)
        catch_up(opened.rooms, follower, watch)
    shutil.rmtree(world, ignore_errors=True)


def _let_go_of_former(folder: DataFolder) -> None:
    """Removes a state that another version wrote: here it is simply made again from the log."""
    with STATE_FAULTS:
        if version_of(folder.state) in (0, VERSION):
            return
    # Nobody else is at work here, of whatever version.
    held = lock(folder.log("log") / "lock", "the folder")
    try:
        for path in folder.state.parent.glob(f"{folder.state.name}*"):
            path.unlink(missing_ok=True)
    finally:
        os.close(held)


def make_world(
    out: Path, people: int, seed: int, watch: Watch, *, until: date = DEFAULT_UNTIL
) -> WorldSummary:
    """Generates a world on all cores, at most two."""
    return generate(
        out,
        people=people,
        seed=seed,
        until=until,
        progress=lambda done, total: watch(WORLD, done, total),
        workers=min(2, os.cpu_count() or 1),
    )


def _progress(folder: DataFolder, people: int, until: date) -> Progress:
    try:
        found = msgspec.json.decode((folder.root / MEMORY).read_bytes(), type=Progress)
    except FileNotFoundError:
        return Progress(people, SEED, [], until.isoformat())
    if found.people != people:
        raise CallerError(
            f"The demo in {folder.root} has {found.people} people.",
            hint=f"Ask for SIZE={found.people}, another folder with DATA=…, or `make clean` first.",
        )
    return found


def _remember(folder: DataFolder, progress: Progress) -> None:
    # The write key is in it, so it is its owner's alone.
    Disk().replace(folder.root / MEMORY, msgspec.json.encode(progress))
