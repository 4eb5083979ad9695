"""Load files of a source: which objects they hold is for the contract to say, one account for each object."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from onefold.gate.model import Permit
from onefold.kernel.errors import CallerError
from onefold.record.contracts.compile import CompiledObject
from onefold.record.contracts.errors import UnknownSource
from onefold.record.contracts.registry import Contracts
from onefold.record.intake.bookmarks import Bookmarks
from onefold.record.intake.documents.model import Folder
from onefold.record.intake.model import Mode, Offered, Tally
from onefold.usecases.full_snapshot import FullSnapshot
from onefold.usecases.resume_load import resume_load
from onefold.usecases.rooms import Rooms

Progress = Callable[[int, int], None]
"""Told (bytes read, bytes in all) of the file at hand."""


class Table(Protocol):
    """An open file as rows."""

    @property
    def size_bytes(self) -> int:
        """Size of the file."""
        ...

    @property
    def read_bytes(self) -> int:
        """How much of it was read."""
        ...

    @property
    def is_whole(self) -> bool:
        """Whether it was read to an end that looks like one."""
        ...

    def end_of(self, line: int) -> int:
        """How many bytes of the file decide what rows up to a line are."""
        ...

    def begin_behind(self, line: int, offset: int) -> None:
        """Gives rows behind a line alone, which ended at that offset."""
        ...

    def digest_of(self, offset: int) -> str:
        """What tells the bytes up to an offset from others."""
        ...

    def __iter__(self) -> Iterator[Offered]: ...


OpenTable = Callable[[Path | Folder, CompiledObject], Table]

IsOurs = Callable[[Path], bool]
"""Whether a folder is one that Onefold itself keeps: keys and logs are no delivery."""


class FileOfObject(NamedTuple):
    """A file, or documents that are read together, and what its contract says it holds."""

    path: Path | Folder
    object: CompiledObject


class Plan(NamedTuple):
    """What a load will read, in the order of the contract.

    `skipped` are files of folders that no object fits.
    """

    files: tuple[FileOfObject, ...]
    skipped: tuple[Path, ...]


def plan_load(
    contracts: Contracts, source: str, paths: Sequence[Path], *, is_ours: IsOurs = lambda _: False
) -> Plan:
    """Which files hold which objects. A path that was named must fit; in a folder others are passed over.

    Folders in it that are ours are not looked into, and links are refused. All documents of an object are one
    delivery.
    """
    order = list(contracts.latest(source).objects)
    files: list[FileOfObject] = []
    skipped: list[Path] = []
    manifests = {it.manifest_name for it in contracts.latest(source).objects.values()}
    for path in paths:
        if path.is_dir():
            found = {it: _fitting(contracts, source, it) for it in sorted(_inside(path, is_ours))}
            if not any(found.values()):
                raise CallerError(
                    f"No file in {path} fits the contract of {source}.",
                    hint="file.name in the contract says what its files are called.",
                )
            files += [FileOfObject(it, known) for it, known in found.items() if known is not None]
            skipped += [it for it, known in found.items() if known is None and it.name not in manifests]
        elif path.is_file():
            files.append(FileOfObject(path, contracts.for_file(path.name, source)))
        else:
            raise CallerError(f"There is no file {path}.")
    files = [*_tables(files), *_documents(files)]
    files.sort(key=lambda it: (order.index(it.object.name), str(it.path)))
    return Plan(tuple(files), tuple(skipped))


def _tables(files: list[FileOfObject]) -> Iterator[FileOfObject]:
    yield from (it for it in files if not it.object.is_documents)


def _documents(files: list[FileOfObject]) -> Iterator[FileOfObject]:
    """The documents of each object, each once, as one folder: what all of them lie in."""
    found: dict[CompiledObject, set[Path]] = defaultdict(set)
    for it in files:
        if it.object.is_documents and isinstance(it.path, Path):
            found[it.object].add(it.path.absolute())
    for item, paths in found.items():
        root = Path(os.path.commonpath([path.parent for path in paths]))
        yield FileOfObject(Folder(root, tuple(sorted(paths))), item)


def _inside(folder: Path, is_ours: IsOurs) -> Iterator[Path]:
    """The files of a folder and of those in it; `CallerError` for a link, which may lead anywhere."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not is_ours(Path(place, name))]
        for name in (*folders, *names):
            if Path(place, name).is_symlink():
                raise CallerError(
                    f"{name} in {folder} is a link, and leads to what was not delivered.",
                    hint="Deliver the file itself, or name the file or folder that is meant.",
                )
        yield from (it for name in names if (it := Path(place, name)).is_file())


def _fitting(contracts: Contracts, source: str, path: Path) -> CompiledObject | None:
    try:
        return contracts.for_file(path.name, source)
    except UnknownSource:
        return None


def load_file(
    permit: Permit,
    rooms: Rooms,
    open_table: OpenTable,
    file: FileOfObject,
    *,
    mode: Mode,
    as_of: int | None,
    progress: Progress,
    snapshot: FullSnapshot | None = None,
    bookmarks: Bookmarks | None = None,
) -> Tally:
    """Takes one file through the door; everything in the tally is durable.

    Loading it again changes nothing. A `snapshot` that the file is a part of hears every row. With
    `bookmarks` a load that was interrupted goes on where it was, and its account is in the tally, too.
    """
    permit.needs("ingest")
    table = open_table(file.path, file.object)
    if bookmarks is not None and snapshot is None:
        tally = resume_load(
            permit, rooms, table, file.object, bookmarks, mode=mode, as_of=as_of, progress=progress
        )
    else:
        tally = _whole(permit, rooms, table, file, mode, as_of, progress, snapshot)
    progress(table.size_bytes, table.size_bytes)
    rooms.gate.released(
        permit,
        "load",
        details={"source": permit.actor.id, "object": file.object.name, "mode": mode.value},
        counts={name: getattr(tally, name) for name in ("offered", "accepted", "quarantined", "refused")},
    )
    return tally


def _whole(
    permit: Permit,
    rooms: Rooms,
    table: Table,
    file: FileOfObject,
    mode: Mode,
    as_of: int | None,
    progress: Progress,
    snapshot: FullSnapshot | None,
) -> Tally:
    receipt = rooms.door.offer(
        permit.actor.id,
        file.object.name,
        table if snapshot is None else snapshot.hear(table),
        mode=mode,
        as_of=as_of,
        progress=lambda _: progress(table.read_bytes, table.size_bytes),
    )
    if snapshot is not None:
        snapshot.ended(is_whole=table.is_whole)
    return receipt.tally
