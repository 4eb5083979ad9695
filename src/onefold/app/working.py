"""The composition of a process that takes the log of a folder into its state for another one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onefold.adapters.files.custody import FolderCustody
from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.children import begin_as_child
from onefold.app.contracts import open_contracts
from onefold.app.folder import DataFolder, read_folder
from onefold.app.workers import worker_of
from onefold.record.log.seal import Sealer
from onefold.runtimes.embedded.process import work_for_parent
from onefold.runtimes.embedded.worker import BATCH_EVENTS, Worker


def work(root: str) -> None:
    """The child of a server: follows the log of a folder until its parent is gone."""
    begin_as_child()
    with worker_in(read_folder(Path(root))) as worker:
        work_for_parent(worker)


@contextmanager
def worker_in(folder: DataFolder, batch_events: int = BATCH_EVENTS) -> Iterator[Worker]:
    """The worker of a folder and no other room of it; the folder has to be there, with its keys."""
    keys = KeyFiles(folder.keys)
    sealer = Sealer(
        SqliteSubjectKeys(folder.subject_keys, FolderCustody(folder.keys), create=False), os.urandom
    )
    contracts = open_contracts(keys.cell_key(folder.cell), folder.contracts)
    with worker_of(folder, sealer, contracts, batch_events) as worker:
        yield worker
