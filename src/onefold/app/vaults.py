"""What cannot be rebuilt, taken for this process alone: the logs of a folder and the keys to them."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from onefold.adapters.files.checkpoints import FileCheckpoints
from onefold.adapters.files.custody import FolderCustody, FolderSigner
from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.segments import FileSegmentWriter
from onefold.adapters.sqlite.owner import claim
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.clock import SystemClock
from onefold.app.folder import DataFolder
from onefold.kernel.ids import Cell, CellKey
from onefold.record.log.frames import decode_header
from onefold.record.log.service import GroupCommit


@dataclass(frozen=True, slots=True)
class Vaults:
    """What cannot be rebuilt, open for writing: logs and keys."""

    folder: DataFolder
    clock: SystemClock
    cell_key: CellKey
    writers: dict[str, FileSegmentWriter]
    checkpoints: FileCheckpoints
    commits: dict[str, GroupCommit]
    readers: dict[str, FileSegmentReader]
    subject_keys: SqliteSubjectKeys
    held_keys: SqliteSubjectKeys
    custody: FolderCustody
    signer: FolderSigner

    @property
    def cell(self) -> Cell:
        """The cell of all of them."""
        return self.folder.cell


def databases(folder: DataFolder) -> tuple[Path, ...]:
    """All files of a cell that carry its mark."""
    kept = (folder.subject_keys, folder.quarantine_keys, folder.tokens, folder.schemas)
    return (*kept, folder.door, folder.audit_index, folder.next_state, folder.state)


def open_vaults(folder: DataFolder, stack: ExitStack, names: tuple[str, ...]) -> Vaults:
    """Takes the locks of the logs first, so that a second process stops before it touches anything."""
    clock, keys = SystemClock(), KeyFiles(folder.keys)
    signer, custody = FolderSigner(folder.keys), FolderCustody(folder.keys)
    checkpoints = FileCheckpoints(folder.checkpoints, signer)
    cell, cell_key = str(folder.cell), keys.cell_key(folder.cell)
    writers = {
        name: stack.enter_context(
            closing(FileSegmentWriter(folder.log(name), name, cell, checkpoints, clock))
        )
        for name in names
    }

    claim(databases(folder), cell_key)

    def keys_of(name: str, path: Path) -> SqliteSubjectKeys:
        """The data keys of a log; made only for an empty one, since what is sealed opens under no others."""
        empty = writers[name].last_sequence == 0
        return stack.enter_context(closing(SqliteSubjectKeys(path, custody, create=empty)))

    readers = {name: stack.enter_context(closing(FileSegmentReader(folder.log(name)))) for name in names}
    for record in readers["log"].read(max(0, writers["log"].last_sequence - 1), 1):
        clock.go_on_from(decode_header(record.header).recorded_at)
    return Vaults(
        folder=folder,
        clock=clock,
        cell_key=cell_key,
        writers=writers,
        checkpoints=checkpoints,
        commits={name: GroupCommit(writer) for name, writer in writers.items()},
        readers=readers,
        subject_keys=keys_of("log", folder.subject_keys),
        held_keys=keys_of("quarantine", folder.quarantine_keys),
        custody=custody,
        signer=signer,
    )
