"""The composition of the process that takes the log into the state for a server."""

from __future__ import annotations

import os
from pathlib import Path

from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.children import begin_as_child
from onefold.app.contracts import open_contracts
from onefold.app.folder import read_folder
from onefold.app.rooms import worker_of
from onefold.record.log.seal import Sealer
from onefold.runtimes.embedded.process import work_for_parent


def work(root: str) -> None:
    """The child: follows the log of a folder until its parent is gone."""
    begin_as_child()
    folder = read_folder(Path(root))
    keys = KeyFiles(folder.keys)
    sealer = Sealer(SqliteSubjectKeys(folder.subject_keys, keys.custody(), create=False), os.urandom)
    contracts = open_contracts(keys.cell_key(folder.cell), folder.contracts)
    with worker_of(folder, sealer, contracts) as worker:
        work_for_parent(worker)
