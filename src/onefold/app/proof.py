"""Proving that nothing was changed: the logs against their checkpoints, the state against the log."""

from __future__ import annotations

import os
import time
from pathlib import Path

from onefold.adapters.files.keys import KeyFiles, public_key_id, read_public_key
from onefold.adapters.files.segment_reader import FileSegmentReader
from onefold.adapters.files.verify import verify_folder
from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.subject_keys import SqliteSubjectKeys
from onefold.app.contracts import open_contracts
from onefold.app.folder import DataFolder
from onefold.app.rooms import LOGS, worker_at
from onefold.channels.cli.house import Checked, Replayed, Verified, Watch
from onefold.kernel.errors import CallerError, Unavailable
from onefold.pipeline.fingerprint import state_hash
from onefold.record.log.seal import Sealer

REPLAY = "replay"


def verify(folder: DataFolder) -> Verified:
    """Every log against its signed checkpoints, with the public key alone; nothing is opened or changed.

    That the data keys of a log are there is looked at too: without them it proves itself and says nothing.
    """
    keys = {"log": folder.subject_keys, "quarantine": folder.quarantine_keys}
    public = read_public_key(folder.keys / "signing.pub")
    checked = []
    for name in LOGS:
        report = verify_folder(
            folder.log(name), folder.checkpoints, name, str(folder.cell), {public_key_id(public): public}
        )
        findings = [str(it) for it in report.findings]
        if name in keys and report.records and not (keys[name].is_file() and keys[name].stat().st_size):
            findings.append(
                f"{keys[name].name}: is missing, so no body can be read; restore it from a backup"
            )
        checked.append(Checked(name, report.records, report.sealed_through, report.unsealed, tuple(findings)))
    return Verified(tuple(checked))


def replay(folder: DataFolder, into: Path, watch: Watch) -> Replayed:
    """Builds the state anew from the log into an empty folder and compares it with the one in use.

    `CallerError` where the folder is not empty; `Unavailable` where the state in use stands elsewhere in the
    log.
    """
    if into.exists() and any(into.iterdir()):
        raise CallerError(f"The folder {into} is not empty.", hint="Name a new one.")
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    started = time.monotonic()
    keys = KeyFiles(folder.keys)
    end = FileSegmentReader(folder.log("log")).last_sequence
    sealer = Sealer(SqliteSubjectKeys(folder.subject_keys, keys.custody(), create=end == 0), os.urandom)
    contracts = open_contracts(keys.cell_key(folder.cell), folder.contracts)
    frames = 0
    with worker_at(into / "state.db", folder.log("log"), sealer, contracts) as worker:
        while worker.offset < end and (taken := worker.run_once()):
            frames += taken
            watch(REPLAY, worker.offset, max(end, worker.offset))
    rebuilt, in_use = SqliteCustomerReader(into / "state.db"), SqliteCustomerReader(folder.state)
    with in_use.snapshot(), rebuilt.snapshot():
        if in_use.offset != rebuilt.offset:
            raise Unavailable(
                "The state in use does not stand where the log ends.",
                detail=f"It stands at {in_use.offset}, the replay at {rebuilt.offset}.",
                hint="Let the server finish, or start it once, and replay again.",
            )
        hashes = state_hash(rebuilt), state_hash(in_use)
        return Replayed(frames, rebuilt.offset, time.monotonic() - started, *hashes)
