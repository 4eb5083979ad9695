"""Building a state anew from the log of a folder, beside the one in use; nothing of the folder is changed."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

from onefold.adapters.files.custody import FolderCustody
from onefold.adapters.files.keys import KeyFiles
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.contracts import open_contracts
from onefold.app.folder import DataFolder
from onefold.app.readings import Reading
from onefold.app.workers import worker_at
from onefold.record.contracts.registry import Contracts
from onefold.record.log.seal import Sealer
from onefold.runtimes.embedded.worker import BULK_EVENTS
from onefold.usecases.model_shelf import Told

REPLAY = "replay"


class Built(NamedTuple):
    """How many frames were taken, how long it took, and the log sequence that the state stands at."""

    frames: int
    seconds: float
    at: int


def build_state(folder: DataFolder, state: Path, reading: Reading, told: Told) -> Built:
    """Builds a state as it is to be read, to where the log ends now."""
    started = time.monotonic()
    end = FileSegmentReader(folder.log("log")).last_sequence
    frames = 0
    opener, contracts = opener_of(folder, empty=end == 0), contracts_of(folder)
    with worker_at(folder, state, opener, contracts, reading, BULK_EVENTS) as worker:
        while worker.offset < end and (taken := worker.run_once()):
            frames += taken
            told(REPLAY, worker.offset, max(end, worker.offset))
        return Built(frames, time.monotonic() - started, worker.offset)


def opener_of(folder: DataFolder, *, empty: bool = False) -> Sealer:
    """Opens the frames of a folder's log; keys are made for an empty one alone."""
    keys = SqliteSubjectKeys(folder.subject_keys, FolderCustody(folder.keys), create=empty)
    return Sealer(keys, os.urandom)


def contracts_of(folder: DataFolder) -> Contracts:
    """The contracts of a folder."""
    return open_contracts(KeyFiles(folder.keys).cell_key(folder.cell), folder.contracts)
